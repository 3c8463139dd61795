package runtime

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// FuncOf makes a Go function of a program, which takes the inputs as a struct and gives
// what the flow returns. It is the shortest way to call a flow, and the fastest one.
//
// A field of In is an input when it has a tag `flow:"name"`; a pointer that is nil gives
// none. Tags that name no input, required inputs without a field, and fields of types
// that their inputs never take are an *InputError of FuncOf with all of them.
//
// Out is what the flow returns: string, bool, int, float64 (also of an int),
// time.Time, time.Duration, []any, map[string]any, or any. When the flow returns something
// else, or ends without `return`, the call fails with kind value; any takes everything,
// and nil then. Other errors are those of Program.Run. A run that is suspended fails:
// only Program.Run gives a Snapshot.
//
// The function may be called from several goroutines at once. The struct is read before
// the first statement; a nil one is an error of kind input. A flow that passed over errors gives
// them and no result.
func FuncOf[In, Out any](p *Program, options ...RunOption) (func(ctx context.Context, in *In) (Out, error), error) {
	if p == nil {
		return nil, errors.New("runtime: FuncOf was given no program")
	}
	inputs, err := p.bind(reflect.TypeFor[In]())
	if err != nil {
		return nil, err
	}
	take, err := resultAs[Out]()
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, in *In) (none Out, err error) {
		if in == nil {
			return none, inputError(newInputError([]string{fmt.Sprintf("the struct with the inputs is missing: a nil *%s was given", reflect.TypeFor[In]())}))
		}
		r := p.begin(ctx, options)
		var own *In
		if inputs.quick {
			own = copied(r, inputs, in)
		}
		defer func() {
			if own != nil && !r.known {
				*own = *new(In)
			}
			r.release()
		}()
		result, err := r.called(inputs, in)
		if err != nil {
			return none, err
		}
		out, ok := take(result)
		if !ok {
			return none, misreturned(result, reflect.TypeFor[Out]())
		}
		return out, nil
	}, nil
}

// called executes the flow and gives what it returned; a Cell without a value is that it
// ended without.
func (r *run) called(inputs *structInputs, in any) (result expression.Cell, err error) {
	r.seed()
	if !inputs.quick || !r.setQuickly(inputs.fields) {
		values, failure := r.program.read(inputs.fields, reflect.ValueOf(in).Elem())
		if failure == nil {
			failure = r.setInputs(values)
		}
		if failure != nil {
			return result, failure
		}
	}
	sig := r.body()
	if sig == suspended {
		pass := r.suspended.pass
		sig = r.flow.abort(pass.error(KindFailed, "it suspends its run, which a function made by FuncOf cannot resume"))
	}
	if sig = r.unbroken(sig); sig == failed {
		r.failures = append(r.failures, r.flow.err)
	}
	if r.failures != nil {
		return result, joined(r.failures)
	}
	if sig == returned {
		result = r.flow.result
	}
	return result, nil
}

// resultAs gives what makes an Out of what a flow returned.
func resultAs[Out any]() (func(c expression.Cell) (Out, bool), error) {
	var take any
	switch any(new(Out)).(type) {
	case *string:
		take = func(c expression.Cell) (string, bool) { return c.Text() }
	case *bool:
		take = func(c expression.Cell) (bool, bool) { return c.Bool() }
	case *int:
		take = func(c expression.Cell) (int, bool) { return c.Int() }
	case *float64:
		take = func(c expression.Cell) (float64, bool) { return c.Number() }
	case *time.Time, *time.Duration:
		take = resultOf[Out]
	case *[]any, *any:
		take = copyOf[Out]
	case *map[string]any:
		take = func(c expression.Cell) (map[string]any, bool) {
			fields, ok := value.AsMap(c.Value())
			copied, _ := value.Clone(fields).(map[string]any)
			return copied, ok
		}
	default:
		return nil, fmt.Errorf("runtime: FuncOf cannot give a %s, only string, bool, int, float64, time.Time, time.Duration, []any, map[string]any and any", reflect.TypeFor[Out]())
	}
	return take.(func(c expression.Cell) (Out, bool)), nil
}

func resultOf[Out any](c expression.Cell) (out Out, ok bool) {
	out, ok = c.Value().(Out)
	return out, ok
}

func copyOf[Out any](c expression.Cell) (out Out, ok bool) {
	v := value.Clone(c.Value())
	if _, takesAll := any(&out).(*any); takesAll && v == nil {
		return out, true
	}
	out, ok = v.(Out)
	return out, ok
}

func misreturned(result expression.Cell, wanted reflect.Type) error {
	what := "ended without returning anything"
	if result.IsSet() {
		what = "returned " + described(result.Value())
	}
	return &Error{Kind: KindValue, Message: fmt.Sprintf("the flow %s, want %s", what, plainTypes[wanted])}
}
