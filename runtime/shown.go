package runtime

import (
	"maps"

	"flowrun/runtime/value"
)

// shown is the value of a setting as observers may see it: every password is a
// secret, also one that the flow wrote out. An open component gets no secrets, and
// observers see what it gets.
func (f *field) shown(v any) any {
	switch f.kind {
	case kindPassword:
		return maskedPassword(v)
	case kindNested:
		return f.nested.shown(v)
	case kindOpen:
		return value.WithoutSecrets(v)
	}
	if plain, err := value.Plain(v); err == nil {
		return plain
	}
	return v
}

func maskedPassword(v any) any {
	if _, isSecret := v.(*value.Secret); isSecret || v == nil {
		return v
	}
	return &value.Secret{}
}

func (s *schema) shown(v any) any {
	fields, ok := value.AsMap(v)
	if !ok {
		return v
	}
	masked := maps.Clone(fields)
	for key, item := range fields {
		if f := s.byKey[key]; f != nil {
			masked[key] = f.shown(item)
		}
	}
	return masked
}
