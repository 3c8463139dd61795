package value

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Save writes a value as JSON from which Restore makes the same value again:
//
//	nil, bool        null, true
//	int              42
//	float            42.0, 1e+300, -0.0: always with a point or an exponent
//	string           "text", or {"bytes": base64} when it is not UTF-8
//	list             […]
//
// and everything else as an object with one key that names the kind:
//
//	map              {"map": {…}}, or {"entries": [[key, value], …]} when a key
//	                 is not UTF-8
//	time             {"time": [seconds, nanoseconds, location, zone, offset]}
//	duration         {"duration": nanoseconds}
//	html             {"html": string}
//	secret           {"secret": name}, never what it stands for
//	record           {"record": [text, map]}
//	template         {"template": [form, [text, …, [value, source], …]]}
//	struct           {"struct": [type, text or null, map, map of faults]}
//	range            {"range": [from, to]}
//
// A host's struct is written as a flow can read it. What contains itself, nests
// too deep or holds too many values is an error.
func Save(v any) ([]byte, error) {
	s := saver{left: maxSaved}
	if err := s.value(v, 0); err != nil {
		return nil, err
	}
	return s.text, nil
}

// What is saved is bounded whatever a host's limits are: a run holds no more, but
// nothing limits the structs of a host, or what a forged snapshot says.
const (
	maxSaved      = 1 << 26 // values
	maxSavedDepth = 2_100
)

type saver struct {
	text []byte
	left int
}

func (s *saver) value(v any, depth int) error {
	if depth > maxSavedDepth {
		return fmt.Errorf("it contains itself, or is nested more than %d deep", maxSavedDepth)
	}
	if s.left--; s.left < 0 {
		return fmt.Errorf("it holds more than %d values", maxSaved)
	}
	switch v := v.(type) {
	case nil:
		s.write("null")
	case bool:
		s.text = strconv.AppendBool(s.text, v)
	case int:
		s.int(v)
	case float64:
		return s.float(v)
	case string:
		s.string(v)
	case time.Duration:
		s.write(`{"duration":`)
		s.int(int(v))
		s.write("}")
	case time.Time:
		s.time(v)
	case []any:
		return s.list(v, depth)
	case map[string]any:
		return s.mapping(v, depth)
	case HTML:
		s.write(`{"html":`)
		s.string(v.markup)
		s.write("}")
	case *Secret:
		s.write(`{"secret":`)
		s.string(v.Name)
		s.write("}")
	case *Record:
		s.write(`{"record":[`)
		s.string(v.Text)
		s.write(",")
		if err := s.mapping(v.Fields, depth); err != nil {
			return err
		}
		s.write("]}")
	case *Template:
		return s.template(v, depth)
	case Range:
		s.write(`{"range":[`)
		s.int(v.From)
		s.write(",")
		s.int(v.To)
		s.write("]}")
	default:
		if KindOf(v) != "struct" {
			return errors.New("it is not a value of the language")
		}
		return s.structure(captured(v), depth)
	}
	return nil
}

func (s *saver) write(text string) { s.text = append(s.text, text...) }

func (s *saver) int(i int) { s.text = strconv.AppendInt(s.text, int64(i), 10) }

func (s *saver) float(f float64) error {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return errors.New("it is not a finite number")
	}
	text := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(text, ".e") {
		text += ".0"
	}
	s.write(text)
	return nil
}

func (s *saver) string(text string) {
	if !utf8.ValidString(text) {
		s.write(`{"bytes":"`)
		s.text = base64.StdEncoding.AppendEncode(s.text, []byte(text))
		s.write(`"}`)
		return
	}
	w := jsonWriter{text: s.text}
	w.quote(text)
	s.text = w.text
}

// time writes the instant and how the time is shown there.
func (s *saver) time(t time.Time) {
	zone, offset := t.Zone()
	s.write(`{"time":[`)
	s.int(int(t.Unix()))
	s.write(",")
	s.int(t.Nanosecond())
	s.write(",")
	s.string(t.Location().String())
	s.write(",")
	s.string(zone)
	s.write(",")
	s.int(offset)
	s.write("]}")
}

func (s *saver) list(list []any, depth int) error {
	s.write("[")
	for i, item := range list {
		if i > 0 {
			s.write(",")
		}
		if err := s.value(item, depth+1); err != nil {
			return within("["+strconv.Itoa(i)+"]", asMisfit(err))
		}
	}
	s.write("]")
	return nil
}

func (s *saver) mapping(m map[string]any, depth int) error {
	keys := slices.Sorted(maps.Keys(m))
	before, between, behind := `{"map":{`, ":", "}}"
	if !slices.ContainsFunc(keys, func(key string) bool { return !utf8.ValidString(key) }) {
		return s.entries(m, keys, depth, before, "", between, "", behind)
	}
	return s.entries(m, keys, depth, `{"entries":[`, "[", ",", "]", "]}")
}

func (s *saver) entries(m map[string]any, keys []string, depth int, before, open, between, shut, behind string) error {
	s.write(before)
	for i, key := range keys {
		if i > 0 {
			s.write(",")
		}
		s.write(open)
		s.string(key)
		s.write(between)
		if err := s.value(m[key], depth+1); err != nil {
			return within(stepText(key), asMisfit(err))
		}
		s.write(shut)
	}
	s.write(behind)
	return nil
}

func (s *saver) template(t *Template, depth int) error {
	s.write(`{"template":[`)
	s.int(int(t.Form))
	s.write(",[")
	for i, part := range t.Parts {
		if i > 0 {
			s.write(",")
		}
		if !part.Dynamic {
			s.string(part.Text)
			continue
		}
		s.write("[")
		if err := s.value(part.Value, depth+1); err != nil {
			return err
		}
		s.write(",")
		s.string(part.Source)
		s.write("]")
	}
	s.write("]]}")
	return nil
}

func (s *saver) structure(v *Struct, depth int) error {
	s.write(`{"struct":[`)
	s.string(v.goType)
	s.write(",")
	if v.hasText {
		s.string(v.text)
	} else {
		s.write("null")
	}
	s.write(",")
	if err := s.mapping(v.fields, depth); err != nil {
		return err
	}
	s.write(",")
	faults := make(map[string]any, len(v.faults))
	for name, fault := range v.faults {
		faults[name] = fault
	}
	if err := s.mapping(faults, depth); err != nil {
		return err
	}
	s.write("]}")
	return nil
}

// asMisfit makes an error one that can say where it was found.
func asMisfit(err error) error {
	var m *misfit
	if errors.As(err, &m) {
		return err
	}
	return misfitf("%v", err)
}
