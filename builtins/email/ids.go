package email

import (
	"fmt"
	"math"

	"flowrun/runtime"
	"flowrun/runtime/value"
)

// IDs is a setting that takes ids of the store: an int or a list of ints. An id
// that is given twice counts once.
type IDs []int64

// SettingType says what the setting takes.
func (*IDs) SettingType() string { return "id or list of ids" }

// DecodeSetting reads an int or a list of a flow.
func (ids *IDs) DecodeSetting(v any) error {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	*ids = IDs{}
	seen := map[int64]bool{}
	for i, element := range list {
		id, ok := asID(element)
		switch {
		case !ok && isList:
			return &runtime.Failure{Message: fmt.Sprintf("element %d is %s", i, describedID(element))}
		case !ok:
			return &runtime.Failure{Message: describedID(element)}
		case !seen[id]:
			seen[id] = true
			*ids = append(*ids, id)
		}
	}
	return nil
}

// ID is a setting that takes one id of the store.
type ID int64

// SettingType says what the setting takes.
func (*ID) SettingType() string { return "id" }

// DecodeSetting reads an int of a flow.
func (id *ID) DecodeSetting(v any) error {
	read, ok := asID(v)
	if !ok {
		return &runtime.Failure{Message: describedID(v)}
	}
	*id = ID(read)
	return nil
}

// asID reads an id of the store: a positive int, or a float that is one.
func asID(v any) (int64, bool) {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	switch v := v.(type) {
	case int:
		return int64(v), v > 0
	case float64:
		return int64(v), v > 0 && v == math.Trunc(v) && v < 1<<53
	}
	return 0, false
}

// describedID says what stands where an id is wanted.
func describedID(v any) string {
	if alone, ok := aloneIn(v); ok {
		v = alone
	}
	switch v := v.(type) {
	case int, float64:
		return fmt.Sprintf("%v where an id is wanted, an int from 1", v)
	case *value.Template:
		return "a string where an id is wanted, an int"
	default:
		return value.Phrase(v) + " where an id is wanted, an int"
	}
}
