package lang_test

import (
	"strings"
	"testing"

	"flowrun/lang"
)

// formats demands that a text becomes another, which then stays as it is.
func formats(t *testing.T, text, want string) {
	t.Helper()
	for _, text := range []string{text, want} {
		got, diagnostics := lang.Format("test.flow", text)
		if len(diagnostics) > 0 {
			t.Errorf("%v\n%s", diagnostics, text)
		}
		if got != want {
			t.Errorf("got\n%s\nwant\n%s\nfrom\n%s", got, want, text)
		}
	}
}

func TestTheExamplesAndTheFlowsOnThePagesAreFormatted(t *testing.T) {
	for _, flow := range writtenFlows(t) {
		if got, _ := lang.Format(flow.name, flow.text); got != flow.text {
			t.Errorf("a flow of %s is not formatted; it should be\n%s", flow.from, got)
		}
	}
}

func TestBlocksAreIndentedByTwoSpaces(t *testing.T) {
	formats(t, "if a {\nif b {\n\t\tx = 1\n}\n}", "if a {\n  if b {\n    x = 1\n  }\n}\n")
	formats(t, "while a{\nx=1\n}\nfor k,v in m{\ny=v\n}", "while a {\n  x = 1\n}\nfor k, v in m {\n  y = v\n}\n")
}

func TestTokensOfAHeadStandApart(t *testing.T) {
	formats(t, "a . b [ i+1 ] .c=1", "a.b[i+1].c = 1\n")
	formats(t, "input  a:int=1\ninput b", "input a: int = 1\ninput b\n")
	formats(t, "l:goto l", "l: goto l\n")
	formats(t, "global  x=1", "global x = 1\n")
}

func TestABlockStaysOnItsLineWithOneStatementAtMost(t *testing.T) {
	formats(t, "if a {x=1}", "if a { x = 1 }\n")
	formats(t, "if a { }", "if a { }\n")
	formats(t, "if a {\n\n}", "if a { }\n")
	formats(t, "if a { x = 1; y = 2 }", "if a {\n  x = 1\n  y = 2\n}\n")
	formats(t, "if a { if b { x = 1 } }", "if a {\n  if b { x = 1 }\n}\n")
	formats(t, "if a { l: goto l }", "if a { l: goto l }\n")
	formats(t, "if a { goto l; l: }", "if a {\n  goto l\n  l:\n}\n")
	formats(t, "if a {\nx = 1 }", "if a {\n  x = 1\n}\n")
	formats(t, "if a { /* why not */ }", "if a { /* why not */ }\n")
}

func TestBlocksOfOneStatementStayOnOneLineOnlyTogether(t *testing.T) {
	formats(t, "if a { x = 1 } else if b { x = 2 } else { x = 3 }", "if a { x = 1 } else if b { x = 2 } else { x = 3 }\n")
	formats(t, "if a { x = 1 }\nelse {\nx = 2\n}", "if a {\n  x = 1\n} else {\n  x = 2\n}\n")
	formats(t, "f < limit: 1 >\nfailover { stop }\n\ncatch e {\nx = e\n}", "f < limit: 1 > failover {\n  stop\n} catch e {\n  x = e\n}\n")
	formats(t, "f < > catch { }", "f < > catch { }\n")
}

func TestCasesStandInLinesOfTheirOwn(t *testing.T) {
	formats(t, "switch a { case 1,2 { x = 1 }; default { stop } }", "switch a {\n  case 1, 2 { x = 1 }\n  default { stop }\n}\n")
	formats(t, "switch a {\ncase 1,\n2 {\nx = 1\n}\n}", "switch a {\n  case 1,\n       2 {\n    x = 1\n  }\n}\n")
	formats(t, "switch a {\n}", "switch a { }\n")
}

func TestSettingsOnOneLineAreSeparatedByCommas(t *testing.T) {
	formats(t, "f<a:1,b:2,>", "f < a: 1, b: 2 >\n")
	formats(t, "f<>", "f < >\n")
	formats(t, "f <\n\n>", "f < >\n")
	formats(t, "flow chat 'x'<timezone:'UTC'>", "flow chat 'x' < timezone: 'UTC' >\n")
}

func TestSettingsOverLinesStandOneALineWithTheirValuesInAColumn(t *testing.T) {
	formats(t, "x=f < a: 1, subject: 2,\nto: 3 >", "x = f <\n  a:       1\n  subject: 2\n  to:      3\n>\n")
	formats(t, "f <\na: 1\n\n\n// of b\nbcd: 2\n>", "f <\n  a:   1\n\n  // of b\n  bcd: 2\n>\n")
	formats(t, "f < тема: 1, a: [\n1\n] >", "f <\n  тема: 1\n  a:    [\n  1\n  ]\n>\n")
	formats(t, "f < a: x,\nin: 1, not: 2 >", "f <\n  a:   x\n  in:  1\n  not: 2\n>\n")
}

func TestParametersStandAsSettingsDo(t *testing.T) {
	formats(t, "function f<a,b:int=1>{return a}", "function f < a, b: int = 1 > { return a }\n")
	formats(t, "function f < a, b: int = 1\nc >{\nreturn a\n}", "function f <\n  a\n  b: int = 1\n  c\n> {\n  return a\n}\n")
}

func TestStatementsOfTestsStandAsOthersDo(t *testing.T) {
	const text = `test  "tells the customer"<time:"2026-11-25">{
smtp < reply: "451 4.7.1 later", times: 2 >;mock http<returns:{status: 200}, // each time
times:2>
state=run "order.flow"<
order: { id: 7 }, limit: 2
>
catch   e {
x = e
}
expect   len(mails)==1
}
`
	const want = `test "tells the customer" < time: "2026-11-25" > {
  smtp < reply: "451 4.7.1 later", times: 2 >
  mock http <
    returns: {status: 200} // each time
    times:   2
  >
  state = run "order.flow" <
    order: { id: 7 }
    limit: 2
  > catch e {
    x = e
  }
  expect len(mails)==1
}
`
	if got, diagnostics := lang.Format("order_test.flow", text); got != want || len(diagnostics) > 0 {
		t.Errorf("%v\n%s", diagnostics, got)
	}
}

func TestSemicolonsBecomeLines(t *testing.T) {
	formats(t, "x = 1; y = 2;; z = 3;", "x = 1\ny = 2\nz = 3\n")
}

func TestALabelStaysBesideItsStatementOrAlone(t *testing.T) {
	formats(t, "a :  b:x = 1\nc:\ny = 2\nd:; z = 3\ngoto a; goto b; goto c; goto d",
		"a: b: x = 1\nc:\ny = 2\nd:\nz = 3\ngoto a\ngoto b\ngoto c\ngoto d\n")
}

func TestOneBlankLineStaysOfSeveral(t *testing.T) {
	formats(t, "\n\nx = 1\n\n\n\ny = 2\nif a {\n\n\nz = 3\n\n}\n\n\n", "x = 1\n\ny = 2\nif a {\n  z = 3\n}\n")
	formats(t, " \n\t\n", "")
}

func TestCommentsStayWhereTheyAre(t *testing.T) {
	formats(t, "#!/usr/bin/env flowrun  \n\n// a  \n   // b\nx = 1", "#!/usr/bin/env flowrun\n\n// a\n// b\nx = 1\n")
	formats(t, "if a {// head\n\nx = 1\n// last\n}\n// else\nelse { // other\n}// end", "if a { // head\n  x = 1\n  // last\n}\n// else\nelse { // other\n} // end\n")
	formats(t, "if /* a */ x /* b */ { y = 1 }", "if /* a */ x /* b */ { y = 1 }\n")
	formats(t, "f < // first\na: /* one */ 1, // of a\n/* of b */ bc: 2 /* two */, /* of d */ d: 3\n// last\n> // end\n// before\ncatch { }",
		"f < // first\n  a:  /* one */ 1  // of a\n  /* of b */ bc: 2 /* two */\n  /* of d */ d: 3\n  // last\n> // end\n// before\ncatch { }\n")
	formats(t, "x = 1; /* of y */ y = 2 /* of y, too */; z = 3", "x = 1\n/* of y */ y = 2 /* of y, too */\nz = 3\n")
	formats(t, "for k, // key\nv in m { }", "for k, // key\n    v in m { }\n")
	formats(t, "a[ // index\n0] = 1", "a[ // index\n    0] = 1\n")
	formats(t, "if a {\n/* a\n   b */\n}", "if a {\n  /* a\n     b */\n}\n")
	formats(t, "x = 1\n   // end", "x = 1\n// end\n")
}

func TestCommentsAtTheEndsOfLinesStandInAColumn(t *testing.T) {
	formats(t, "x = 1 // a\nlonger = 2      // b\nlongest = 33333\ny = 3 /* c */", "x = 1      // a\nlonger = 2 // b\nlongest = 33333\ny = 3      /* c */\n")
	formats(t, "x = 1 // a\n\nlonger = 2 // b\nif a { // c\ny = 1 // d\n}", "x = 1 // a\n\nlonger = 2 // b\nif a {     // c\n  y = 1 // d\n}\n")
	formats(t, "世 = 1 // a\nab = 1 // b", "世 = 1 // a\nab = 1 // b\n")
}

func TestTheInsideOfAnExpressionStaysAsWritten(t *testing.T) {
	formats(t, "x = a+b  *c /* d */ ?1 :  2", "x = a+b  *c /* d */ ?1 :  2\n")
	formats(t, "f < a: {b:1 , c : [ ]} >", "f < a: {b:1 , c : [ ]} >\n")
}

func TestTheLinesOfAnExpressionMoveTogether(t *testing.T) {
	formats(t, "if a {\nx = [\n  1, // one  \n\n    2,\n]\n}", "if a {\n  x = [\n    1, // one\n\n      2,\n  ]\n}\n")
	formats(t, "if a {\n\t\tx = b\n\t\t\t+ c  \n + d\n}", "if a {\n  x = b\n    + c\n  + d\n}\n")
	formats(t, "if a {\nx = `\n  raw  \n`\n}", "if a {\n  x = `\n  raw  \n`\n}\n")
}

func TestATextBlockMovesWithoutChangingItsValue(t *testing.T) {
	const quotes = `"""`
	formats(t, "if a {\nx = "+quotes+"\n  b\n\n    c  \n  "+quotes+"\n}", "if a {\n  x = "+quotes+"\n    b\n\n      c  \n    "+quotes+"\n}\n")
	formats(t, "\tf <\n\t\tm: "+quotes+"\n\t\t\tb\n\t \n\t\t\t\tc\n\t\t\t"+quotes+"\n>", "f <\n  m: "+quotes+"\n    b\n     \n    \tc\n    "+quotes+"\n>\n")
	formats(t, "if a {\nx = "+quotes+"b\n  c\n d"+quotes+"\n}", "if a {\n  x = "+quotes+"b\n    c\n   d"+quotes+"\n}\n")
	formats(t, "if a {\nx = "+quotes+"\nb ${[\n1,\n]}\nc\n"+quotes+"\n}", "if a {\n  x = "+quotes+"\n  b ${[\n1,\n]}\n  c\n  "+quotes+"\n}\n")
	formats(t, "    x = "+quotes+"\n  b\n  "+quotes, "x = "+quotes+"\n  b\n  "+quotes+"\n")
}

func TestLineBreaksBecomeLineFeedsAndTheByteOrderMarkGoes(t *testing.T) {
	formats(t, "\ufeffx = 1\r\ny = \"\"\"\r\n  a\r\n  \"\"\"\r\n", "x = 1\ny = \"\"\"\n  a\n  \"\"\"\n")
}

func TestAFileWithErrorsComesBackUnchanged(t *testing.T) {
	const text = "x=1\ny = = 2\n"
	got, diagnostics := lang.Format("test.flow", text)
	if got != text || !diagnostics.HasErrors() {
		t.Errorf("got %v and\n%s", diagnostics, got)
	}
}

func TestAFileThatWouldBecomeTooLargeIsNotFormatted(t *testing.T) {
	text := strings.Repeat("x=1;", 20)
	got, diagnostics := lang.Format("test.flow", text, lang.WithLimits(lang.Limits{Source: len(text)}))
	const want = "test.flow:1:1: the file cannot be formatted, because in the formatted one the source has more than 80 bytes"
	if got != text || len(diagnostics) != 1 || diagnostics[0].Error() != want {
		t.Errorf("got %v and\n%s", diagnostics, got)
	}
}
