package flowtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// differ shows the difference of two values that one line does not show; "" when
// it does.
func differ(got, want runtime.UnmetOperand) string {
	if got.Large || want.Large || value.KindOf(got.Value) != value.KindOf(want.Value) {
		return ""
	}
	if a, ok := got.Value.(string); ok {
		return differentTexts(a, want.Value.(string))
	}
	switch got.Value.(type) {
	case []any, map[string]any, *value.Record:
	default:
		return ""
	}
	a, b := inLines(got.Value), inLines(want.Value)
	if strings.Count(a, "\n") < 4 && strings.Count(b, "\n") < 4 && len(a)+len(b) < 2*longestOnOneLine {
		return ""
	}
	return differentLines(a, b)
}

// longestOnOneLine is how long a text is that is shown whole, in bytes.
const longestOnOneLine = 60

func differentTexts(got, want string) string {
	if strings.Contains(got+want, "\n") {
		return differentLines(got+"\n", want+"\n")
	}
	if len(got) <= longestOnOneLine && len(want) <= longestOnOneLine {
		return ""
	}
	a, b := []rune(got), []rune(want)
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	return differentParts(window(a, same), window(b, same))
}

// window is the part of a long text around the place where it begins to differ.
func window(text []rune, at int) runtime.TextPart {
	from, to := max(0, at-20), min(len(text), at+40)
	return runtime.TextPart{Text: string(text[from:to]), Before: from > 0, After: to < len(text)}
}

// differentParts shows the parts of two texts one below the other.
func differentParts(got, want runtime.TextPart) string {
	return "  got   " + shownPart(got) + "\n  want  " + shownPart(want)
}

// differentThere shows what stands at the first place where two large values differ.
// Mirrored, the left one is wanted.
func differentThere(d *runtime.Differing, mirrored bool) string {
	sides := [2]string{d.Left, d.Right}
	if mirrored {
		sides[0], sides[1] = sides[1], sides[0]
	}
	var there string
	if len(d.Texts) == 2 {
		parts := [2]runtime.TextPart{d.Texts[0], d.Texts[1]}
		if mirrored {
			parts[0], parts[1] = parts[1], parts[0]
		}
		there = differentParts(parts[0], parts[1])
	}
	switch {
	case d.Place == "":
		return there
	case len(sides[0])+len(sides[1]) > longestOnOneLine && there != "":
		return "  first at " + lang.VisibleLine(d.Place) + ":\n" + there
	}
	return lang.VisibleLine(fmt.Sprintf("  first at %s: %s, want %s", d.Place, sides[0], sides[1]))
}

func shownPart(part runtime.TextPart) string {
	shown := lang.VisibleLine(part.Text)
	if part.Before {
		shown = "…" + shown
	}
	if part.After {
		shown += "…"
	}
	return `"` + shown + `"`
}

// inLines writes a list or a map over lines.
func inLines(v any) string {
	compact, err := value.JSON(v)
	if err != nil {
		return value.Glance(v) + "\n"
	}
	var indented bytes.Buffer
	if json.Indent(&indented, []byte(compact), "", "  ") != nil {
		return string(compact) + "\n"
	}
	return indented.String() + "\n"
}

// mostDifferent is how many lines of a difference are shown.
const mostDifferent = 40

func differentLines(got, want string) string {
	lines := strings.Split(strings.TrimRight(string(diff.Diff("want", []byte(want), "got", []byte(got))), "\n"), "\n")
	shown := []string{"  difference (- want, + got):"}
	for _, line := range lines {
		if strings.HasPrefix(line, "diff ") || strings.HasPrefix(line, "--- ") || strings.HasPrefix(line, "+++ ") || strings.HasPrefix(line, "@@ ") {
			continue
		}
		if len(shown) > mostDifferent {
			shown = append(shown, "    …")
			break
		}
		shown = append(shown, "    "+lang.VisibleLine(line))
	}
	return strings.Join(shown, "\n")
}
