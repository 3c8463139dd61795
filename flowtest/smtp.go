package flowtest

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"

	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// SMTPSettings are those of smtp, as mailtest.Fault has them.
type SMTPSettings struct {
	Reply      SMTPReply `flow:"reply" doc:"What the server answers, such as \"451 4.7.1 try later\"."`
	Stage      string    `flow:"stage" enum:"connect,ehlo,starttls,auth,mail,rcpt,data,upload,dot,rset,quit" default:"rcpt" doc:"When it does: at which command, in the content (upload) or after it (dot)."`
	Recipient  string    `flow:"recipient" doc:"Only for this address; for the stage rcpt."`
	Times      int       `flow:"times" min:"0" default:"0" doc:"How often; 0 is always."`
	Skip       int       `flow:"skip" min:"0" default:"0" doc:"How many occasions pass before."`
	Drop       bool      `flow:"drop" default:"false" doc:"Cuts the connection, after the reply if there is one."`
	Stall      bool      `flow:"stall" default:"false" doc:"Goes silent, so that the client's patience ends."`
	AfterBytes int       `flow:"afterBytes" min:"0" default:"0" doc:"How much of the content is read before; for the stage upload."`
	Captured   bool      `flow:"captured" default:"false" doc:"The mail is captured all the same; for the stage dot."`
}

// SMTPReply is a reply of a server as text: code, enhanced status code, words.
type SMTPReply struct {
	Code     int
	Enhanced string
	Text     string
}

var replyForm = regexp.MustCompile(`^([2-5]\d\d)(?:[ -](\d\.\d{1,3}\.\d{1,3}))?(?:[ -](?s:(.*)))?$`)

// DecodeSetting reads a reply.
func (r *SMTPReply) DecodeSetting(v any) error {
	text, ok := plain(v).(string)
	if !ok {
		return errors.New("want a string")
	}
	parts := replyForm.FindStringSubmatch(text)
	if parts == nil {
		return &runtime.Failure{Message: fmt.Sprintf("%q is no reply of a server", text), Hint: `write a code and words: "451 4.7.1 try later"`}
	}
	r.Code, _ = strconv.Atoi(parts[1])
	r.Enhanced, r.Text = parts[2], parts[3]
	return nil
}

// SettingType says what a reply is.
func (r *SMTPReply) SettingType() string { return "string" }

// Components describes what test files have beside the components of flows, for
// references and completion: `smtp`, and `mock`, which is a statement.
func Components() []*runtime.Component {
	file := newTestFile("", "", Config{})
	return []*runtime.Component{file.mockComponent("http"), file.smtpComponent()}
}

// smtpComponent orders a fault of the sandbox's server.
func (f *testFile) smtpComponent() *runtime.Component {
	return runtime.NewComponent("smtp", func(_ context.Context, call *runtime.Call, s *SMTPSettings) (any, error) {
		if !givesSetting(call.Has) {
			f.test.behave()
			return nil, nil
		}
		if s.Reply.Code == 0 && !s.Drop && !s.Stall {
			return nil, &runtime.Failure{Kind: runtime.KindValue, Message: nothingToDo, Hint: nothingToDoHint}
		}
		stage := mailtest.StageRCPT
		if s.Stage != "" {
			stage = mailtest.Stage(s.Stage)
		}
		return nil, f.test.misbehave(call.Range, mailtest.Fault{
			Stage: stage, Recipient: s.Recipient, Times: s.Times, Skip: s.Skip,
			Code: s.Reply.Code, Enhanced: s.Reply.Enhanced, Text: s.Reply.Text,
			Drop: s.Drop, Stall: s.Stall, AfterBytes: int64(s.AfterBytes), Captured: s.Captured,
		})
	}, runtime.InTests(), runtime.Doc("Lets the sandbox's mail server misbehave from now on, in tests; without settings it behaves again."),
		runtime.Example(`smtp < reply: "451 4.7.1 try again later", times: 2 >`), runtime.Checked(checkSMTP))
}

const (
	nothingToDo     = "what the server does is not said"
	nothingToDoHint = `write reply: "451 4.7.1 try later", drop: true or stall: true`
)

var smtpKeys = []string{"reply", "stage", "recipient", "times", "skip", "drop", "stall", "afterBytes", "captured"}

func givesSetting(has func(key string) bool) bool {
	for _, key := range smtpKeys {
		if has(key) {
			return true
		}
	}
	return false
}

func checkSMTP(c *runtime.Check) {
	if givesSetting(c.Has) && !c.Has("reply") && !c.Has("drop") && !c.Has("stall") {
		c.Errorf("", nothingToDoHint, nothingToDo)
	}
	stage, constant := c.Constant("stage")
	for key, want := range map[string]string{"recipient": "rcpt", "afterBytes": "upload", "captured": "dot"} {
		other := constant && plain(stage) != want || !c.Has("stage") && want != "rcpt"
		if c.Has(key) && other {
			c.Errorf(key, fmt.Sprintf("write stage: %q", want), "%s is for the stage %q only", key, want)
		}
	}
}
