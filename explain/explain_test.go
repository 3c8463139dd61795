package explain_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/explain"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/store"
)

// noteSettings are those of a component of a host.
type noteSettings struct {
	Customer int              `flow:"customer,required" doc:"Whom the note is about."`
	Text     string           `flow:"text" alias:"note" doc:"The note."`
	Key      runtime.Password `flow:"key" doc:"The key of the service."`
}

// components are the standard ones of a host with a store, and one of its own.
func components(t *testing.T) []*runtime.Component {
	t.Helper()
	st, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	note := func(context.Context, *runtime.Call, *noteSettings) (any, error) { return nil, nil }
	return append(builtins.Standard(builtins.Config{Email: email.Config{Store: st}}),
		runtime.NewComponent("crm.note", note, runtime.Doc("Adds a note to the CRM.")))
}

func explained(t *testing.T, flow string) *explain.Explanation {
	t.Helper()
	engine, err := runtime.New(runtime.WithComponents(components(t)...))
	if err != nil {
		t.Fatal(err)
	}
	if _, diagnostics := engine.Compile("test.flow", flow); diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	tree, _ := lang.Parse("test.flow", flow)
	return explain.Explain(tree, engine.Components())
}

// sentences are the statements of an explanation, with their depth.
func sentences(e *explain.Explanation) []string {
	var all []string
	for _, s := range e.Statements {
		all = append(all, strings.Repeat("  ", s.Depth)+s.Text)
	}
	return all
}

func TestEachStatementIsASentence(t *testing.T) {
	for name, test := range map[string]struct {
		flow string
		want []string
	}{
		"assignments": {"m = {}\nm.a = 1", []string{"Sets m to {}.", "Sets m.a to 1."}},
		"conditions": {"if 1 > 0 { stop } else if 2 > 0 { return 7 } else { }", []string{
			"If 1 > 0:", "  Ends the run.", "Else if 2 > 0:", "  Ends the run with the result 7.", "Else:", "  Nothing is done.",
		}},
		"cases": {"x = 1\nswitch x { case 1, 2 { stop } default { stop } }", []string{
			"Sets x to 1.", "Depending on x:", "  If it is 1 or 2:", "    Ends the run.", "  If it is none of these:", "    Ends the run.",
		}},
		"loops": {"while true { break }\nfor k, v in ({a: 1}) { continue }", []string{
			"As long as true:", "  Leaves the loop.", "For each k and v of ({a: 1}):", "  Goes on with the next pass of the loop.",
		}},
		"labels": {"again:\nif false { goto again }", []string{"Here is again, where gotos lead.", "If false:", "  Goes to again in line 1."}},
		"functions": {"count = 0\nn = f < a: 1 >\nfunction f < a: int, b: any = 2 > {\nglobal count = a\nreturn count\n}", []string{
			"Sets count to 0.", "Calls the function f with a: 1, with the result in n.",
			"Function f, with a (int), b (any, else 2):", "  Sets count of the flow to a.", "  Leaves the function with the result count.",
		}},
		"a function without parameters": {"f < >\nfunction f < > { }", []string{
			"Calls the function f.", "Function f, without parameters:", "  Nothing is done.",
		}},
		"log, sleep and fail": {`log < message: "x", level: "warn" >; sleep < for: "5m" >; sleep < until: now() >; fail < message: "no" >`, []string{
			`Writes "x" to the log, at the level warn.`, "Waits for 5m.", "Waits until now().", `Fails with the message "no".`,
		}},
		"a failure raised again": {`sleep < for: "1s" > catch e { fail < cause: e, message: "no" > }`, []string{
			"Waits for 1s.", "  When it fails, with the error in e:", `    Fails again with the error e, and the message "no".`,
		}},
		"limits": {"log < message: 1, limit: 2, timeout: \"3s\", description: \"a note\" > failover { stop }\nlog < message: 1, limit: 1 >", []string{
			"a note: writes 1 to the log, within 3s. At most 2 passes in a run.", "  Above this limit, instead:", "    Ends the run.",
			"Writes 1 to the log. At most one pass in a run; one more is a failure.",
		}},
		"break": {"x = true\nlog < message: 1, break: x >\nlog < message: 1, break: true >", []string{
			"Sets x to true.", "Writes 1 to the log. Then the run ends if x.", "Writes 1 to the log. Then the run ends.",
		}},
		"a component of the host": {`crm.note < customer: 7, note: "hi", key: "abc" >`, []string{
			`Calls crm.note with customer: 7, note: "hi", key: ***. Adds a note to the CRM. When it fails, the run ends with that error.`,
		}},
		"a secret by its name": {`crm.note < customer: 7, key: secret("CRM") >`, []string{
			`Calls crm.note with customer: 7, key: secret("CRM"). Adds a note to the CRM. When it fails, the run ends with that error.`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sentences(explained(t, test.flow)); !slices.Equal(got, test.want) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(test.want, "\n  "))
			}
		})
	}
}

func TestAMailIsExplainedByWhomItReachesAndHow(t *testing.T) {
	const to = `to: "ann@example.com", message: "x"`
	for name, test := range map[string]struct{ settings, sentence, sends string }{
		"plain": {to, `Sends a mail to "ann@example.com". When it fails, the run ends with that error.`,
			`a mail to "ann@example.com", over the profile default, else the host's server`},
		"all recipients": {to + `, cc: x, bcc: [x, "c@example.com"], subject: "Hello", from: "me@example.com"`,
			`Sends a mail to "ann@example.com", with a copy to x, with a blind copy to [x, "c@example.com"], about "Hello". When it fails, the run ends with that error.`,
			`a mail to "ann@example.com", with a copy to x, with a blind copy to [x, "c@example.com"], from "me@example.com", over the profile default, else the host's server`},
		"profile": {to + `, profile: "shop", store: true`,
			`Sends a mail to "ann@example.com". The mail is kept in the store. When it fails, the run ends with that error.`,
			`a mail to "ann@example.com", over the profile "shop"`},
		"server": {to + `, server: "mx.example.com", port: 25, tls: false, smtp: { user: "ann", password: "hunter2" }`,
			`Sends a mail to "ann@example.com". When it fails, the run ends with that error.`,
			`a mail to "ann@example.com", over the server "mx.example.com", port 25, not encrypted, with the login { user: "ann", password: *** }`},
		"retries": {to + `, retryCount: 3, retryDelay: "10s", retryUnknown: true, responseCode: reply`,
			`Sends a mail to "ann@example.com". After a temporary failure it makes up to 3 more attempts, the first one 10s later. A mail that may have arrived is tried again, too. When it fails, reply says why, and the flow goes on.`,
			`a mail to "ann@example.com", over the profile default, else the host's server`},
		"files and an answer": {to + `, files: [1, 2], inReplyTo: "<a@example.com>"`,
			`Sends an answer to the mail "<a@example.com>", to "ann@example.com", with the files [1, 2]. When it fails, the run ends with that error.`,
			`an answer to the mail "<a@example.com>", to "ann@example.com", with the files [1, 2], over the profile default, else the host's server`},
		"who else is told": {to + `, sender: "robot@example.com", replyTo: ["desk@example.com"], headers: { "X-Order": "42" }`,
			`Sends a mail to "ann@example.com". When it fails, the run ends with that error.`,
			`a mail to "ann@example.com", sent by "robot@example.com", with answers to ["desk@example.com"], with the headers { "X-Order": "42" }, over the profile default, else the host's server`},
		"a dry run": {to + `, dryRun: true`, `Makes and checks a mail to "ann@example.com", and does not send it.`, ""},
		"perhaps a dry run": {to + `, dryRun: quiet`,
			`Sends a mail to "ann@example.com". If quiet, it is only made and checked, and not sent. When it fails, the run ends with that error.`,
			`a mail to "ann@example.com", over the profile default, else the host's server, unless quiet`},
	} {
		t.Run(name, func(t *testing.T) {
			e := explained(t, "input x: string\ninput quiet: bool\nsendEmail < "+test.settings+" >")
			if got := e.Statements[0].Text; got != test.sentence {
				t.Errorf("got  %s\nwant %s", got, test.sentence)
			}
			var sends string
			for _, sending := range e.Sendings {
				sends += sending.What
			}
			if sends != test.sends {
				t.Errorf("it sends %s\nwant     %s", sends, test.sends)
			}
		})
	}
}

func TestAFailureIsToldWhereItIsTaken(t *testing.T) {
	const mail = `sendEmail < to: "ann@example.com", message: "x"`
	for flow, want := range map[string]string{
		mail + " >":                                      "When it fails, the run ends with that error.",
		mail + ", responseCode: r >":                     "When it fails, r says why, and the flow goes on.",
		mail + ", responseCode: r > catch { }":           "When it fails, r says why.",
		mail + " > catch { }":                            `Sends a mail to "ann@example.com".`,
		"flow < onError: \"continue\" >\n" + mail + " >": `Sends a mail to "ann@example.com".`,
		"function f < > {\n" + mail + " >\n}\nf < >":     "When it fails, the function fails.",
	} {
		e := explained(t, flow)
		told := slices.ContainsFunc(e.Statements, func(s explain.Statement) bool {
			return strings.Contains(s.Text, "a mail") && strings.HasSuffix(s.Text, want)
		})
		if !told {
			t.Errorf("%s\nis explained by %q, want %q", flow, sentences(e), want)
		}
	}
}

func TestASendingTellsWhatItsVariablesMayBe(t *testing.T) {
	e := explained(t, `input team: string = "a@example.com"
input people: list
if 1 > 0 { team = "b@example.com" }
x = team
for number, person in people {
  sendEmail < to: "${upper(person.name)} <${person.email}>", copy: [team, x], subject: "x", message: team.name > catch e {
    sendEmail < to: e.recipient, subject: team, message: number >
  }
}
y = inform < to: "c@example.com" >
function inform < to: string, also: string = "d@example.com" > {
  global x = to
  sendEmail < to: [to, also], bcc: x, subject: "x", message: "x" >
}`)
	want := []explain.Sending{
		{Line: 6, Component: "sendEmail", Where: []explain.Variable{
			{Name: "person", Is: []string{"each of people (line 5)"}},
			{Name: "team", Is: []string{`an input, else "a@example.com"`, `"b@example.com" (line 3)`}},
			{Name: "x", Is: []string{"team (line 4)", "to (line 12)"}},
		}},
		{Line: 7, Component: "sendEmail", Where: []explain.Variable{{Name: "e", Is: []string{"the error of sendEmail (line 6)"}}}},
		{Line: 13, Component: "sendEmail", Where: []explain.Variable{
			{Name: "to", Is: []string{`"c@example.com" (called in line 10)`}},
			{Name: "also", Is: []string{`"d@example.com" where it is not given`}},
			{Name: "x", Is: []string{"team (line 4)", "to (line 12)"}},
		}},
	}
	for i := range e.Sendings {
		e.Sendings[i].What = ""
	}
	if !reflect.DeepEqual(e.Sendings, want) {
		t.Errorf("got  %+v\nwant %+v", e.Sendings, want)
	}
}

func TestASendingInAFunctionTellsWhatTheCallsGive(t *testing.T) {
	e := explained(t, `input agent: string
team = "team@example.com"
tell < who: agent >
if 1 > 0 { tell < who: "ann@example.com", file: "b.pdf", key: "hunter2" > }
relay < who: team >
function relay < who: string > {
  tell < who: "<${who}>" >
}
function tell < who: string, file: string = "a.pdf", key: string = "" > {
  sendEmail < to: who, headers: { "X-File": file, "X-Key": key }, subject: "x", message: "x" >
}
function nobody < who: string > {
  sendEmail < to: who, subject: "x", message: "x" >
}`)
	want := [][]explain.Variable{{
		{Name: "who", Is: []string{"agent (called in line 3)", `"ann@example.com" (called in line 4)`, `"<${who}>" (called in line 7)`}},
		{Name: "file", Is: []string{`"b.pdf" (called in line 4)`, `"a.pdf" where it is not given`}},
		{Name: "key", Is: []string{"*** (called in line 4)", `"" where it is not given`}},
		{Name: "agent", Is: []string{"an input"}},
		{Name: "who of the function relay", Is: []string{"team (called in line 5)"}},
		{Name: "team", Is: []string{`"team@example.com" (line 2)`}},
	}, {
		{Name: "who", Is: []string{"a parameter"}},
	}}
	var got [][]explain.Variable
	for _, sending := range e.Sendings {
		got = append(got, sending.Where)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// manyAddresses lists so many addresses as the flow writes them.
func manyAddresses(count int) string {
	var all []string
	for i := range count {
		all = append(all, fmt.Sprintf("%q", fmt.Sprintf("recipient%d@example.com", i)))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

func TestNoRecipientIsCutOff(t *testing.T) {
	many := manyAddresses(50)
	for setting, want := range map[string]string{
		"to: " + many:                                             "a mail to " + many,
		`to: "a@example.com", cc: ` + many:                        `a mail to "a@example.com", with a copy to ` + many,
		`to: "a@example.com", bcc: ` + many:                       `a mail to "a@example.com", with a blind copy to ` + many,
		"to: \"\"\"\n  a@example.com,\n  b@example.com\n  \"\"\"": `a mail to """ a@example.com, b@example.com """`,
	} {
		e := explained(t, "sendEmail < "+setting+`, subject: "x", message: "x" >`)
		if !strings.HasPrefix(e.Sendings[0].What, want+",") {
			t.Errorf("it sends %s\nwant     %s", e.Sendings[0].What, want)
		}
		if !strings.Contains(e.Statements[0].Text, want) {
			t.Errorf("it does %s\nwant    %s", e.Statements[0].Text, want)
		}
	}
}

func TestRecipientsInVariablesAreToldOrCounted(t *testing.T) {
	for value, want := range map[string]string{
		manyAddresses(10): manyAddresses(10) + " (line 1)",
		"\"\"\"\n  a@example.com,\n  b@example.com\n  \"\"\"": `""" a@example.com, b@example.com """ (line 1)`,
		manyAddresses(100): strings.TrimSuffix(manyAddresses(22), "]") + " … (78 more texts) (line 1)",
	} {
		e := explained(t, "x = "+value+"\n"+`sendEmail < to: x, subject: "x", message: "x" >`)
		if got := e.Sendings[0].Where[0].Is; !slices.Equal(got, []string{want}) {
			t.Errorf("x is %q\nwant %q", got, want)
		}
	}
	e := explained(t, `x = "`+strings.Repeat("a@example.com, ", 100)+`b@example.com"`+"\n"+`sendEmail < to: x, subject: "x", message: "x" >`)
	if is := e.Sendings[0].Where[0].Is[0]; !strings.HasSuffix(is, "… (916 more characters) (line 1)") {
		t.Errorf("x is %s", is)
	}
}

func TestWhatALongCallLeavesOutIsCounted(t *testing.T) {
	const begin = `crm.note < customer: 7, note: `
	e := explained(t, begin+manyAddresses(7)+"[0] >")
	if text := e.Statements[0].Text; !strings.Contains(text, `"recipient1@example.com" … (5 more texts).`) {
		t.Errorf("got %s", text)
	}
	tree, _ := lang.Parse("x.flow", `far < a: "`+strings.Repeat("a", 70)+`", b: "`+strings.Repeat("b", 70)+`", c: 1, d: 2 >`)
	if text := explain.Explain(tree, nil).Statements[0].Text; !strings.Contains(text, `a" and 3 more. `) {
		t.Errorf("got %s", text)
	}
}

func TestALoginIsToldWithoutItsPassword(t *testing.T) {
	for login, want := range map[string]string{
		`{ user: "ann", password: secret("SMTP") }`:                            `{ user: "ann", password: secret("SMTP") }`,
		`{ user: "ann", password: "hunter2" }`:                                 `{ user: "ann", password: *** }`,
		"{\n  \"password\": \"hun,ter\" + \"2}\", // it\n  user: \"a: b\",\n}": `{ "password": ***, user: "a: b", }`,
		`{ password: { a: "hunter2", b: 1 }.a, user: name }`:                   `{ password: ***, user: name }`,
		`{ password: name != "" ? "hunter2" : key, user: "${name}, x" }`:       `{ password: ***, user: "${name}, x" }`,
		`{ password: secret("SMTP") ?? "hunter2", user: name }`:                `{ password: ***, user: name }`,
		`{ password: key, user: name }`:                                        `{ password: key, user: name }`,
		`{ ("password"): "hunter2", user: name }`:                              `***`,
		`{ "pass\u0077ord": "hunter2", user: name }`:                           `***`,
		`{ user: name, password: "hunter2" } ?? nil`:                           `***`,
		`merge({ user: name }, { password: "hunter2" })`:                       `***`,
		`login`: `login`,
	} {
		file, diagnostics := lang.Parse("x.flow", `sendEmail < to: "ann@example.com", message: "x", server: "mx.example.com", smtp: `+login+" >")
		if diagnostics.HasErrors() {
			t.Errorf("%s: %v", login, diagnostics)
			continue
		}
		e := explain.Explain(file, components(t))
		if want = `a mail to "ann@example.com", over the server "mx.example.com", with the login ` + want; e.Sendings[0].What != want {
			t.Errorf("got  %s\nwant %s", e.Sendings[0].What, want)
		}
	}
}

func TestASecretOfWhatNobodyKnowsIsNotTold(t *testing.T) {
	e := explained(t, "f < password: \"hunter2\", login: { apiKey: \"hunter2\" } >\nfunction f < password, login > { }")
	if text := e.Statements[0].Text; text != "Calls the function f with password: ***, login: ***." {
		t.Errorf("got %s", text)
	}
}

// The names of variables are parts of words here: e of "recipient", a of "a mail".
func TestASendingTellsOnlyOfVariablesInItsWords(t *testing.T) {
	e := explained(t, `r = "recipient13@example.com"
e = 1
a = "x"
sendEmail < to: r, subject: a, message: a, retryCount: e, retryDelay: a, port: 25, server: "mail.example.com", tls: false >`)
	want := []explain.Variable{{Name: "r", Is: []string{`"recipient13@example.com" (line 1)`}}}
	if got := e.Sendings[0].Where; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestAnOutputVariableIsTheOneOfItsCall(t *testing.T) {
	e := explained(t, `sendEmail < to: "a@example.com", subject: "x", message: "x", responseCode: rc >
sendEmail < to: "${rc}@example.com", subject: "x", message: "x" >`)
	want := []explain.Variable{{Name: "rc", Is: []string{"the responseCode of sendEmail (line 1)"}}}
	if got := e.Sendings[1].Where; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestOnlyTheFirstPlacesOfAVariableAreTold(t *testing.T) {
	e := explained(t, strings.Repeat("x = \"a@example.com\"\n", 8)+`sendEmail < to: x, subject: "x", message: "x" >`)
	is := e.Sendings[0].Where[0].Is
	if len(is) != 6 || is[4] != `"a@example.com" (line 5)` || is[5] != "3 more" {
		t.Errorf("x is %q", is)
	}
}

func TestTheWordsOfAComponentAreTakenWhereTheyCanBe(t *testing.T) {
	nothing := func(context.Context, *runtime.Call, *struct{}) (any, error) { return nil, nil }
	engine, err := runtime.New(runtime.WithComponents(
		runtime.NewComponent("good", nothing, runtime.Explained(func(map[string]string) runtime.Wording {
			return runtime.Wording{Does: "émits \x07", Sends: "a beep\n", Further: []string{"Once."}}
		})),
		runtime.NewComponent("broken", nothing, runtime.Explained(func(map[string]string) runtime.Wording { panic("no words") })),
		runtime.NewComponent("silent", nothing, runtime.Explained(func(map[string]string) runtime.Wording { return runtime.Wording{} })),
	))
	if err != nil {
		t.Fatal(err)
	}
	tree, _ := lang.Parse("x.flow", "good < >\nbroken < > catch { }\nsilent < > catch { }\nunknown < > catch { }")
	e := explain.Explain(tree, engine.Components())
	var calls []string
	for _, s := range e.Statements {
		if s.Depth == 0 {
			calls = append(calls, s.Text)
		}
	}
	want := []string{`Émits \u{7}. Once. When it fails, the run ends with that error.`, "Calls broken.", "Calls silent.", "Calls unknown."}
	if !slices.Equal(calls, want) {
		t.Errorf("got %q, want %q", calls, want)
	}
	if e.Sendings[0].What != `a beep\n` {
		t.Errorf("it sends %q", e.Sendings[0].What)
	}
}

func TestAnExplanationBeginsWithTheFlowAndItsInputs(t *testing.T) {
	e := explained(t, `flow chat "Tea" < description: "Makes tea", timezone: "Europe/Kyiv", onError: "continue" >
input guest: map // name, email
input cups: int = 2
input wish
crm.note < customer: cups >`)
	var out strings.Builder
	if err := e.Write(&out); err != nil {
		t.Fatal(err)
	}
	want := `Tea: a chat flow. Makes tea. Its time zone is Europe/Kyiv. After a failure that nothing takes it goes on with the next statement.

Inputs:
  guest  map  required; name, email
  cups   int  else 2
  wish   any  required

It may send:
  5  crm.note: what, it does not say; its own words: Adds a note to the CRM.

What it does:
  5  Calls crm.note with customer: cups. Adds a note to the CRM.
`
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestAnExplanationShowsWhatWouldHideOrReorderText(t *testing.T) {
	flow := "flow \"a\\u{202e}b\"\ninput x: string = '\u00e9\u200b' // tab\there \u202e\nx = \"\u2066\"\nlog < message: \"\u202e\", description: \"\u202e\" >"
	var out strings.Builder
	if err := explained(t, flow).Write(&out); err != nil {
		t.Fatal(err)
	}
	if lang.Visible(out.String()) != out.String() {
		t.Errorf("the explanation hides something: %q", out.String())
	}
}

// Columns are not counted: from the beginning of such a line that would take minutes.
func TestNoFileIsExplainedAsOneWithoutAStatement(t *testing.T) {
	var none, empty strings.Builder
	if err := explain.Explain(nil, nil).Write(&none); err != nil {
		t.Fatal(err)
	}
	file, _ := lang.Parse("", "")
	if err := explain.Explain(file, components(t)).Write(&empty); err != nil {
		t.Fatal(err)
	}
	if none.String() != empty.String() || !strings.Contains(none.String(), "It sends nothing.") {
		t.Errorf("got %q, and of an empty file %q", none.String(), empty.String())
	}
}

func TestALongLineIsExplained(t *testing.T) {
	const statements = 100_000
	tree, diagnostics := lang.Parse("long.flow", strings.Repeat("x = 1; ", statements)+"\nstop")
	if diagnostics.HasErrors() {
		t.Fatal(diagnostics)
	}
	e := explain.Explain(tree, nil)
	if len(e.Statements) != statements+1 || e.Statements[statements-1].Line != 1 || e.Statements[statements].Line != 2 {
		t.Errorf("%d statements, the last %+v", len(e.Statements), e.Statements[len(e.Statements)-1])
	}
}

func TestEveryExampleIsExplained(t *testing.T) {
	flows, err := filepath.Glob("../examples/*.flow")
	if err != nil || len(flows) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range flows {
		if lang.IsTestFile(file) {
			continue
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			e := explained(t, string(text))
			mails := strings.Count(string(text), "sendEmail <")
			if len(e.Sendings) != mails {
				t.Errorf("it may send %d times, and has %d mails", len(e.Sendings), mails)
			}
			for _, s := range e.Statements {
				if s.Text == "" || s.Line == 0 || strings.ContainsAny(s.Text, "\n\t") {
					t.Errorf("line %d is explained by %q", s.Line, s.Text)
				}
			}
		})
	}
}
