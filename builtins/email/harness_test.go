package email_test

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// startSandbox starts a server that stands for every mail server there is.
func startSandbox(t testing.TB, options ...mailtest.Option) *mailtest.Server {
	t.Helper()
	server, err := mailtest.Start(append([]mailtest.Option{mailtest.WithAnyName()}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}

// sandboxed leads every mail to the server.
func sandboxed(server *mailtest.Server) email.Config {
	return email.Config{Redirect: &email.Redirect{
		Address:    server.Addr(),
		TLSAddress: net.JoinHostPort(server.Host(), strconv.Itoa(server.TLSPort())),
		RootCAs:    server.CertPool(),
	}}
}

// compile checks a flow for a host with this configuration.
func compile(t testing.TB, config email.Config, flow string) (*runtime.Program, lang.Diagnostics) {
	t.Helper()
	engine, err := runtime.New(
		runtime.WithComponents(builtins.Standard(builtins.Config{Email: config})...),
		runtime.WithSecrets(func(name string) (string, error) { return "secret " + name, nil }),
	)
	if err != nil {
		t.Fatal(err)
	}
	return engine.Compile("test.flow", flow)
}

// program is compile for a flow that checks.
func program(t testing.TB, config email.Config, flow string) *runtime.Program {
	t.Helper()
	p, diagnostics := compile(t, config, flow)
	if p == nil {
		t.Fatalf("the flow does not check: %v", diagnostics)
	}
	return p
}

// lifetime is what tests and property checks share.
type lifetime interface {
	Helper()
	Cleanup(func())
}

// testContext ends when a test takes too long.
func testContext(t lifetime) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// runFlow runs a flow and gives its variables.
func runFlow(t testing.TB, config email.Config, flow string, inputs runtime.Inputs) (map[string]any, error) {
	t.Helper()
	outcome, err := program(t, config, flow).Run(testContext(t), inputs)
	return outcome.Variables(), err
}

// delivered runs a flow that must succeed and gives the mail that it sent.
func delivered(t testing.TB, server *mailtest.Server, flow string, inputs runtime.Inputs) mailtest.Mail {
	t.Helper()
	if _, err := runFlow(t, sandboxed(server), flow, inputs); err != nil {
		t.Fatal(err)
	}
	return onlyMail(t, server)
}

func onlyMail(t testing.TB, server *mailtest.Server) mailtest.Mail {
	t.Helper()
	mails := server.Mails()
	if len(mails) != 1 {
		t.Fatalf("%d mails came, want 1", len(mails))
	}
	return mails[0]
}

func parsed(t testing.TB, mail mailtest.Mail) *mailtest.Message {
	t.Helper()
	message, err := mail.Parse()
	if err != nil {
		t.Fatal(err)
	}
	return message
}

// wantError runs a flow that must fail without connecting, and gives its error.
func wantError(t *testing.T, config email.Config, flow string, inputs runtime.Inputs, want string) *runtime.Error {
	t.Helper()
	outcome, err := program(t, config, flow).Run(testContext(t), inputs)
	if err == nil {
		t.Fatalf("the flow succeeded, want an error with %q", want)
	}
	failure := outcome.Failures[0]
	if !strings.Contains(failure.Error()+" "+failure.Hint, want) {
		t.Errorf("error %q, hint %q; want %q in it", failure, failure.Hint, want)
	}
	return failure
}

// wantDiagnostic checks a flow that must have a diagnostic with this summary or
// hint at this place, "line:column".
func wantDiagnostic(t *testing.T, flow string, severity lang.Severity, at, want string) {
	t.Helper()
	_, diagnostics := compile(t, email.Config{}, flow)
	for _, d := range diagnostics {
		place := d.Range().Start
		text := strconv.Itoa(place.Line) + ":" + strconv.Itoa(place.Column)
		if d.Severity == severity && text == at && strings.Contains(d.Summary+" "+d.Hint, want) {
			return
		}
	}
	t.Errorf("diagnostics %v; want %q at %s", diagnostics, want, at)
}

// field reads a path of a value of the flow.
func field(t *testing.T, v any, path ...string) any {
	t.Helper()
	for _, key := range path {
		fields, ok := value.AsMap(v)
		if !ok {
			t.Fatalf("%v is no map, want its field %s", v, key)
		}
		v = fields[key]
	}
	return v
}

func text(t *testing.T, v any) string {
	t.Helper()
	printed, err := value.Text(v)
	if err != nil {
		t.Fatal(err)
	}
	return printed
}
