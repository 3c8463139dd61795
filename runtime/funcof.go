package runtime

import (
	"context"
	"errors"
	"reflect"
	"time"

	"flowrun/runtime/internal/expression"
	"flowrun/runtime/value"
)

// FuncOf makes a Go function of a program, which takes the inputs as a struct and gives
// what the flow returns. It is the shortest way to call a flow, and the fastest one. The
// options hold for all calls: with WithRunID every run has the same identifier, and an
// observer is told of all runs, also of those at the same time.
//
// A field of In is an input when it has a tag `flow:"name"`, and Program.Run's rules
// hold for what is in it:
//
//   - a float is an int for an input of type int when it is whole, else an error of the
//     call; an unsigned number must fit into 64 bits with a sign;
//   - a pointer that is nil gives no input, so that its default holds. A field of type any
//     that is nil gives the value nil, which is not the default;
//   - lists and maps are copied; structs are read where they are.
//
// Tags that name no input, required inputs without a field, and fields of types that
// their inputs never take are an *InputError of FuncOf with all of them.
//
// Out is what the flow returns: string, bool, int, float64 (also of an int),
// time.Time, time.Duration, []any, map[string]any, or any. When the flow returns something
// else, or ends without `return`, the call fails with kind value and the place of the
// `return`: so it does for `return nil` with []any and map[string]any, which an empty list
// or map is for. Only any takes everything, and nil where there is no `return`; with
// another Out a flow without any `return` is an error of FuncOf.
//
// Other errors are those of Program.Run. A flow that passed over errors gives them and no
// result. A run that is suspended fails with kind host and the reason: only Program.Run
// gives a Snapshot.
//
// The function may be called from several goroutines at once. The struct is read before
// the first statement; a nil one is an error of kind input. A nil context never ends.
func FuncOf[In, Out any](p *Program, options ...RunOption) (func(ctx context.Context, in *In) (Out, error), error) {
	if p == nil {
		return nil, errors.New("runtime: FuncOf was given no program; Compile gives none when the flow has errors, and its diagnostics say which")
	}
	inputs, err := p.bind(reflect.TypeFor[In]())
	if err != nil {
		return nil, err
	}
	take := resultAs[Out]()
	if err := p.unfitResult(reflect.TypeFor[Out](), take == nil); err != nil {
		return nil, err
	}
	return func(ctx context.Context, in *In) (none Out, err error) {
		if in == nil {
			return none, p.withoutInputs(reflect.TypeFor[In]())
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
			return none, r.misreturned(result, reflect.TypeFor[Out]())
		}
		return out, nil
	}, nil
}

// called executes the flow and gives what it returned; a Cell without a value is that it
// ended without.
func (r *run) called(inputs *structInputs, in any) (result expression.Cell, err error) {
	r.seed()
	if !inputs.quick || !r.setQuickly() {
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
		sig = r.flow.abort(r.unresumable())
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

// resultAs gives what makes an Out of what a flow returned, or nil.
func resultAs[Out any]() func(c expression.Cell) (Out, bool) {
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
	}
	as, _ := take.(func(c expression.Cell) (Out, bool))
	return as
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
