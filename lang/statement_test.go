package lang_test

import (
	"testing"

	"flowrun/lang"
)

func TestHeadersNameTypeNameAndSettings(t *testing.T) {
	hasTree(t, "flow", "flow")
	hasTree(t, "flow voice", "flow voice")
	hasTree(t, `flow 'x'`, `flow "x"`)
	hasTree(t, "// a\n\nflow service \"Order shipped\" < timezone: \"Europe/Kyiv\"\n onError: \"continue\" >\nx = 1",
		"flow service \"Order shipped\"\n  timezone: «Europe/Kyiv»\n  onError: «continue»\nx = 1")
	for _, kind := range lang.FlowTypes() {
		hasTree(t, "flow "+kind+" < >", "flow "+kind)
	}
}

func TestInputsHaveANameATypeAndADefault(t *testing.T) {
	hasTree(t, "input a\ninput b: int\ninput c = a + 1\ninput d: list = [\n1,\n2]",
		"input a = -\ninput b int = -\ninput c = a + 1\ninput d list = [⏎1,⏎2]")
	for _, kind := range lang.ValueTypes() {
		hasTree(t, "input a: "+kind, "input a "+kind+" = -")
	}
}

func TestFunctionsHaveParametersAndABody(t *testing.T) {
	want := "function f\n  parameter a = -\n  parameter b int = 1\n  parameter c list = [1, 2]\n  return a + b"
	hasTree(t, "function f < a, b: int = 1, c: list = [1, 2] > { return a + b }", want)
	hasTree(t, "function f <\n  a\n  b: int = 1\n\n  , c: list = [1, 2],\n> {\n  return a + b\n}", want)
	hasTree(t, "function f < > { }", "function f")
	hasTree(t, "function f < vip = (a > b) > { return }", "function f\n  parameter vip = (a > b)\n  return -")
}

func TestAssignmentsReplaceAlongAPath(t *testing.T) {
	hasTree(t, "x = 1\na.b = 1\na[\"k\"] = 1\nxs[0] = 1\na . b [ i + 1 ] .c = 1\nglobal x = 1\nglobal x.y[\n0\n] = 1",
		"x = 1\na.b = 1\na[«k»] = 1\nxs[0] = 1\na.b[i + 1].c = 1\nglobal x = 1\nglobal x.y[0] = 1")
}

func TestIfHasBranchesAndElse(t *testing.T) {
	hasTree(t, "if a { x = 1 } else if b > c { x = 2 } else { x = 3 }", "if a\n  x = 1\nif b > c\n  x = 2\nelse\n  x = 3")
	hasTree(t, "if a < b { }", "if a < b")
}

func TestSwitchHasCasesWithValuesAndADefault(t *testing.T) {
	hasTree(t, "switch a.b + 1 {\n  case 1, \"x\" { y = 1 }\n\n  case f(2, 3) { }\n  default { y = 2 }\n}",
		"switch a.b + 1\ncase 1, «x»\n  y = 1\ncase f(2, 3)\ndefault\n  y = 2")
	hasTree(t, "switch x { }", "switch x")
}

func TestLoopsNameWhatTheyRunOver(t *testing.T) {
	hasTree(t, "while a < b { break }\nfor x in 1..3 { continue }\nfor k, v in a.b { }",
		"while a < b\n  break\nfor x in 1..3\n  continue\nfor k, v in a.b")
}

func TestStopReturnAndGotoStandAlone(t *testing.T) {
	hasTree(t, "stop\nreturn\nreturn a +\nb\nl: goto l", "stop\nreturn -\nreturn a +⏎b\nlabel l\ngoto l")
	hasTree(t, "if a { return }", "if a\n  return -")
}

func TestALabelStandsBeforeAStatementOnALineBeforeABraceOrAtTheEnd(t *testing.T) {
	hasTree(t, "goto a; goto b; goto c; goto d\na: x = 1\nb:\nif x { c: }\nd:",
		"goto a\ngoto b\ngoto c\ngoto d\nlabel a\nx = 1\nlabel b\nif x\n  label c\nlabel d")
	hasTree(t, "a: b: goto a; goto b", "label a\nlabel b\ngoto a\ngoto b")
}

func TestSettingsAreSeparatedByCommasOrNewlines(t *testing.T) {
	want := "call f\n  a: 1\n  b: 2\n  c: 3"
	for _, text := range []string{
		"f < a: 1, b: 2, c: 3 >",
		"f<a:1,b:2,c:3>",
		"f <\n  a: 1\n  b: 2\n  c: 3\n>",
		"f < a: 1\n  b: 2, c: 3,\n>",
		"f <\n\n  a: 1,\n\n  b: 2\n  , c: 3 >",
	} {
		hasTree(t, text, want)
	}
}

func TestTheLineRuleAppliesInsideASettingsValue(t *testing.T) {
	hasTree(t, "f <\n  a: x +\n    y\n  b: x\n    and y\n  c: x\n    ? y\n    : z\n  d: g(\n    1\n  )\n>",
		"call f\n  a: x +⏎    y\n  b: x⏎    and y\n  c: x⏎    ? y⏎    : z\n  d: g(⏎    1⏎  )")
}

func TestOperatorWordsAtALinesBeginningAreKeysWhenAColonFollows(t *testing.T) {
	hasTree(t, "f <\n  a: x\n  in: 1\n  not: 2\n  contains: 3\n>", "call f\n  a: x\n  in: 1\n  not: 2\n  contains: 3")
}

func TestACallMayHaveNoSettingsAndADottedName(t *testing.T) {
	hasTree(t, "f < >\ncrm.addNote <\n>\nf<>", "call f\ncall crm.addNote\ncall f")
}

func TestAfterAnEqualsSignACallIsOneWhenItsSettingsFollow(t *testing.T) {
	hasTree(t, "x = f < a: 1 >\nx = f < >\nx = f <\n\n  a: 1\n>\nx = a < b\nx = a.b < c ? d : e\nx = a < (b)",
		"x = call f\n  a: 1\nx = call f\nx = call f\n  a: 1\nx = a < b\nx = a.b < c ? d : e\nx = a < (b)")
}

func TestTheTargetOfACallMayBeAPathOrGlobal(t *testing.T) {
	hasTree(t, "a.b[0] = crm.get < id: 1 >\nglobal x = f < >", "a.b[0] = call crm.get\n  id: 1\nglobal x = call f")
}

func TestComparisonsInSettingsStandInParentheses(t *testing.T) {
	hasTree(t, "f < vip: (total > 1000), b: [a < b], c: g(a >= b) >", "call f\n  vip: (total > 1000)\n  b: [a < b]\n  c: g(a >= b)")
}

func TestATextBlockStandsInsideAnArgument(t *testing.T) {
	hasTree(t, "f <\n  message: upper(\"\"\"\n    a ${b}\n    c\n    \"\"\") + \"d\"\n  e: 1\n>",
		"call f\n  message: upper(«a {b}\\nc») + «d»\n  e: 1")
}

func TestCallsHaveFailoverAndCatchInThisOrder(t *testing.T) {
	hasTree(t, "f < limit: 2 > failover { x = 1 } catch e { x = 2 }\nf < > catch { }",
		"call f\n  limit: 2\nfailover\n  x = 1\ncatch e\n  x = 2\ncall f\ncatch")
}

func TestStatementsStandWhereTheirTextDoes(t *testing.T) {
	text := "x = 1 // a\nb: f < limit: 1 > failover { } catch e { y = 2 } // c\nif a { } else { }\nreturn\ngoto b"
	file, _ := lang.Parse("test.flow", text)
	want := []string{"x = 1", "b:", "f < limit: 1 > failover { } catch e { y = 2 }", "if a { } else { }", "return", "goto b"}
	for i, statement := range file.Body.Statements {
		place := statement.Place()
		if got := text[place.Start:place.End]; got != want[i] {
			t.Errorf("got %q, want %q", got, want[i])
		}
	}
	call := file.Body.Statements[2].(*lang.Call)
	for _, place := range []struct {
		span lang.Span
		want string
	}{
		{call.Close, ">"}, {call.Failover.Span, "{ }"}, {call.Catch.Span, "catch e { y = 2 }"}, {call.Catch.Body.Span, "{ y = 2 }"},
		{call.Settings[0].Span, "limit: 1"}, {call.Settings[0].Key.Span, "limit"}, {call.Component.Span, "f"},
	} {
		if got := text[place.span.Start:place.span.End]; got != place.want {
			t.Errorf("got %q, want %q", got, place.want)
		}
	}
}
