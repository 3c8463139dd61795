package email_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/virtualtime"
)

// faultRow is a way in which a delivery can go wrong, and what must come of it.
// docs/delivery.md shows the rows to users.
type faultRow struct {
	server   string // what the server does, for the document
	settings string // of the call, beside what every row has

	// The server: mailtest with options, or a strict one with a script for the
	// connections in their order, of which the last serves all others; or none.
	options    []mailtest.Option
	scripts    []script
	extensions []string // of the strict server
	down       bool

	tls      email.TLSMode // of the strict server; none when it is not given
	adjust   func(*email.Config)
	to       string // the recipients; one when it is not given
	content  int    // bytes of an attachment that no buffer of the system hides
	timeouts email.Timeouts
	earlier  bool // another mail goes over the connection before

	want fault
}

// fault is what must come of a row.
type fault struct {
	state     email.State
	kind      runtime.Kind // "" when sent
	code      int          // of the reply; 0: none
	temporary bool
	attempts  int
	got       []string // who has a complete mail, once for each
	cut       int      // contents that the server saw the beginning of
	twice     bool     // somebody has it twice
	refused   int      // complete contents that the server refused
	says      []string // in the error
	commands  []string // that the server heard, among others
	never     []string // beginnings of commands that it must not have heard

	connections int // 0: any number
}

// brief bounds the silence of rows in which it ends the mail, and short that of rows
// in which the mail then goes over another connection.
var (
	brief = email.Timeouts{Command: 300 * time.Millisecond}
	short = email.Timeouts{Command: time.Second, Answer: time.Second}
)

const (
	oneRecipient = "ann@x.example"
	someoneElse  = "earlier@x.example" // has the mail that goes before
)

// observed is what a server really got.
type observed struct {
	connections int
	commands    []string
	contents    []strictContent
	cut         int
	violations  []string
}

// against starts the row's server, and returns the configuration that leads to it
// and what tells, once nobody sends any more, what it got.
func (row *faultRow) against(t *testing.T) (email.Config, func() observed) {
	t.Helper()
	server := &email.ServerConfig{Host: "127.0.0.1", TLS: email.TLSNone}
	config := email.Config{Server: server, Timeouts: row.timeouts}
	if row.down {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		server.Port = listener.Addr().(*net.TCPAddr).Port
		listener.Close()
		return config, func() observed { return observed{} }
	}
	if row.scripts != nil {
		strict := startStrictServer(t, func(connection int) script {
			return row.scripts[min(connection, len(row.scripts))-1]
		}, row.extensions...)
		server.Port = strict.port()
		if row.tls != "" {
			server.TLS = row.tls
		}
		return config, func() observed {
			strict.stop()
			complete, cut := strict.complete()
			return observed{strict.connections, strict.commands, complete, cut, strict.violations}
		}
	}
	sandbox, err := mailtest.Start(row.options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sandbox.Close() })
	server.Port, server.TLS, server.RootCAs = sandbox.Port(), email.TLSDefault, sandbox.CertPool()
	return config, func() observed { return observedBy(t, sandbox) }
}

func observedBy(t *testing.T, sandbox *mailtest.Server) observed {
	t.Helper()
	sandbox.Script() // whoever stalls goes on
	if err := sandbox.WaitForIdle(testContext(t)); err != nil {
		t.Fatal(err)
	}
	o := observed{connections: sandbox.Connections(), cut: sandbox.Aborted()}
	for _, command := range sandbox.Commands() {
		o.commands = append(o.commands, command.Line)
	}
	for _, mail := range sandbox.Mails() {
		o.contents = append(o.contents, strictContent{from: mail.From, to: mail.To, raw: mail.Raw, complete: true})
	}
	return o
}

// report is what the flow knows at the end.
type report struct {
	state     any
	kind      runtime.Kind
	code      any
	temporary any
	attempts  any
	messageID any
	text      string
}

// send runs the row's flow, whose waits pass at once.
func (row *faultRow) send(t *testing.T, config email.Config) report {
	t.Helper()
	to := row.to
	if to == "" {
		to = oneRecipient
	}
	before := ""
	if row.earlier {
		before = `sendEmail < to: "` + someoneElse + `", from: "flow@a.example", subject: "Earlier", message: "Earlier.", responseCode: first >`
	}
	p := program(t, config, `input to: string
input big: string
`+before+`
sent = sendEmail <
  to: to, from: "flow@a.example", subject: "A fault", message: "The message.\n.\nIts end.", attach: [{ name: "big.txt", content: big }]
  `+row.settings+`
>`)
	inputs := runtime.Inputs{"to": to, "big": strings.Repeat("0123456789abcdef", max(1, row.content/16))}
	outcome, err := p.Run(testContext(t), inputs, runtime.WithEffects(virtualtime.New(time.Now(), nil)))
	if err == nil {
		sent := outcome.Variables()["sent"]
		return report{state: field(t, sent, "state"), code: 0, temporary: false, attempts: field(t, sent, "attempts"), messageID: field(t, sent, "messageId")}
	}
	failure := outcome.Failures[0]
	d := report{state: failure.Fields["state"], kind: failure.Kind, code: 0, temporary: false,
		attempts: failure.Fields["attempts"], messageID: failure.Fields["messageId"], text: failure.Error()}
	if reply := failure.Fields["reply"]; reply != nil {
		d.code, d.temporary = field(t, reply, "code"), field(t, reply, "temporary")
	}
	return d
}

func TestEveryFaultHasItsOutcome(t *testing.T) {
	for _, group := range faultGroups {
		for _, row := range group.rows {
			t.Run(group.title+"/"+row.server+" "+row.settings, func(t *testing.T) {
				t.Parallel()
				row.check(t)
			})
		}
	}
}

func (row *faultRow) check(t *testing.T) {
	config, observe := row.against(t)
	if row.adjust != nil {
		row.adjust(&config)
	}
	config.Pool = email.NewPool(email.PoolLimits{})
	got := row.send(t, config)
	config.Pool.Close()
	want := row.want
	if got.state != string(want.state) || got.kind != want.kind || got.code != want.code || got.temporary != want.temporary || got.attempts != want.attempts {
		t.Errorf("state %v, kind %q, code %v, temporary %v, attempts %v\nwant  %s, kind %q, code %d, temporary %v, attempts %d\n%s",
			got.state, got.kind, got.code, got.temporary, got.attempts, want.state, want.kind, want.code, want.temporary, want.attempts, got.text)
	}
	for _, part := range want.says {
		if !strings.Contains(got.text, part) {
			t.Errorf("error %q, want %q in it", got.text, part)
		}
	}
	if len(got.text) > 3000 || strings.ContainsFunc(got.text, func(r rune) bool { return r < ' ' || r == 0x7f || r == 0xfffd }) {
		t.Errorf("an error of %d bytes with what no terminal should see: %.300q", len(got.text), got.text)
	}
	row.checkServer(t, observe(), fmt.Sprint(got.messageID))
}

// checkServer holds what the server got to the row: nothing doubled, nothing cut
// taken for whole, and one Message-ID for all attempts.
func (row *faultRow) checkServer(t *testing.T, o observed, messageID string) {
	t.Helper()
	want := row.want
	if len(o.violations) > 0 {
		t.Errorf("against RFC 5321: %q", o.violations)
	}
	var got []string
	var first []byte
	for _, content := range o.contents {
		if row.earlier && content.to[0] == someoneElse {
			continue
		}
		got = append(got, content.to...)
		if !strings.Contains(string(content.raw), "\r\nMessage-ID: "+messageID+"\r\n") {
			t.Errorf("the Message-ID is not %s: %.500s", messageID, content.raw)
		}
		if first == nil {
			first = content.raw
		}
		if string(content.raw) != string(first) {
			t.Error("the attempts sent different mails")
		}
		message, err := mailtest.Mail{Raw: content.raw}.Parse()
		if err != nil || message.Text != "The message.\r\n.\r\nIts end." || len(message.Attachments[0].Content) != max(16, row.content/16*16) {
			t.Errorf("the mail is not the one that was sent (%v): %.1000s", err, content.raw)
		}
	}
	slices.Sort(got)
	if wanted := append(slices.Repeat(one, want.refused), want.got...); !slices.Equal(got, wanted) {
		t.Errorf("complete mails for %q, want %q", got, wanted)
	}
	if want.connections != 0 && o.connections != want.connections {
		t.Errorf("%d connections, want %d", o.connections, want.connections)
	}
	if unique := slices.Compact(slices.Clone(got)); len(unique)+want.refused != len(got) && !want.twice {
		t.Errorf("somebody has it twice: %q", got)
	}
	if o.cut != want.cut {
		t.Errorf("%d contents were cut, want %d", o.cut, want.cut)
	}
	for _, command := range want.commands {
		if !slices.Contains(o.commands, command) {
			t.Errorf("commands %q, want %q", o.commands, command)
		}
	}
	for _, beginning := range want.never {
		if slices.ContainsFunc(o.commands, func(line string) bool { return strings.HasPrefix(line, beginning) }) {
			t.Errorf("commands %q with %s", o.commands, beginning)
		}
	}
}
