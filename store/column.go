package store

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// moment is a time.Time as a column has it: microseconds since 1970 in UTC, and
// NULL for the zero Time.
type moment struct{ time.Time }

// Value implements driver.Valuer.
func (m moment) Value() (driver.Value, error) {
	if m.IsZero() {
		return nil, nil
	}
	return m.UnixMicro(), nil
}

// Scan implements sql.Scanner.
func (m *moment) Scan(column any) error {
	switch column := column.(type) {
	case nil:
		m.Time = time.Time{}
	case int64:
		m.Time = time.UnixMicro(column).UTC()
	default:
		return fmt.Errorf("%T where a moment is wanted", column)
	}
	return nil
}

// list is a list of texts as a column has it: JSON.
type list []string

// Value implements driver.Valuer.
func (l list) Value() (driver.Value, error) {
	if len(l) == 0 {
		return "[]", nil
	}
	return jsonText([]string(l))
}

// Scan implements sql.Scanner.
func (l *list) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("%T where a list is wanted", column)
	}
	*l = nil
	if text == "[]" {
		return nil
	}
	return json.Unmarshal([]byte(text), (*[]string)(l))
}

func jsonText(v any) (string, error) {
	text, err := json.Marshal(v)
	return string(text), err
}

// kept makes text of foreign mails fit for a column of either database: bytes
// that are not UTF-8 and NUL, which PostgreSQL refuses, become U+FFFD.
func kept(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "\ufffd")
}

func keptAll(texts []string) list {
	var all list
	for _, text := range texts {
		all = append(all, kept(text))
	}
	return all
}
