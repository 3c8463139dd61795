package value

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// From makes a value of the language of what a host, a component or a builtin
// brings in: integers of every size become int, lists and maps of every type are
// copied, pointers to them are followed, errors and fmt.Stringers that are no
// structs become their text. A struct with exported fields stays as it is and is
// read in place. A byte slice is a text, json.RawMessage what it says.
//
// An integer beyond 64 bits, a float that is not finite, a function, a channel,
// a map whose keys are no texts, and what contains itself or nests more than
// DefaultDepth deep, or is larger than DefaultBytes are errors that say where
// they were found.
func From(v any) (any, error) { return standard.From(v) }

// From is the function From within the bounds of the budget; beyond them it
// gives an error that wraps a *LimitError.
func (b *Budget) From(v any) (any, error) {
	switch v := v.(type) {
	case nil, bool, int, time.Duration:
		return v, nil
	}
	if s, ok := v.(string); ok && b.CheckText(len(s)) == nil {
		return v, b.spend((textSize + len(s)) * conversionEffort)
	}
	c := converter{budget: b, left: b.bytes()}
	converted, err := c.convert(v, 0)
	if err != nil {
		return nil, err
	}
	switch converted.(type) {
	case nil, bool, int, time.Duration:
		return converted, nil // costs as little as those that came as they are
	}
	size, err := b.Size(converted)
	if err != nil {
		return nil, err
	}
	return converted, b.spend(size * conversionEffort)
}

// conversionEffort is what it costs to convert a byte, beside going through one.
const conversionEffort = 4

// misfit is an error of From with the way that leads to the part at fault.
type misfit struct {
	path    string
	problem string
	limit   error // the *LimitError, when that is the problem
	broken  error // the *PanicError, when that is the reason
}

func (m *misfit) Error() string {
	if m.path == "" {
		return m.problem
	}
	return shorten(m.path) + ": " + m.problem
}

// Unwrap gives the *LimitError or the *PanicError, if any.
func (m *misfit) Unwrap() error { return cmp.Or(m.limit, m.broken) }

func misfitf(format string, args ...any) error {
	return &misfit{problem: fmt.Sprintf(format, args...)}
}

// within puts a step before the path of an error.
func within(step string, err error) error {
	var limit *LimitError
	if errors.As(err, &limit) && limit.Option == sizeOption {
		return err // no part of it is to blame more than others
	}
	var m *misfit
	if !errors.As(err, &m) {
		m = &misfit{problem: err.Error(), limit: err}
	}
	path := step
	if m.path != "" {
		if !strings.HasPrefix(m.path, "[") {
			path += "."
		}
		path += m.path
	}
	return &misfit{path: path, problem: m.problem, limit: m.limit, broken: m.broken}
}

type converter struct {
	budget *Budget
	left   int // how many bytes the value may still take
}

func (c *converter) take(bytes int) error {
	if c.left -= bytes; c.left < 0 {
		return c.budget.tooLarge("it")
	}
	return nil
}

func (c *converter) convert(v any, depth int) (any, error) {
	if size, ok := simpleSize(v); ok {
		if err := c.take(size); err != nil {
			return nil, err
		}
	}
	switch v := v.(type) {
	case nil, bool, int, string, time.Duration, HTML:
		return v, nil
	case *Template:
		return c.template(v, depth)
	case float64:
		return finite(v)
	case float32:
		return finite(float64(v))
	case time.Time:
		if err := CheckTime(v); err != nil {
			return nil, misfitf("%v", err)
		}
		return v.Round(0), nil
	case json.Number:
		return number(string(v))
	case json.RawMessage:
		return c.document(string(v))
	case []byte:
		return c.text(string(v))
	case []any:
		return c.list(len(v), func(i int) any { return v[i] }, depth)
	case map[string]any:
		if err := c.take(mapSize); err != nil {
			return nil, err
		}
		m := make(map[string]any, len(v))
		for key, item := range v {
			if err := c.entry(m, key, item, depth); err != nil {
				return nil, err
			}
		}
		return m, nil
	case Range:
		return nil, misfitf("a range is not a value of its own")
	case *time.Location:
		return v.String(), nil
	}
	return c.reflected(reflect.ValueOf(v), depth)
}

// reflected converts what is none of the common types.
func (c *converter) reflected(r reflect.Value, depth int) (any, error) {
	if depth > c.budget.depth() {
		return nil, c.budget.tooDeep("it contains itself, or")
	}
	switch r.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Chan:
		if r.IsNil() {
			return nil, nil
		}
	}
	switch v := r.Interface().(type) {
	case *Secret:
		return v, nil
	case *Struct:
		return v, nil
	case Secret:
		return &v, c.take(textSize + len(v.Name) - PlainSize)
	case *Record:
		return c.record(v, depth)
	case Record:
		c.left += PlainSize
		return c.record(&v, depth)
	}
	if isStruct(r.Type()) {
		return c.structure(r, depth)
	}
	if text, ok, err := ownText(r.Interface()); err != nil || ok {
		return c.own(text, err)
	}
	switch r.Kind() {
	case reflect.Pointer, reflect.Interface:
		c.left += PlainSize // what it points to counts instead
		return c.convert(r.Elem().Interface(), depth+1)
	case reflect.Bool:
		return r.Bool(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return int(r.Int()), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		if r.Uint() > math.MaxInt64 {
			return nil, misfitf("the integer %d does not fit into 64 bits", r.Uint())
		}
		return int(r.Uint()), nil
	case reflect.Float32, reflect.Float64:
		return finite(r.Float())
	case reflect.String:
		return c.text(r.String())
	case reflect.Slice, reflect.Array:
		if r.Type().Elem().Kind() == reflect.Uint8 && r.Kind() == reflect.Slice && utf8.Valid(r.Bytes()) {
			return c.text(string(r.Bytes()))
		}
		c.left += PlainSize // counted as a list
		return c.list(r.Len(), func(i int) any { return r.Index(i).Interface() }, depth)
	case reflect.Map:
		c.left += PlainSize // counted as a map
		return c.mapping(r, depth)
	case reflect.Func:
		return nil, misfitf("a function is not a value of the language")
	case reflect.Chan:
		return nil, misfitf("a channel is not a value of the language")
	case reflect.Complex64, reflect.Complex128:
		return nil, misfitf("a complex number is not a value of the language")
	}
	return nil, misfitf("a pointer is not a value of the language")
}

// structure keeps a struct that has fields to read, and gives the text or the
// content of one that has none.
func (c *converter) structure(r reflect.Value, depth int) (any, error) {
	switch v := reflect.Indirect(r).Interface().(type) {
	case time.Time, HTML:
		return c.convert(v, depth)
	}
	v := r.Interface()
	t := r.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if len(fieldsOf(t).names) > 0 {
		return v, nil
	}
	if text, ok, err := ownText(v); err != nil || ok {
		return c.own(text, err)
	}
	return v, nil
}

// own counts the text that a Go value gives itself.
func (c *converter) own(text string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	return c.text(text)
}

func (c *converter) record(record *Record, depth int) (any, error) {
	if err := c.take(mapSize + textSize + len(record.Text)); err != nil {
		return nil, err
	}
	fields := make(map[string]any, len(record.Fields))
	for key, item := range record.Fields {
		if err := c.entry(fields, key, item, depth); err != nil {
			return nil, err
		}
	}
	return &Record{Fields: fields, Text: record.Text}, nil
}

func (c *converter) list(length int, at func(int) any, depth int) (any, error) {
	if depth >= c.budget.depth() {
		return nil, c.budget.tooDeep("it contains itself, or")
	}
	if err := c.budget.CheckList(length); err != nil {
		return nil, err
	}
	if err := c.take(listSize); err != nil {
		return nil, err
	}
	list := make([]any, length)
	for i := range list {
		item, err := c.convert(at(i), depth+1)
		if err != nil {
			return nil, within("["+strconv.Itoa(i)+"]", err)
		}
		list[i] = item
	}
	return list, nil
}

func (c *converter) mapping(r reflect.Value, depth int) (any, error) {
	if err := c.take(mapSize); err != nil {
		return nil, err
	}
	m := make(map[string]any)
	for entries := r.MapRange(); entries.Next(); {
		key, err := keyText(entries.Key())
		if err != nil {
			return nil, err
		}
		if err := c.entry(m, key, entries.Value().Interface(), depth); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (c *converter) entry(m map[string]any, key string, item any, depth int) error {
	if depth >= c.budget.depth() {
		return c.budget.tooDeep("it contains itself, or")
	}
	if err := c.take(entrySize + len(key)); err != nil {
		return err
	}
	converted, err := c.convert(item, depth+1)
	if err != nil {
		return within(stepText(key), err)
	}
	m[key] = converted
	return nil
}

// keyText makes a map's key a text: texts as they are, integers in decimal.
func keyText(key reflect.Value) (string, error) {
	if key.Kind() == reflect.Interface {
		key = key.Elem()
	}
	switch key.Kind() {
	case reflect.String:
		return key.String(), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(key.Int(), 10), nil
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(key.Uint(), 10), nil
	}
	return "", misfitf("the keys of a map must be strings")
}

// text counts a text that a conversion made.
func (c *converter) text(s string) (any, error) {
	if err := c.take(textSize + len(s) - PlainSize); err != nil {
		return nil, err
	}
	return s, nil
}

// template takes the text of a template, or the value that is all of it.
func (c *converter) template(t *Template, depth int) (any, error) {
	if t.Form == Bare {
		return c.convert(t.Parts[0].Value, depth)
	}
	text, err := t.String()
	if err != nil {
		return nil, err
	}
	c.left -= PlainSize
	return c.text(text)
}

// document reads what a json.RawMessage says.
func (c *converter) document(text string) (any, error) {
	parsed, err := c.budget.ParseJSON(text)
	var limit *LimitError
	if err != nil && !errors.As(err, &limit) {
		return nil, misfitf("%v", err)
	}
	if err != nil {
		return nil, err
	}
	size, err := c.budget.Size(parsed)
	if err != nil {
		return nil, err
	}
	return parsed, c.take(size - PlainSize)
}

func finite(f float64) (any, error) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, misfitf("%v is not a number of the language", f)
	}
	return f, nil
}

// number reads a JSON number: an int when it is written as one.
func number(text string) (any, error) {
	if !strings.ContainsAny(text, ".eE") {
		i, err := strconv.Atoi(text)
		if errors.Is(err, strconv.ErrRange) {
			return nil, misfitf("the integer %s does not fit into 64 bits", shorten(text))
		}
		if err != nil {
			return nil, misfitf("%q is not a number", shorten(text))
		}
		return i, nil
	}
	f, err := strconv.ParseFloat(text, 64)
	if errors.Is(err, strconv.ErrRange) {
		return nil, misfitf("the number %s is too large", shorten(text))
	}
	if err != nil {
		return nil, misfitf("%q is not a number", shorten(text))
	}
	return f, nil
}
