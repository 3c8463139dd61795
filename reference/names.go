package reference

import (
	"strings"

	"flowrun/runtime"
)

// Name is what there is a reference of, with what it does.
type Name struct {
	Text string
	Doc  string
}

// Names lists what somebody who has typed the beginning of a name may mean: the
// components, and behind the dot of one its settings, as FindSetting takes them.
func Names(components []*runtime.Component, begin string) []Name {
	var names []Name
	for _, c := range components {
		names = append(names, Name{c.Name(), c.Doc()})
		path, inside := strings.CutPrefix(begin, c.Name()+".")
		if !inside {
			continue
		}
		settings := settingsOf(c)
		lead := c.Name() + "."
		if last := strings.LastIndexByte(path, '.'); last >= 0 {
			outer, err := FindSetting(c, path[:last])
			if err != nil {
				continue
			}
			settings = outer.Settings
			lead += path[:last+1]
		}
		for _, s := range settings {
			names = append(names, Name{lead + s.Key, s.Doc})
		}
	}
	return names
}

// settingsOf are the settings of a component, those of every call included.
func settingsOf(c *runtime.Component) []runtime.SettingDescription {
	settings := c.Settings()
	if c.HasUniversalSettings() {
		settings = append(settings, runtime.UniversalSettings()...)
	}
	return settings
}
