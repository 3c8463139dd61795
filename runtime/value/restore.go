package value

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// Restore makes a value of what Save wrote. Anything else is an error.
func Restore(saved []byte) (any, error) {
	decoder := json.NewDecoder(bytes.NewReader(saved))
	decoder.UseNumber()
	var tree any
	if err := decoder.Decode(&tree); err != nil {
		return nil, errors.New("it is no JSON")
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("it goes on after its end")
	}
	r := restorer{left: maxSaved, locations: map[string]*time.Location{}}
	return r.value(tree, 0)
}

type restorer struct {
	left      int
	locations map[string]*time.Location // nil: not known here
}

func (r *restorer) value(tree any, depth int) (any, error) {
	if depth > maxSavedDepth {
		return nil, fmt.Errorf("it is nested more than %d deep", maxSavedDepth)
	}
	if r.left--; r.left < 0 {
		return nil, fmt.Errorf("it holds more than %d values", maxSaved)
	}
	switch tree := tree.(type) {
	case string:
		return tree, nil
	case json.Number:
		return number(string(tree))
	case []any:
		return r.list(tree, depth)
	case map[string]any:
		if len(tree) == 1 {
			for kind, content := range tree {
				return r.tagged(kind, content, depth)
			}
		}
		return nil, errors.New("an object must have one key, which names a kind")
	}
	return tree, nil // nil and bool
}

func (r *restorer) list(items []any, depth int) (any, error) {
	list := make([]any, len(items))
	for i, item := range items {
		var err error
		if list[i], err = r.value(item, depth+1); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// tagged restores the content of an object that names a kind.
func (r *restorer) tagged(kind string, content any, depth int) (v any, err error) {
	fault := fmt.Errorf("%.20q is not written as it should be", kind)
	parts, _ := content.([]any)
	switch kind {
	case "map":
		fields, ok := content.(map[string]any)
		if !ok {
			return nil, fault
		}
		return r.fields(fields, depth)
	case "entries":
		return r.entries(parts, depth)
	case "bytes", "html":
		text, ok := r.text(content, kind == "bytes")
		if !ok {
			return nil, fault
		}
		if kind == "html" {
			return HTML{markup: text}, nil
		}
		return text, nil
	case "secret":
		name, ok := r.text(content, false)
		if !ok {
			return nil, fault
		}
		return &Secret{Name: name}, nil
	case "duration":
		d, ok := wholeNumber(content)
		if !ok {
			return nil, fault
		}
		return time.Duration(d), nil
	case "time":
		if t, ok := r.time(parts); ok {
			return t, nil
		}
	case "range":
		if len(parts) == 2 {
			from, first := wholeNumber(parts[0])
			to, last := wholeNumber(parts[1])
			if first && last {
				return Range{from, to}, nil
			}
		}
	case "record":
		if len(parts) == 2 {
			return r.record(parts, fault, depth)
		}
	case "template":
		if len(parts) == 2 {
			return r.template(parts, fault, depth)
		}
	case "struct":
		if len(parts) == 4 {
			return r.structure(parts, fault, depth)
		}
	default:
		return nil, fmt.Errorf("%.20q is no kind of value", kind)
	}
	return nil, fault
}

// text restores a string, which may be written as bytes.
func (r *restorer) text(content any, encoded bool) (string, bool) {
	switch content := content.(type) {
	case string:
		if !encoded {
			return content, true
		}
		raw, err := base64.StdEncoding.DecodeString(content)
		return string(raw), err == nil
	case map[string]any:
		if inner, ok := content["bytes"]; ok && len(content) == 1 && !encoded {
			return r.text(inner, true)
		}
	}
	return "", false
}

func wholeNumber(content any) (int, bool) {
	digits, ok := content.(json.Number)
	if !ok {
		return 0, false
	}
	v, err := number(string(digits))
	i, whole := v.(int)
	return i, err == nil && whole
}

func (r *restorer) fields(tree map[string]any, depth int) (map[string]any, error) {
	m := make(map[string]any, len(tree))
	for key, item := range tree {
		var err error
		if m[key], err = r.value(item, depth+1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

func (r *restorer) entries(parts []any, depth int) (any, error) {
	m := make(map[string]any, len(parts))
	for _, part := range parts {
		entry, _ := part.([]any)
		if len(entry) != 2 {
			return nil, errors.New("an entry must have a key and a value")
		}
		key, ok := r.text(entry[0], false)
		if !ok {
			return nil, errors.New("the key of an entry must be a string")
		}
		var err error
		if m[key], err = r.value(entry[1], depth+1); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// mapping restores a map where nothing else may stand.
func (r *restorer) mapping(tree any, fault error, depth int) (map[string]any, error) {
	v, err := r.value(tree, depth)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, fault
	}
	return m, nil
}

func (r *restorer) record(parts []any, fault error, depth int) (any, error) {
	text, ok := r.text(parts[0], false)
	if !ok {
		return nil, fault
	}
	fields, err := r.mapping(parts[1], fault, depth)
	if err != nil {
		return nil, err
	}
	return &Record{Fields: fields, Text: text}, nil
}

func (r *restorer) template(parts []any, fault error, depth int) (any, error) {
	form, ok := wholeNumber(parts[0])
	items, isList := parts[1].([]any)
	if !ok || !isList || form < int(Literal) || form > int(Bare) || form == int(Bare) && len(items) != 1 {
		return nil, fault
	}
	t := &Template{Form: Form(form)}
	for _, item := range items {
		dynamic, ok := item.([]any)
		if !ok {
			text, ok := r.text(item, false)
			if !ok || form == int(Bare) {
				return nil, fault
			}
			t.Parts = append(t.Parts, Part{Text: text})
			continue
		}
		if len(dynamic) != 2 {
			return nil, fault
		}
		v, err := r.value(dynamic[0], depth+1)
		if err != nil {
			return nil, err
		}
		source, ok := r.text(dynamic[1], false)
		if !ok {
			return nil, fault
		}
		t.Parts = append(t.Parts, Part{Dynamic: true, Value: v, Source: source})
	}
	return t, nil
}

func (r *restorer) structure(parts []any, fault error, depth int) (any, error) {
	s := &Struct{}
	var ok bool
	if s.goType, ok = r.text(parts[0], false); !ok {
		return nil, fault
	}
	if parts[1] != nil {
		if s.text, s.hasText = r.text(parts[1], false); !s.hasText {
			return nil, fault
		}
	}
	var err error
	if s.fields, err = r.mapping(parts[2], fault, depth); err != nil {
		return nil, err
	}
	faults, err := r.mapping(parts[3], fault, depth)
	if err != nil {
		return nil, err
	}
	for name, why := range faults {
		text, ok := why.(string)
		if !ok {
			return nil, fault
		}
		if s.faults == nil {
			s.faults = map[string]string{}
		}
		s.faults[name] = text
	}
	return s, nil
}

// time restores the instant in its location, or, where this machine knows the
// location otherwise or not at all, in a zone of the same name and offset.
func (r *restorer) time(parts []any) (t time.Time, ok bool) {
	if len(parts) != 5 {
		return t, false
	}
	seconds, hasSeconds := wholeNumber(parts[0])
	nanoseconds, hasNanoseconds := wholeNumber(parts[1])
	location, hasLocation := r.text(parts[2], false)
	zone, hasZone := r.text(parts[3], false)
	offset, hasOffset := wholeNumber(parts[4])
	if !hasSeconds || !hasNanoseconds || !hasLocation || !hasZone || !hasOffset ||
		nanoseconds < 0 || nanoseconds >= 1e9 || offset < -1<<20 || offset > 1<<20 {
		return t, false
	}
	t = time.Unix(int64(seconds), int64(nanoseconds))
	if known := r.location(location); known != nil {
		local := t.In(known)
		if name, at := local.Zone(); name == zone && at == offset {
			return local, true
		}
	}
	return t.In(time.FixedZone(zone, offset)), true
}

func (r *restorer) location(name string) *time.Location {
	known, ok := r.locations[name]
	if !ok && name != "" {
		known, _ = time.LoadLocation(name)
		r.locations[name] = known
	}
	return known
}
