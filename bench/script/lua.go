package script

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/yuin/gopher-lua"
	"github.com/yuin/gopher-lua/parse"
)

// Lua is gopher-lua: a chunk whose variables are local is loaded once, and called
// with the values as its arguments. Libraries that the programs do not use are not
// opened.
type Lua struct{}

func (Lua) Name() string   { return "gopher-lua" }
func (Lua) Module() string { return "github.com/yuin/gopher-lua" }

var (
	//go:embed programs/decision.lua
	decisionLua string
	//go:embed programs/condition.lua
	conditionLua string
	//go:embed programs/conditions.lua
	conditionsLua string
	//go:embed programs/loop.lua
	loopLua string
)

// luaChunk loads a program into a state of its own.
func luaChunk(source string) (*lua.LState, *lua.LFunction, error) {
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	chunk, err := state.LoadString(source)
	return state, chunk, err
}

// luaCall calls a chunk and gives its one result.
func luaCall[T lua.LValue](state *lua.LState, chunk *lua.LFunction, arguments ...lua.LValue) (result T, err error) {
	if err := state.CallByParam(lua.P{Fn: chunk, NRet: 1, Protect: true}, arguments...); err != nil {
		return result, err
	}
	returned := state.Get(-1)
	state.Pop(1)
	result, ok := returned.(T)
	if !ok {
		return result, fmt.Errorf("the chunk returned %s", returned.Type())
	}
	return result, nil
}

func (Lua) Decision() (func(*Order) (string, error), error) {
	state, chunk, err := luaChunk(decisionLua)
	if err != nil {
		return nil, err
	}
	state.SetGlobal("quote", state.NewFunction(func(state *lua.LState) int {
		state.Push(lua.LNumber(Quote(state.CheckString(1), state.CheckInt(2))))
		return 1
	}))
	return func(o *Order) (string, error) {
		text, err := luaCall[lua.LString](state, chunk,
			lua.LString(o.Name), lua.LString(o.Country), lua.LString(o.Status), lua.LString(o.Channel),
			lua.LNumber(o.Total), lua.LNumber(o.Items), lua.LNumber(o.Days), lua.LBool(o.VIP))
		return string(text), err
	}, nil
}

func (Lua) Condition() (func(*Offer) (bool, error), error) {
	state, chunk, err := luaChunk(conditionLua)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (bool, error) {
		matches, err := luaCall[lua.LBool](state, chunk, lua.LNumber(o.Amount), lua.LString(o.Status), lua.LString(o.Country))
		return bool(matches), err
	}, nil
}

func (Lua) Sift() (func(*Offer) (int, error), error) {
	state, chunk, err := luaChunk(conditionsLua)
	if err != nil {
		return nil, err
	}
	return func(o *Offer) (int, error) {
		matching, err := luaCall[lua.LNumber](state, chunk, lua.LNumber(o.Amount), lua.LString(o.Status), lua.LString(o.Country))
		return int(matching), err
	}, nil
}

func (Lua) Loop() (func(rounds int) (int, error), error) {
	state, chunk, err := luaChunk(loopLua)
	if err != nil {
		return nil, err
	}
	return func(rounds int) (int, error) {
		total, err := luaCall[lua.LNumber](state, chunk, lua.LNumber(rounds))
		return int(total), err
	}, nil
}

func (Lua) Statement(n int) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("label_%d = \"Order \" .. order.id .. \" of \" .. customer.name .. \" is on its way to \" .. customer.city .. \", row %d\"\n", n, n)
	case 1:
		return fmt.Sprintf("total_%d = (order.price + order.shipping * %d) * (100 - order.discount) / 100 + order.tax\n", n, n)
	case 2:
		return fmt.Sprintf("if order.total > %d and (order.country == \"DE\" or order.country == \"FR\" or order.country == \"UA\") then\n  level_%d = \"silver\"\nend\n", n, n)
	default:
		return fmt.Sprintf("quote_%d = quote{ kind = \"freight\", amount = order.items + %d, country = order.country, fast = true }\n", n, n)
	}
}

func (Lua) Parse(source string) error {
	_, err := parse.Parse(strings.NewReader(source), "parse.lua")
	return err
}
