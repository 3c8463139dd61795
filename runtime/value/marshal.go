package value

import "encoding/json"

// MarshalJSON writes the markup, for hosts that marshal an outcome. In a flow html
// has no JSON.
func (h HTML) MarshalJSON() ([]byte, error) { return json.Marshal(h.markup) }

// MarshalJSON writes what String gives.
func (s *Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }

// MarshalJSON writes the record's fields.
func (r *Record) MarshalJSON() ([]byte, error) { return json.Marshal(r.Fields) }
