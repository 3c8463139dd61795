package runtime

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"time"

	"flowrun/lang"
	"flowrun/runtime/value"
)

// settingError is a setting whose value cannot be used.
type settingError struct {
	message, hint string
	cause         error
}

func (e *settingError) Error() string { return e.message }
func (e *settingError) Unwrap() error { return e.cause }

func settingErrorf(hint, format string, args ...any) *settingError {
	return &settingError{message: fmt.Sprintf(format, args...), hint: hint}
}

// secrets resolves what secret("NAME") stands for.
type secrets func(name string) (string, error)

// decode stores v, a value of the flow, into target, the settings struct's field.
func (f *field) decode(target reflect.Value, v any, resolve secrets) error {
	if f.kind == kindOpen {
		return f.decodeOpen(target, v)
	}
	if v == nil {
		if f.required && f.typ != anyType {
			return settingErrorf("", "%s is nil", f.key)
		}
		return nil
	}
	if target.Kind() == reflect.Pointer {
		target.Set(reflect.New(f.typ))
		target = target.Elem()
	}
	switch f.kind {
	case kindTemplate:
		target.Set(reflect.ValueOf(*asTemplate(v)))
		return f.refuseSecrets(v)
	case kindDecoder:
		if err := f.refuseSecrets(v); err != nil {
			return err
		}
		if err := guardedDecode(target.Addr().Interface().(SettingDecoder), v); err != nil {
			return &settingError{message: fmt.Sprintf("%s: %v", f.key, err), hint: hintOf(err), cause: err}
		}
		return nil
	case kindPassword:
		text, err := passwordText(v, resolve)
		if err != nil {
			return &settingError{message: fmt.Sprintf("%s: %v", f.key, err), cause: err}
		}
		target.Set(reflect.ValueOf(Password{&text}))
		return nil
	case kindNested:
		return f.decodeNested(target, v, resolve)
	}
	if _, itself := v.(*value.Secret); !itself || f.typ == anyType {
		if err := f.refuseSecrets(v); err != nil {
			return err
		}
	}
	return f.decodePlain(target, v)
}

// hintOf takes the hint of a setting's error, or of a Failure that a decoder
// returned.
func hintOf(err error) string {
	var se *settingError
	if errors.As(err, &se) && se.hint != "" {
		return se.hint
	}
	var failure *Failure
	if errors.As(err, &failure) {
		return failure.Hint
	}
	return ""
}

func asTemplate(v any) *Template {
	if t, ok := v.(*Template); ok {
		return t
	}
	return &Template{Form: value.Bare, Parts: []value.Part{{Dynamic: true, Value: v}}}
}

func (f *field) refuseSecrets(v any) error {
	if holdsSecret(v) {
		return settingErrorf("only settings for passwords and tokens take one", "%s cannot hold a secret", f.key)
	}
	return nil
}

func holdsSecret(v any) bool {
	switch v := v.(type) {
	case *value.Secret:
		return true
	case *Template:
		return slices.ContainsFunc(v.Parts, func(p value.Part) bool { return p.Dynamic && holdsSecret(p.Value) })
	case []any:
		return slices.ContainsFunc(v, holdsSecret)
	case map[string]any, *value.Record:
		fields, _ := value.AsMap(v)
		for _, item := range fields {
			if holdsSecret(item) {
				return true
			}
		}
	}
	return false
}

func passwordText(v any, resolve secrets) (string, error) {
	switch v := v.(type) {
	case string:
		return v, nil
	case *value.Secret:
		return resolve(v.Name)
	case *Template:
		var b strings.Builder
		for _, part := range v.Parts {
			text := part.Text
			if part.Dynamic {
				var err error
				if text, err = passwordPart(part.Value, resolve); err != nil {
					return "", err
				}
			}
			b.WriteString(text)
		}
		return b.String(), nil
	}
	return "", fmt.Errorf("is %s, want a string or secret(\"NAME\")", value.Phrase(v))
}

func passwordPart(v any, resolve secrets) (string, error) {
	if secret, ok := v.(*value.Secret); ok {
		return resolve(secret.Name)
	}
	return value.Text(v)
}

func (f *field) decodeNested(target reflect.Value, v any, resolve secrets) error {
	fields, ok := value.AsMap(v)
	if !ok {
		return settingErrorf("", "%s is %s, want a map with %s", f.key, value.Phrase(v), quotedList(f.nested.keys()))
	}
	keys := make([]string, 0, len(fields))
	for key := range fields {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		inner := f.nested.byKey[key]
		if inner == nil {
			return settingErrorf(didYouMean(key, f.nested.keys()), "%s has no key %q", f.key, cut(key))
		}
		if err := inner.decode(target.FieldByIndex(inner.index), fields[key], resolve); err != nil {
			var se *settingError
			if errors.As(err, &se) {
				return &settingError{message: f.key + "." + se.message, hint: se.hint, cause: se.cause}
			}
			return err
		}
	}
	for _, inner := range f.nested.fields {
		if _, given := fields[inner.key]; inner.required && !given {
			return settingErrorf("", "%s lacks the key %q", f.key, inner.key)
		}
	}
	return nil
}

// kinds are the kinds of value that the setting takes; nil when any may do.
func (f *field) kinds() []string {
	if f.kind == kindNested {
		return []string{"map", "nil"}
	}
	if f.kind != kindPlain {
		return nil
	}
	switch f.typ {
	case anyType:
		return nil
	case durationType:
		return []string{"duration", "string", "nil"}
	case timeType:
		return []string{"time", "nil"}
	}
	switch f.typ.Kind() {
	case reflect.String:
		return []string{"string", "nil"}
	case reflect.Bool:
		return []string{"bool", "nil"}
	case reflect.Int, reflect.Float64:
		return []string{"int", "float", "nil"}
	case reflect.Map:
		return []string{"map", "nil"}
	}
	return []string{"list", "nil"}
}

// takes reports whether the setting may take a value of this kind.
func (f *field) takes(kind string) bool {
	kinds := f.kinds()
	return kinds == nil || slices.Contains(kinds, kind)
}

// words say what the setting takes.
func (f *field) words() string {
	if f.kind == kindNested {
		return "a map with " + quotedList(f.nested.keys())
	}
	return plainTypes[f.typ]
}

func asInt(v any) (int, bool) {
	switch v := v.(type) {
	case int:
		return v, true
	case float64:
		if v == math.Trunc(v) && v >= math.MinInt64 && v < math.MaxInt64 {
			return int(v), true
		}
	}
	return 0, false
}

func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case int:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// asDuration reads a duration, or a string like "1h30m".
func asDuration(v any) (d time.Duration, hint string, ok bool) {
	switch v := v.(type) {
	case time.Duration:
		return v, "", true
	case string:
		d, err := value.ParseDuration(v)
		if err != nil {
			return 0, err.Error(), false
		}
		return d, "", true
	case int, float64:
		return 0, fmt.Sprintf("write the unit: \"%vs\", \"%vm\" or \"%vh\"", v, v, v), false
	}
	return 0, "", false
}

func quotedList(words []string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = fmt.Sprintf("%q", word)
	}
	if len(quoted) < 2 {
		return strings.Join(quoted, "")
	}
	return strings.Join(quoted[:len(quoted)-1], ", ") + " or " + quoted[len(quoted)-1]
}

// described is a value as an error shows it: short ones with their text.
func described(v any) string {
	switch v := v.(type) {
	case nil:
		return "nil"
	case bool:
		return fmt.Sprint(v)
	case string:
		if len(v) <= 40 {
			return fmt.Sprintf("the string %q", v)
		}
	case int:
		return fmt.Sprintf("the int %d", v)
	}
	return value.Phrase(v)
}

func didYouMean(word string, candidates []string) string {
	if near := lang.Suggest(word, candidates); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return ""
}
