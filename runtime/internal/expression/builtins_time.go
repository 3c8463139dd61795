package expression

import (
	"sync"
	"time"

	"flowrun/runtime/value"
)

var timeBuiltins = map[string]builtin{
	"now":      {"now()", 0, 0, "time", func(m *Machine, _ []any) (any, error) { return m.now(), nil }, false},
	"date":     {"date(text, layout, zone)", 1, 3, "time", date, false},
	"duration": {"duration(text)", 1, 1, "duration", ofText("duration", parseDuration), false},
	"timezone": {"timezone(name)", 1, 1, "string", ofText("timezone", timezone), false},
}

// layouts are those that date tries, as expr documents them.
var layouts = []string{
	"2006-01-02", "15:04:05", "2006-01-02 15:04:05",
	time.RFC3339, time.RFC822, time.RFC850, time.RFC1123,
}

func (m *Machine) now() time.Time { return m.host.Now().Round(0).In(m.host.Location()) }

// date reads a time in the flow's zone, or in the one it is given.
func date(m *Machine, arguments []any) (any, error) {
	all, err := texts("date", arguments)
	if err != nil {
		return nil, err
	}
	zone := m.host.Location()
	if len(all) == 3 {
		if zone, err = loadZone(all[2], 3); err != nil {
			return nil, err
		}
	}
	if len(all) > 1 {
		t, err := time.ParseInLocation(all[1], all[0], zone)
		if err != nil {
			return nil, faultf("%q is not a date of the layout %q", shorten(all[0]), shorten(all[1])).of(1).
				advise("a layout shows the 2nd of January 2006, 15:04:05: \"02.01.2006 15:04\"")
		}
		return t, nil
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, all[0], zone); err == nil {
			return t, nil
		}
	}
	return nil, faultf("%q is not a date", shorten(all[0])).of(1).
		advise(`write "2006-01-02", "2006-01-02 15:04:05" or RFC 3339, or give the layout`)
}

// zones are those that were read, by name; there are some 600.
var zones sync.Map

// loadZone finds a zone by its IANA name.
func loadZone(name string, argument int) (*time.Location, error) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), nil
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		return nil, faultf("unknown time zone %q", shorten(name)).of(argument).advise(`names look like "Europe/Kyiv"`)
	}
	zones.Store(name, zone)
	return zone, nil
}

// timezone checks the name of a zone, which stands for the zone in date and In.
func timezone(m *Machine, name string) (any, error) {
	zone, err := loadZone(name, 1)
	if err != nil {
		return nil, err
	}
	return zone.String(), nil
}

func parseDuration(m *Machine, s string) (any, error) {
	d, err := value.ParseDuration(s)
	if err != nil {
		return nil, faultf("%v", err).of(1)
	}
	return d, nil
}
