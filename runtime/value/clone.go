package value

// Clone copies the lists and maps in a value, so that whoever gets the copy may
// change it. Structs of the host stay the same ones.
func Clone(v any) any {
	switch v := v.(type) {
	case []any:
		list := make([]any, len(v))
		for i, item := range v {
			list[i] = Clone(item)
		}
		return list
	case map[string]any:
		return cloneMap(v)
	case *Record:
		return &Record{Fields: cloneMap(v.Fields), Text: v.Text}
	}
	return v
}

func cloneMap(fields map[string]any) map[string]any {
	if fields == nil {
		return nil
	}
	m := make(map[string]any, len(fields))
	for key, item := range fields {
		m[key] = Clone(item)
	}
	return m
}
