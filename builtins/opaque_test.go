package builtins_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/builtins/fail"
	"flowrun/builtins/log"
	"flowrun/builtins/sleep"
	"flowrun/lang"
	"flowrun/runtime"
)

// hunter is what the host's secret stands for; nothing that a run gives out may
// hold it.
const hunter = "hunter2-canary"

// witness keeps everything that a run shows anyone.
type witness struct {
	server *mailtest.Server
	engine *runtime.Engine
	seen   bytes.Buffer
	logged int
}

func newWitness(t *testing.T, options ...mailtest.Option) *witness {
	t.Helper()
	server, err := mailtest.Start(append([]mailtest.Option{mailtest.WithAnyName()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	w := &witness{server: server}
	sink := func(_ context.Context, entry log.Entry) error {
		w.logged++
		w.show(entry)
		return nil
	}
	redirect := &email.Redirect{
		Address: server.Addr(), TLSAddress: net.JoinHostPort(server.Host(), strconv.Itoa(server.TLSPort())), RootCAs: server.CertPool(),
	}
	w.engine, err = runtime.New(
		runtime.WithComponents(builtins.Standard(builtins.Config{Email: email.Config{Redirect: redirect}, Log: log.Config{Sink: sink}})...),
		runtime.WithSecrets(func(string) (string, error) { return hunter, nil }))
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *witness) show(values ...any) {
	for _, v := range values {
		fmt.Fprintf(&w.seen, "%v\n%+v\n%#v\n", v, v, v)
		if text, err := json.Marshal(v); err == nil {
			w.seen.Write(text)
		}
	}
}

// failed keeps an error and all that it wraps.
func (w *witness) failed(err error) {
	if err == nil {
		return
	}
	w.show(err)
	if e, ok := err.(*runtime.Error); ok {
		_ = e.Render(&w.seen, lang.RenderOptions{})
		w.show(e.Fields, e.Hint, *e)
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		w.failed(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			w.failed(one)
		}
	}
}

// run compiles and runs a flow and gives its problem, "" for none. The secret
// must be in nothing that came out.
func (w *witness) run(t *testing.T, flow string) (outcome *runtime.Outcome, problem string) {
	t.Helper()
	defer w.judge(t, flow)
	program, diagnostics := w.engine.Compile("test.flow", flow)
	if program == nil {
		var b bytes.Buffer
		_ = diagnostics.Render(&b, lang.RenderOptions{})
		w.seen.Write(b.Bytes())
		return nil, "check: " + b.String()
	}
	observe := func(e runtime.Event) {
		w.show(e, e.Settings, e.Result)
		w.failed(eventError(e))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	outcome, err := program.Run(ctx, nil, runtime.WithObserver(observe))
	w.failed(err)
	w.show(outcome, *outcome, outcome.Variables(), outcome.Result)
	if err != nil {
		return outcome, err.Error()
	}
	return outcome, ""
}

func eventError(e runtime.Event) error {
	if e.Err == nil {
		return nil
	}
	return e.Err
}

func (w *witness) judge(t *testing.T, flow string) {
	t.Helper()
	for _, mail := range w.server.Mails() {
		w.show(string(mail.Raw))
	}
	w.show(w.server.Commands())
	for _, form := range []string{hunter, base64.StdEncoding.EncodeToString([]byte(hunter)), fmt.Sprintf("%x", hunter)} {
		if strings.Contains(w.seen.String(), form) {
			t.Errorf("the secret came out of\n%s", flow)
		}
	}
	w.seen.Reset()
}

// settingsOf are the settings of each standard component with a call that needs
// no setting more.
var settingsOf = map[string]struct {
	settings any
	base     map[string]string
}{
	"sendEmail": {email.Settings{}, map[string]string{"to": `"a@x.example"`, "from": `"f@x.example"`, "message": `"m"`, "dryRun": "true"}},
	"log":       {log.Settings{}, map[string]string{"message": `"m"`}},
	"sleep":     {sleep.Settings{}, map[string]string{"for": `"1ms"`}},
	"fail":      {fail.Settings{}, map[string]string{"message": `"m"`}},
}

// call writes a call with one setting of it replaced.
func call(component string, base map[string]string, key, v string) string {
	settings := []string{key + ": " + v}
	for other, value := range base {
		if other != key && (component != "sleep" || key != "until") {
			settings = append(settings, other+": "+value)
		}
	}
	return component + " < " + strings.Join(settings, ", ") + " >"
}

// plainSettings lists a struct's settings that take neither secrets nor names of
// variables.
func plainSettings(t reflect.Type) (keys []string) {
	for _, f := range reflect.VisibleFields(t) {
		key, _, _ := strings.Cut(f.Tag.Get("flow"), ",")
		switch f.Type {
		case reflect.TypeFor[runtime.Password](), reflect.TypeFor[runtime.OutputVariable](), reflect.TypeFor[runtime.InputVariable]():
		default:
			if key != "" {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

const opaqueVariables = "s = secret(\"TOKEN\")\nh = html(\"<b>${1}</b>\")\n"

// TestNoPlainSettingTakesAnOpaqueValue goes over every setting of every standard
// component.
func TestNoPlainSettingTakesAnOpaqueValue(t *testing.T) {
	w := newWitness(t)
	for _, component := range w.engine.Components() {
		name := component.Name()
		known, ok := settingsOf[name]
		if !ok {
			t.Errorf("this test does not know the settings of %s", name)
			continue
		}
		keys := append(plainSettings(reflect.TypeOf(known.settings)), "break", "limit", "timeout", "description")
		for _, key := range keys {
			for _, v := range []string{
				"s", `secret("TOKEN")`, `"${s}"`, `"a ${s} b"`, "[s]", "{ k: s }", "[[{ k: s }]]", `["a@x.example", "${s}"]`, `true ? s : "a"`, `s ?? "a"`, `{ max: s }`, `{ user: s, password: "p" }`, `{ message: "m", k: s }`,
				"h", `"a ${h} b"`, "[h]", "{ k: h }",
			} {
				isHTML := strings.ContainsAny(v, "h") && !strings.Contains(v, "s")
				if key == "message" && name == "sendEmail" && isHTML {
					continue // what html is for
				}
				logged := w.logged
				flow := opaqueVariables + call(name, known.base, key, v)
				_, problem := w.run(t, flow)
				if problem == "" && !(isHTML && v != "h") {
					t.Errorf("%s takes it:\n%s", name, flow)
				}
				if !isHTML && w.logged != logged {
					t.Errorf("it was logged:\n%s", flow)
				}
				if (v == "s" || v == "h") && !strings.Contains(problem, map[bool]string{true: "html", false: "secret"}[isHTML]) && !strings.HasPrefix(problem, "check: ") {
					t.Errorf("the error does not name the kind: %s\n%s", problem, flow)
				}
			}
		}
	}
	if mails := w.server.Mails(); len(mails) != 0 {
		t.Errorf("%d mails were sent", len(mails))
	}
}

// TestStatementsPassOpaqueValuesOnAndDoNothingElse has a value for each @.
func TestStatementsPassOpaqueValuesOnAndDoNothingElse(t *testing.T) {
	w := newWitness(t)
	refused := []string{
		"if @ { }", "if true and @ { }", "while @ { }", "switch @ { case 1 { } }", "switch 1 { case @ { } }", "switch [@] { case [1] { } }", "for i in @ { }", "for i in 1..@ { }", "for i in @..3 { }",
		"x = [1]\nx[@] = 1", "x = {}\nx[@] = 1", "x = @\nx.a = 1", "x = @\nx[0] = 1", "x = {a: @}\nx.a.b = 1", "x = @\nreturn x.a",
		"flow < description: @ >", "flow < timezone: @ >", "flow < onError: @ >", `x = "${@}"`, "return \"${[@]}\"", "fail < message: @ >", `fail < message: "gave up: ${@}" >`, "fail < message: \"m\", kind: @ >", "fail < cause: @ >",
		"log < message: {k: @} >", "log < message: string(@) >", "sleep < for: @ >", "sleep < until: @ >",
	}
	for _, typ := range []string{"string", "int", "number", "bool", "list", "map", "time", "duration"} {
		refused = append(refused, "input a: "+typ+" = @", "function f < a: "+typ+" > { }\nf < a: @ >", "function f < a: "+typ+" = @ > { }\nf < >")
	}
	passed := []string{
		"x = @", "x = [@]\nx[0] = @", "x = {a: 1}\nx.a = @\nreturn x", "return @", "return [{a: [@]}]", "input a = @\nreturn a", "input a: any = @\nb = a",
		"function f < a > { return a }\nx = f < a: @ >\nreturn x", "function f < a: any = @ > { global g = a }\nf < >\ng = g", "for i in [@] { y = i }", "for k, v in ({k: @}) { y = v }", "x = @ ?? 1", "x = true ? @ : 1", "switch @ { default { } }",
		"x = [@]\nif len(x) == 1 { y = x[0] }", "x = type(@)",
	}
	for _, v := range []string{"s", `secret("TOKEN")`, "h", `html("<b>${1}</b>")`} {
		kind := "secret"
		if strings.HasPrefix(v, "h") {
			kind = "html"
		}
		for _, form := range refused {
			flow := place(form, v)
			if _, problem := w.run(t, flow); problem == "" {
				t.Errorf("it is taken:\n%s", flow)
			} else if !strings.Contains(problem, kind) && !strings.HasPrefix(problem, "check: ") {
				t.Errorf("the error does not name %s: %s\n%s", kind, problem, flow)
			}
		}
		for _, form := range passed {
			if _, problem := w.run(t, place(form, v)); problem != "" {
				t.Errorf("%s\n%s", problem, place(form, v))
			}
		}
	}
}

// place puts a value into a flow whose header and inputs stay first.
func place(form, v string) string {
	declared := opaqueVariables
	if len(v) == 1 && (strings.HasPrefix(form, "input") || strings.HasPrefix(form, "flow") || strings.Contains(form, "= @ >")) {
		declared = "" // neither defaults nor the header see variables
		v = map[string]string{"s": `secret("TOKEN")`, "h": `html("<b>${1}</b>")`}[v]
	}
	if strings.HasPrefix(form, "flow") {
		return strings.ReplaceAll(form, "@", v)
	}
	return declared + strings.ReplaceAll(form, "@", v)
}

// TestASecretReachesTheServerAndNobodyElse uses one as it is meant to be used, in
// every way it may be written, with servers that take it and that do not.
func TestASecretReachesTheServerAndNobodyElse(t *testing.T) {
	for name, c := range map[string]struct {
		password string
		ok       bool
	}{"the right one": {hunter, true}, "a wrong one": {"other", false}} {
		t.Run(name, func(t *testing.T) {
			w := newWitness(t, mailtest.WithCredentials("ann", c.password), mailtest.WithAuthRequired())
			for _, flow := range []string{
				`sendEmail < to: "a@x.example", from: "f@x.example", message: "m", server: "mail.x.example", smtp: { user: "ann", password: secret("TOKEN") } >`,
				`sendEmail < to: "a@x.example", from: "f@x.example", message: "m", server: "mail.x.example", smtp: { user: "ann", password: "${secret("TOKEN")}" } >`,
				"login = { user: \"ann\", password: secret(\"TOKEN\") }\n" + `sent = sendEmail < to: "a@x.example", from: "f@x.example", message: "m", server: "mail.x.example", smtp: login >`,
				"function mail < p > {\n" + `sendEmail < to: "a@x.example", from: "f@x.example", message: "m", server: "mail.x.example", smtp: { user: "ann", password: p }, responseCode: reply >` +
					"\nif reply != nil { fail < message: \"${reply} ${toJSON(reply)}\" > }\n}\nmail < p: secret(\"TOKEN\") >",
				`sendEmail < to: "a@x.example", from: "f@x.example", message: "m", server: "mail.x.example", smtp: { user: "ann", password: secret("TOKEN") } > catch e { fail < message: "${e} ${toJSON(e)}", cause: e > }`,
			} {
				if _, problem := w.run(t, flow); (problem == "") != c.ok {
					t.Errorf("problem %q of\n%s", problem, flow)
				}
			}
		})
	}
}

// TestAWrittenPasswordIsShownToNobodyEither is the same for one that stands in the
// flow or comes from its inputs; only an excerpt of the source may show it.
func TestAWrittenPasswordIsShownToNobodyEither(t *testing.T) {
	w := newWitness(t, mailtest.WithCredentials("ann", "other"), mailtest.WithAuthRequired())
	program, diagnostics := w.engine.Compile("test.flow", `input p: string
sendEmail < to: "a@x.example", from: "f@x.example", message: "m", server: "mail.x.example", smtp: { user: "ann", password: p } >`)
	if program == nil {
		t.Fatal(diagnostics)
	}
	outcome, err := program.Run(t.Context(), runtime.Inputs{"p": hunter}, runtime.WithObserver(func(e runtime.Event) { w.show(e, e.Settings) }))
	if err == nil || len(outcome.Failures) != 1 {
		t.Fatalf("outcome %v, %v", outcome.Failures, err)
	}
	w.failed(err)
	w.judge(t, "a password from an input")
}

func TestAPasswordHeldByAComponentDoesNotPrint(t *testing.T) {
	type settings struct {
		Token runtime.Password `flow:"token"`
	}
	type client struct {
		token  runtime.Password
		nested *settings
		all    map[string]runtime.Password
	}
	var seen strings.Builder
	connect := runtime.NewComponent("connect", func(_ context.Context, _ *runtime.Call, s *settings) (any, error) {
		if s.Token.Reveal() != hunter {
			t.Errorf("the component gets %q", s.Token.Reveal())
		}
		c := client{s.Token, s, map[string]runtime.Password{"t": s.Token}}
		for _, v := range []any{c, &c, *s, s, s.Token, &s.Token, c.all, []runtime.Password{s.Token}} {
			fmt.Fprintf(&seen, "%v %+v %#v %s %q %x %d %t", v, v, v, v, v, v, v, v)
			text, _ := json.Marshal(v)
			seen.Write(text)
		}
		return nil, fmt.Errorf("cannot connect as %+v", c)
	})
	engine, err := runtime.New(runtime.WithComponents(connect), runtime.WithSecrets(func(string) (string, error) { return hunter, nil }))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("test.flow", `connect < token: secret("T") >`)
	if program == nil {
		t.Fatal(diagnostics)
	}
	if _, err = program.Run(t.Context(), nil); err == nil {
		t.Fatal("no error")
	}
	if text := seen.String() + err.Error(); strings.Contains(text, hunter) || strings.Contains(text, fmt.Sprintf("%x", hunter)) {
		t.Errorf("it prints: %s", text)
	}
}
