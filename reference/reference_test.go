package reference_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"flowrun/internal/columns"
	"flowrun/reference"
	"flowrun/runtime"
)

// note are the settings of a host's own component.
type note struct {
	Contact int                    `flow:"contact,required" alias:"about" min:"1" doc:"The contact whom the note is about."`
	Text    string                 `flow:"text,required" doc:"What the note says."`
	Colour  string                 `flow:"colour" enum:"yellow,red" default:"yellow" doc:"How the note looks: <b> | *bold*."`
	Login   *login                 `flow:"login" doc:"Who writes."`
	Number  runtime.OutputVariable `flow:"number" doc:"The variable that gets the number of the note."`
}

type login struct {
	Token runtime.Password `flow:"token,required" doc:"A token of the CRM."`
}

// addNote is a component of a host.
func addNote() *runtime.Component {
	write := func(context.Context, *runtime.Call, *note) (any, error) { return map[string]any{"id": 1}, nil }
	return runtime.NewComponent("crm.addNote", write,
		runtime.Doc("Writes a note about a contact into the CRM."),
		runtime.In(runtime.Chat, runtime.Voice),
		runtime.Example(`made = crm.addNote < contact: 7, text: "called back" >`),
		runtime.Returns(runtime.FieldDescription{Key: "id", Type: "int", Doc: "The id of the note."}),
		runtime.Raises(runtime.FieldDescription{Key: "status", Type: "int", Doc: "What the CRM answered."}))
}

func ExampleWrite() {
	reference.Write(os.Stdout, addNote(), reference.Options{Width: 60})
	// Output:
	// crm.addNote
	//   Writes a note about a contact into the CRM.
	//   May stand in chat and voice flows, and in flows without a
	//   type.
	//
	// Example
	//   made = crm.addNote < contact: 7, text: "called back" >
	//
	// Settings
	//   contact, about  int, 1 or more, required
	//                   The contact whom the note is about.
	//   text            string, required
	//                   What the note says.
	//   colour          "yellow" or "red"; default "yellow"
	//                   How the note looks: <b> | *bold*.
	//   login           map
	//                   Who writes.
	//                   token  string or secret, required
	//                          A token of the CRM.
	//   number          output variable
	//                   The variable that gets the number of the
	//                   note.
	//
	// Settings of every call
	//   break        bool; default false
	//                Whether the run ends after this call, as by
	//                stop.
	//   limit        int or map with max
	//                The most passes through this statement in one
	//                run. Above it the failover block runs, or the
	//                call fails.
	//   description  string literal
	//                What the call is for. People see it in
	//                traces, graphs and explanations.
	//   timeout      duration
	//                How long the whole call may take, its
	//                attempts and waits included.
	//
	// Result
	//   id  int
	//       The id of the note.
	//
	// Error, beside message, kind, component, line and stack
	//   status  int
	//           What the CRM answered.
}

func ExampleMarkdown() {
	reference.Markdown(os.Stdout, []*runtime.Component{addNote()})
	// Output:
	// ## crm.addNote
	//
	// Writes a note about a contact into the CRM.
	// May stand in chat and voice flows, and in flows without a type.
	//
	// ```flow
	// made = crm.addNote < contact: 7, text: "called back" >
	// ```
	//
	// ### Settings of crm.addNote
	//
	// | setting | type | |
	// |---|---|---|
	// | `contact`, `about` | int, 1 or more, required | The contact whom the note is about. |
	// | `text` | string, required | What the note says. |
	// | `colour` | "yellow" or "red"; default "yellow" | How the note looks: \<b\> \| \*bold\*. |
	// | `login` | map | Who writes. |
	// | `login.token` | string or secret, required | A token of the CRM. |
	// | `number` | output variable | The variable that gets the number of the note. |
	//
	// ### Result of crm.addNote
	//
	// | field | type | |
	// |---|---|---|
	// | `id` | int | The id of the note. |
	//
	// ### Error of crm.addNote
	//
	// An error has these beside message, kind, component, line and stack.
	//
	// | field | type | |
	// |---|---|---|
	// | `status` | int | What the CRM answered. |
	//
	// ## Settings of every call
	//
	// | setting | type | |
	// |---|---|---|
	// | `break` | bool; default false | Whether the run ends after this call, as by stop. |
	// | `limit` | int or map with max | The most passes through this statement in one run. Above it the failover block runs, or the call fails. |
	// | `description` | string literal | What the call is for. People see it in traces, graphs and explanations. |
	// | `timeout` | duration | How long the whole call may take, its attempts and waits included. |
}

func TestNamesStandOut(t *testing.T) {
	var out strings.Builder
	shout := func(text string) string { return "<" + text + ">" }
	if err := reference.WriteList(&out, []*runtime.Component{addNote(), runtime.NewComponent("a",
		func(context.Context, *runtime.Call, *struct{}) (any, error) { return nil, nil })}, reference.Options{Bold: shout}); err != nil {
		t.Fatal(err)
	}
	want := "<a>\n<crm.addNote>  Writes a note about a contact into the CRM.\n"
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestNoLineIsWiderThanTheTerminal(t *testing.T) {
	for _, width := range []int{50, 80, 200} {
		var out strings.Builder
		if err := reference.Write(&out, addNote(), reference.Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(out.String()) {
			if w := columns.Width(strings.TrimSuffix(line, "\n")); w > width && !strings.Contains(line, "made =") {
				t.Errorf("%d columns of %d: %s", w, width, line)
			}
		}
	}
}

func TestWhatComponentsSayOfThemselvesCannotUpsetATerminal(t *testing.T) {
	odd := runtime.NewComponent("odd", func(context.Context, *runtime.Call, *struct{}) (any, error) { return nil, nil },
		runtime.Doc("a\x1b[31mb"), runtime.Example("odd <\x1b >"))
	var out strings.Builder
	if err := reference.Write(&out, odd, reference.Options{}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "\x1b") || !strings.Contains(out.String(), `a\u{1b}[31mb`) {
		t.Errorf("got %q", out.String())
	}
}

func TestOpenComponentSaysThatItTakesAnySettings(t *testing.T) {
	open := runtime.NewOpenComponent("mock", func(context.Context, *runtime.Call, map[string]any) (any, error) { return nil, nil },
		runtime.OwnSettingsOnly(), runtime.Doc("Stands in."))
	var out strings.Builder
	if err := reference.Write(&out, open, reference.Options{}); err != nil {
		t.Fatal(err)
	}
	if want := "mock\n  Stands in.\n  May stand in every flow. Takes any settings.\n"; out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}

func TestSettingsWithheldHaveNoPlace(t *testing.T) {
	if _, err := reference.FindSetting(addNote().Without("colour"), "colour"); err == nil {
		t.Error("the setting that a host withholds is found")
	}
}

func TestSettingsAreFoundByTheirPaths(t *testing.T) {
	for path, want := range map[string]string{
		"contact": "contact", "about": "contact", "login": "login", "login.token": "token", "timeout": "timeout",
	} {
		if got, err := reference.FindSetting(addNote(), path); err != nil || got.Key != want {
			t.Errorf("%s: got %q, %v", path, got.Key, err)
		}
	}
	for path, want := range map[string]string{
		"contct":      `unknown setting "contct" of crm.addNote, did you mean "contact"?`,
		"login.tokn":  `unknown setting "tokn" of crm.addNote.login, did you mean "token"?`,
		"text.x":      `unknown setting "x" of crm.addNote.text`,
		"":            `unknown setting "" of crm.addNote`,
		"login..toke": `unknown setting "" of crm.addNote.login`,
	} {
		if _, err := reference.FindSetting(addNote(), path); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", path, err, want)
		}
	}
}

func TestComponentsAreFoundByTheirNames(t *testing.T) {
	all := []*runtime.Component{addNote()}
	if got, err := reference.Find(all, "crm.addNote"); err != nil || got != all[0] {
		t.Errorf("got %v, %v", got, err)
	}
	const want = `unknown component "crm.addnot", did you mean "crm.addNote"?`
	if _, err := reference.Find(all, "crm.addnot"); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}
