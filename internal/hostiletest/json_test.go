//go:build linux && !race

package hostiletest

import "strings"

func jsonRows() []hostile {
	row := func(name, prelude, expression, kind, says string) hostile {
		return hostile{name: name, source: text(prelude + "x = fromJSON(" + expression + ")"), exit: failed, kind: kind, says: says}
	}
	input := func(name string, document func() string, exit int, kind, says string) hostile {
		return hostile{name: name, source: text("input a\nreturn 1\n"), inputs: document, exit: exit, kind: kind, says: says}
	}
	const sixty = 60_000_000
	return []hostile{
		row("open lists", "", "repeat(\"[\", 16000000)", "resource", "Limits.Depth"),
		row("lists", "", "repeat(\"[\", 1000) + repeat(\"]\", 1000)", "resource", "Limits.Depth"),
		row("open maps", "", "repeat('{\"a\":', 3000000)", "resource", "Limits.Depth"),
		row("a list of lists", "", "\"[\" + repeat(\"[],\", 5000000) + \"[]]\"", "resource", "Limits."),
		row("a list of maps", "", "\"[\" + repeat(\"{},\", 5000000) + \"{}]\"", "resource", "Limits."),
		row("a list of maps with a key", "", "\"[\" + repeat('{\"a\":1},', 1900000) + \"{}]\"", "resource", "Limits."),
		row("a list of numbers", "", "\"[\" + repeat(\"1,\", 8000000) + \"1]\"", "resource", "Limits."),
		row("a list of texts", "", "\"[\" + repeat('\"\",', 5000000) + '\"\"]'", "resource", "Limits."),
		{name: "one key again and again", source: text("x = fromJSON(\"{\" + repeat('\"a\":1,', 2500000) + '\"a\":1}')\nreturn x"), exit: failed, kind: "resource", says: "Limits."},
		{name: "a long text that escapes", source: text("x = fromJSON('\"' + repeat('\\u0041', 2600000) + '\"')\nreturn len(x)"), exit: done, says: "2600000"},
		row("a long number", "", "repeat(\"1\", 16000000)", "value", "the integer"),
		row("a long exponent", "", "\"1e\" + repeat(\"9\", 16000000)", "value", "number"),
		row("blanks", "", "repeat(\" \", 16000000)", "value", "JSON"),
		row("an open text", "", "'\"' + repeat(\"a\", 16000000)", "value", "JSON"),
		row("again and again", "s = \"[\" + repeat(\"1,\", 400000) + \"1]\"\nwhile true { y = fromJSON(s) }\n", "s", "resource", "Limits."),
		input("input of open lists", times(sixty, "["), usage, "", "200 deep"),
		input("input of lists", around(`{"a":`, million, "[", strings.Repeat("]", million)+"}"), usage, "", "200 deep"),
		input("input of maps", around(`{"a":`, million, `{"a":`, "1"+strings.Repeat("}", million)+"}"), usage, "", "200 deep"),
		input("input of a list of lists", around(`{"a":[`, sixty/3, "[],", "[]]}"), usage, "", "Limits."),
		input("input of a list of maps", around(`{"a":[`, sixty/8, `{"a":1},`, "{}]}"), usage, "", "Limits."),
		input("input of a list of numbers", around(`{"a":[`, sixty/2, "1,", "1]}"), usage, "", "Limits."),
		input("input of a long text", around(`{"a":"`, sixty, "a", `"}`), usage, "", "Limits."),
		input("many unknown inputs", func() string { return "{" + numberedLines(million, `"k%d":1,`) + `"a":1}` }, usage, "", "Limits.Value"),
		{
			name: "deep input on the command line", source: text("input a: list\n"),
			args: []string{"--input", "a=" + strings.Repeat("[", 100_000)}, exit: usage, says: "200 deep",
		},
		{
			name: "deep input of any type on the command line", source: text("input a\nreturn len(a)\n"),
			args: []string{"--input", "a=" + strings.Repeat("[", 100_000)}, exit: done, says: "100000",
		},
		{
			name: "deep defaults", source: text("input a = " + strings.Repeat("[", 200) + strings.Repeat("]", 200) + "\nreturn len(a)\n"),
			exit: done, says: "1",
		},
	}
}
