//go:build linux && !race

package hostiletest

import (
	"fmt"
	"strings"
)

func fileRows() []hostile {
	const large = 100_000_000
	return []hostile{
		{name: "100 MB of blanks", source: times(large, " "), exit: invalid, says: "the source has more than 1048576 bytes"},
		{name: "100 MB of lines", source: times(large, "\n"), exit: invalid, says: "the source has more than 1048576 bytes"},
		{name: "100 MB of lines of Windows", source: times(large/2, "\r\n"), exit: invalid, says: "the source has more than 1048576 bytes"},
		{name: "100 MB of statements", source: times(large/6, "x = 1\n"), exit: invalid, says: "the source has more than 1048576 bytes"},
		{name: "100 MB of NUL", source: times(large, "\x00"), exit: invalid, says: "the source has more than 1048576 bytes"},
		{name: "100 MB on standard input", source: times(large/6, "x = 1\n"), stdin: true, exit: invalid, says: "the source has more than 1048576 bytes"},
		{name: "NUL", source: times(maxSource, "\x00"), exit: invalid, says: "unexpected NUL character"},
		{name: "NUL in a flow", source: text("x = 1\ny = \x00 2\n"), exit: invalid, says: "unexpected NUL character"},
		{name: "NUL apart", source: times(maxSource/2, "\x00 "), exit: invalid, says: "unexpected NUL character"},
		{name: "no UTF-8", source: times(maxSource, "\xff"), exit: invalid, says: "not valid UTF-8"},
		{name: "no UTF-8 in a text", source: text("x = \"\xff\"\n"), exit: invalid, says: "byte 0xFF is not valid UTF-8"},
		{name: "UTF-16", source: text("\xff\xfex\x00 \x00=\x00 \x001\x00\n\x00"), exit: invalid, says: "UTF-16"},
		{name: "UTF-16 of the other order", source: text("\xfe\xff\x00x\x00 \x00=\x00 \x001\x00\n"), exit: invalid, says: "UTF-16"},
		{name: "a text of 1 MB", source: around(`x = "`, maxSource-10, "a", `"`), exit: invalid, says: "the expression has more than 65536 bytes"},
		{name: "a comment of 1 MB", source: around("/*", maxSource-10, "a", "*/"), exit: done, says: "null"},
		{name: "an open comment of 1 MB", source: around("/*", maxSource-10, "a", ""), exit: invalid, says: "the comment is never closed"},
		{name: "a text that is never closed", source: around("x = `", maxSource-10, "\n", ""), exit: invalid, says: "the string is never closed"},
		{name: "wrong escapes", source: around(`x = "`, maxSource/2-10, `\q`, `"`), exit: invalid},
		{name: "inputs of 100 MB", source: text("input a\n"), inputs: around(`{"a": "`, large, "a", `"}`), exit: usage, says: "is larger than 64 MiB"},
		{name: "an empty flow with inputs of 100 MB", source: text(""), inputs: times(large, " "), exit: usage, says: "is larger than 64 MiB"},
		{name: "inputs of NUL", source: text("input a\n"), inputs: times(million, "\x00"), exit: usage, says: "this is not JSON"},
		{name: "inputs that are not UTF-8", source: text("input a\nreturn len(a)\n"), inputs: around(`{"a": "`, 1000, "\xff", `"}`), exit: usage, says: "UTF-8"},
	}
}

// numbered repeats a line with the numbers from 0.
func numbered(n int, format string) func() string {
	return func() string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
}
