package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// edit is what a build that counts no steps has instead in a file of flowrun.
type edit struct{ file, old, new string }

// uncounted leaves the additions out, and the comparisons with the step at which the run is
// to be looked at.
var uncounted = []edit{
	{"runtime/run.go", "	r.counter.Taken += steps\n	if r.counter.Taken < r.counter.CheckAt {\n		return nil\n	}\n	return r.checkpoint()\n", "	return nil\n"},
	{"runtime/run.go", "	if r.counter.Taken+steps >= r.counter.CheckAt {\n		return false\n	}\n	r.counter.Taken += steps\n", ""},
	{"runtime/run.go", "func (r *run) giveBack(steps int) { r.counter.Taken -= steps }", "func (r *run) giveBack(steps int) {}"},
	{"runtime/brief.go", "return (r.counter.CheckAt - 1 - r.counter.Taken) / steps", "return 1 << 60"},
	{"runtime/brief.go", "	if r.counter.Taken+most >= r.counter.CheckAt {\n		return false\n	}\n	r.counter.Taken += steps\n", ""},
	{"runtime/brief.go", "				f.run.counter.Taken += s.thenSteps\n", ""},
	{"runtime/brief.go", "				if s.elseSteps > 0 {\n					f.run.counter.Taken += s.elseSteps\n				}\n", ""},
	{"runtime/brief.go", "		f.run.counter.Taken -= s.behind\n", ""},
	{"runtime/loops.go", "max(0, (r.counter.CheckAt-1-r.counter.Taken)/most)", "1 << 60"},
	{"runtime/loops.go", "	r.counter.Taken += r.ahead.rounds * steps\n", ""},
	{"runtime/loops.go", "	r.counter.Taken -= r.ahead.rounds * r.ahead.steps\n", ""},
	{"runtime/loops.go", "		r.counter.Taken += steps\n", ""},
	{"runtime/loops.go", "		r.counter.Taken += body.steps\n", ""},
	{"runtime/internal/expression/cell.go", "	m.counter.Taken++\n", ""},
}

// writeOverlay writes the changed files of the module in root to a folder, and the file
// for go's -overlay, which it gives.
func writeOverlay(root, folder string) (string, error) {
	changed := map[string]string{}
	for _, e := range uncounted {
		text, known := changed[e.file]
		if !known {
			content, err := os.ReadFile(filepath.Join(root, e.file))
			if err != nil {
				return "", err
			}
			text = string(content)
		}
		if strings.Count(text, e.old) != 1 {
			return "", fmt.Errorf("%s has not once, as it should:\n%s", e.file, e.old)
		}
		changed[e.file] = strings.Replace(text, e.old, e.new, 1)
	}
	replace := map[string]string{}
	for file, text := range changed {
		original, err := filepath.Abs(filepath.Join(root, file))
		if err != nil {
			return "", err
		}
		replace[original] = filepath.Join(folder, strings.ReplaceAll(file, "/", "_"))
		if err := os.WriteFile(replace[original], []byte(text), 0o600); err != nil {
			return "", err
		}
	}
	overlay, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return "", err
	}
	file := filepath.Join(folder, "overlay.json")
	return file, os.WriteFile(file, overlay, 0o600)
}
