package email_test

import (
	"errors"
	"strings"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// faultGroups are the rows of the fault suite and of docs/delivery.md.
var faultGroups = []struct {
	title string
	rows  []faultRow
}{
	{"The way to the server", faultsOfConnecting},
	{"The commands", faultsOfCommands},
	{"The content and its answer", faultsOfContent},
	{"Replies out of the ordinary", faultsOfReplies},
	{"Content that cannot be had on this side", faultsOfFiles},
	{"Connections that are kept, when another mail went before", faultsOfKeptConnections},
}

// one is what rows with one recipient want.
var one = []string{oneRecipient}

func sentAfter(attempts int) fault {
	return fault{state: email.StateSent, attempts: attempts, got: one}
}

func failed(kind runtime.Kind, code int, temporary bool, attempts int, says ...string) fault {
	return fault{state: email.StateFailed, kind: kind, code: code, temporary: temporary, attempts: attempts, says: says}
}

func faults(faults ...mailtest.Fault) []mailtest.Option {
	return []mailtest.Option{mailtest.WithFaults(faults...)}
}

// twice has a mail come two times, as retryUnknown may have it.
func twice() fault {
	return fault{state: email.StateSent, attempts: 2, got: []string{oneRecipient, oneRecipient}, twice: true}
}

func withUser(config *email.Config) {
	config.Server.User, config.Server.Password = "ann", "hunter2"
}

// good is the script of a server without faults.
var good = script{}

// pause is between the bytes of a server that trickles.
const pause = 2 * time.Millisecond

// bulk is a content above what the buffers of a connection take.
const bulk = 12 << 20

var faultsOfCommands = []faultRow{
	{server: "refuses the sender for now: MAIL 451", options: faults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later")),
		want: failed(email.KindSMTP, 451, true, 1, "451 4.3.0 later")},
	{server: "refuses the sender for now, once", settings: `retryCount: 1`,
		options: faults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1)), want: sentAfter(2)},
	{server: "refuses the sender for good: MAIL 550", settings: `retryCount: 3`,
		options: faults(mailtest.Refuse(mailtest.StageMAIL, 550, "5.7.1", "not you")), want: failed(email.KindSMTP, 550, false, 1)},
	{server: "takes one recipient, refuses one for now and one for good", to: "ann@x.example, busy@x.example, bad@x.example",
		options: faults(mailtest.RefuseRecipient("busy@x.example", 452, "4.2.2", "mailbox full"), mailtest.RefuseRecipient("bad@x.example", 550, "5.1.1", "no such user")),
		want:    fault{state: email.StatePartial, kind: email.KindSMTP, code: 452, temporary: true, attempts: 1, got: one, says: []string{"2 of 3 recipients"}}},
	{server: "takes one recipient, refuses one for now, once, and one for good", settings: `retryCount: 3`, to: "ann@x.example, busy@x.example, bad@x.example",
		options: faults(mailtest.RefuseRecipient("busy@x.example", 452, "4.2.2", "mailbox full").First(1), mailtest.RefuseRecipient("bad@x.example", 550, "5.1.1", "no such user")),
		want:    fault{state: email.StatePartial, kind: email.KindSMTP, code: 550, attempts: 2, got: []string{"ann@x.example", "busy@x.example"}}},
	{server: "refuses all recipients for good: RCPT 550", settings: `retryCount: 3`, to: "ann@x.example, bob@x.example",
		options: faults(mailtest.Refuse(mailtest.StageRCPT, 550, "5.1.1", "no such user")), want: failed(email.KindSMTP, 550, false, 1)},
	{server: "puts unknown senders off, once (greylisting, RCPT 451 4.7.1)", settings: `retryCount: 1`, options: faults(mailtest.Greylist(1)), want: sentAfter(2)},
	{server: "refuses the content for now: DATA 451", options: faults(mailtest.Refuse(mailtest.StageDATA, 451, "4.3.0", "later")),
		want: failed(email.KindSMTP, 451, true, 1)},
	{server: "refuses the content for good: DATA 554", settings: `retryCount: 3`, options: faults(mailtest.Refuse(mailtest.StageDATA, 554, "5.7.1", "no")),
		want: failed(email.KindSMTP, 554, false, 1)},
	{server: "wants the content, 354, of a mail whose recipients it has refused", options: faults(
		mailtest.Refuse(mailtest.StageRCPT, 550, "5.1.1", "no such user"), mailtest.Refuse(mailtest.StageDATA, 354, "", "go ahead")),
		want: fault{state: email.StateFailed, kind: email.KindSMTP, code: 550, attempts: 1, cut: 1, never: []string{"QUIT", "RSET"}}},
	{server: "leaves in the middle, once: RCPT 421", settings: `retryCount: 1`,
		options: faults(mailtest.Refuse(mailtest.StageRCPT, 421, "4.3.2", "closing").First(1)), want: sentAfter(2)},
	{server: "leaves in the middle each time: RCPT 421", settings: `retryCount: 2`,
		options: faults(mailtest.Refuse(mailtest.StageRCPT, 421, "4.3.2", "closing")), want: failed(email.KindSMTP, 421, true, 3, "(3 attempts)")},
	{server: "cuts the connection at MAIL, once", settings: `retryCount: 1`, options: faults(mailtest.Drop(mailtest.StageMAIL).First(1)), want: sentAfter(2)},
	{server: "cuts the connection at RCPT, once", settings: `retryCount: 1`, options: faults(mailtest.Drop(mailtest.StageRCPT).First(1)), want: sentAfter(2)},
	{server: "cuts the connection at DATA", options: faults(mailtest.Drop(mailtest.StageDATA)), want: failed(email.KindConnection, 0, true, 1, "the server closed the connection")},
	{server: "is silent at MAIL", options: faults(mailtest.Stall(mailtest.StageMAIL)), timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1, "no sign of life")},
	{server: "is silent at RCPT", options: faults(mailtest.Stall(mailtest.StageRCPT)), timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1)},
	{server: "is silent at DATA", options: faults(mailtest.Stall(mailtest.StageDATA)), timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1)},
	{server: "takes mails of 100 bytes: SIZE 100", settings: `retryCount: 3`, options: []mailtest.Option{mailtest.WithMaxSize(100)},
		want: fault{state: email.StateFailed, kind: email.KindSize, attempts: 1, says: []string{"the server takes 100"}, never: []string{"MAIL"}}},
	{server: "does not offer SMTPUTF8, which a recipient needs", settings: `retryCount: 3`, to: "jörg@x.example", options: []mailtest.Option{mailtest.WithoutExtension("SMTPUTF8")},
		want: fault{state: email.StateFailed, kind: email.KindUnsupported, attempts: 1, says: []string{"SMTPUTF8"}, never: []string{"MAIL"}}},
	{server: "does not offer PIPELINING", options: []mailtest.Option{mailtest.WithoutExtension("PIPELINING")}, want: sentAfter(1)},
	{server: "offers nothing at all", scripts: []script{good}, extensions: []string{}, want: sentAfter(1)},
}

var faultsOfContent = []faultRow{
	{server: "refuses the content after its end for now, once: 452", settings: `retryCount: 1`,
		scripts: []script{{".": onlyFirst(say("452 4.3.1 disk full"))}}, want: fault{state: email.StateSent, attempts: 2, got: one, refused: 1}},
	{server: "refuses the content after its end for now: 452", options: faults(mailtest.Refuse(mailtest.StageDot, 452, "4.3.1", "disk full")),
		want: failed(email.KindSMTP, 452, true, 1)},
	{server: "refuses the content after its end for good: 552", settings: `retryCount: 3`, options: faults(mailtest.Refuse(mailtest.StageDot, 552, "5.3.4", "too big")),
		want: failed(email.KindSMTP, 552, false, 1)},
	{server: "leaves after the end of the content: 421", options: faults(mailtest.Refuse(mailtest.StageDot, 421, "4.3.2", "closing")),
		want: failed(email.KindSMTP, 421, true, 1)},
	{server: "cuts the connection inside the content, once", settings: `retryCount: 1`, options: faults(mailtest.Drop(mailtest.StageUpload).First(1)), content: bulk,
		want: fault{state: email.StateSent, attempts: 2, got: one, cut: 1}},
	{server: "takes no more of the content", options: faults(mailtest.Stall(mailtest.StageUpload)), content: bulk, timeouts: email.Timeouts{Content: 300 * time.Millisecond},
		want: fault{state: email.StateFailed, kind: runtime.KindTimeout, temporary: true, attempts: 1, cut: 1}},
	{server: "cuts the connection after the end of the content", settings: `retryCount: 3`, scripts: []script{{".": hangUp()}},
		want: unknown(1)},
	{server: "cuts the connection after the end of the content, once", settings: `retryCount: 3, retryUnknown: true`, scripts: []script{{".": hangUp()}, good},
		want: twice()},
	{server: "is silent after the end of the content", settings: `retryCount: 3`, scripts: []script{{".": silence}}, timeouts: email.Timeouts{Answer: 300 * time.Millisecond},
		want: unknown(1, "no sign of life")},
	{server: "answers the content with nonsense", settings: `retryCount: 3`, scripts: []script{{".": say("well done")}}, want: unknown(1, `it said "well done"`)},
	{server: "answers the content with 354", settings: `retryCount: 3`, scripts: []script{{".": say("354 more")}}, want: unknown(1)},
	{server: "answers the content with 250 and 550 in one reply", settings: `retryCount: 3`, scripts: []script{{".": say("250-taken", "550 not taken")}}, want: unknown(1)},
	{server: "takes the mail and refuses QUIT", options: faults(mailtest.Refuse(mailtest.StageQUIT, 500, "5.5.1", "what")), want: sentAfter(1)},
	{server: "takes the mail and cuts the connection", options: faults(mailtest.Drop(mailtest.StageQUIT)), want: sentAfter(1)},
	{server: "takes the mail and is silent at QUIT", options: faults(mailtest.Stall(mailtest.StageQUIT)), want: sentAfter(1)},
	{server: "takes the mail and leaves at once", scripts: []script{{".": hangUp("250 taken")}}, want: sentAfter(1)},
}

// silence says nothing until the client leaves.
func silence(s *strictSession) bool {
	for {
		if _, err := s.readByte(); err != nil {
			return false
		}
	}
}

func unknown(attempts int, says ...string) fault {
	return fault{state: email.StateUnknown, kind: email.KindUnknown, attempts: attempts, got: one,
		says: append(says, "the mail may have arrived all the same")}
}

var faultsOfReplies = []faultRow{
	{server: "answers in many lines", scripts: []script{{"MAIL": taking(say("250-one", "250-two", "250 three")), ".": say("250-a", "250 b")}}, want: sentAfter(1)},
	{server: "refuses in 2,000 bytes", scripts: []script{{"RCPT": say("550 5.1.1 " + strings.Repeat("x", 2000))}},
		want: failed(email.KindSMTP, 550, false, 1, "550 5.1.1 xxx")},
	{server: "refuses in 40 lines of 1,000 bytes", scripts: []script{{"RCPT": say(manyLines(40, 1000)...)}}, want: failed(email.KindSMTP, 550, false, 1, "550 xxx")},
	{server: "refuses in text that is not UTF-8, with control characters", scripts: []script{{"RCPT": say("550 bo\xeete \x1b[31mpleine\x07 \u202eevil")}},
		want: failed(email.KindSMTP, 550, false, 1, `550 bo\xeete \u{1b}[31mpleine\u{7} \u{202e}evil`)},
	{server: "refuses without a word: 550 and a space", scripts: []script{{"RCPT": say("550 ")}}, want: failed(email.KindSMTP, 550, false, 1)},
	{server: "answers in codes alone", scripts: []script{{"MAIL": taking(say("250")), "RCPT": taking(say("250")), ".": say("250")}}, want: sentAfter(1)},
	{server: "ends its lines with LF alone", scripts: []script{{"MAIL": taking(sayRaw("250 ok\n")), ".": sayRaw("250 taken\n")}}, want: sentAfter(1)},
	{server: "speaks nonsense", settings: `retryCount: 3`, scripts: []script{{"RCPT": say("bonjour \x1b[2J")}},
		want: failed(email.KindSMTP, 0, false, 1, `the server does not speak SMTP: it said "bonjour \u{1b}[2J"`)},
	{server: "answers with a code outside SMTP", scripts: []script{{"MAIL": say("999 what")}}, want: failed(email.KindSMTP, 0, false, 1, `it said "999 what"`)},
	{server: "never ends a line", scripts: []script{{"MAIL": sayForEver("250-and so on")}},
		want: failed(email.KindSMTP, 0, false, 1, "more than any reply needs", `after "250-and so on250-and`)},
	{server: "never ends a reply", settings: `retryCount: 3`, scripts: []script{{"MAIL": sayForEver("250-and so on\r\n")}},
		want: failed(email.KindSMTP, 0, false, 1, "more than any reply needs", `after "250-and so on / 250-and`)},
	{server: "greets without end", scripts: []script{{"connect": sayForEver("220-welcome\r\n")}},
		want: failed(email.KindSMTP, 0, false, 1, "more than any reply needs", `after "220-welcome\r\n220-`)},
	{server: "answers byte by byte, slowly", scripts: []script{{"MAIL": taking(trickle("250 as you like\r\n", pause)), ".": trickle("250 taken\r\n", pause)}}, timeouts: short, want: sentAfter(1)},
	{server: "answers byte by byte and comes to no end", scripts: []script{{"MAIL": trickle("250-"+strings.Repeat("x", 30_000), pause)}},
		timeouts: brief, want: failed(runtime.KindTimeout, 0, true, 1, `after "250-xxx`)},
	{server: "stops in the middle of a reply", scripts: []script{{"RCPT": func(s *strictSession) bool { return sayRaw("250-half")(s) && silence(s) }}}, timeouts: brief,
		want: failed(runtime.KindTimeout, 0, true, 1, `after "250-half"`)},
}

func manyLines(n, length int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = "550-" + strings.Repeat("x", length)
	}
	lines[n-1] = "550 end"
	return lines
}

var faultsOfKeptConnections = []faultRow{
	{server: "keeps the connection", earlier: true, scripts: []script{good}, want: overConnections(1)},
	{server: "closes the connection after the mail before", earlier: true, scripts: []script{{".": hangUp("250 taken")}, good}, want: overConnections(2)},
	{server: "says that it closes the connection, and does", earlier: true, scripts: []script{{".": hangUp("250 taken", "421 4.4.2 idle for too long")}, good}, want: overConnections(2)},
	{server: "answers the second mail by 421", earlier: true, scripts: []script{{"MAIL": afterFirst(hangUp("421 4.3.2 closing"))}, good}, want: overConnections(2)},
	{server: "takes one mail for each connection: 452 too many messages in this connection", earlier: true,
		scripts: []script{{"MAIL": afterFirst(say("452 4.7.0 Too many messages in this connection"))}, good}, want: overConnections(2)},
	{server: "is silent at the second mail, over this connection", earlier: true, scripts: []script{{"MAIL": afterFirst(silence)}, good}, timeouts: short, want: overConnections(2)},
	{server: "has refused the mail before and knows neither RSET nor NOOP", earlier: true,
		scripts: []script{{"RCPT": refuseEarlier, "RSET": say("502 what"), "NOOP": say("502 what")}}, want: overConnections(2)},
	{server: "cuts the connection inside the commands of the second mail", earlier: true, scripts: []script{{"RCPT": afterFirst(hangUp())}, good},
		want: failed(email.KindConnection, 0, true, 1)},
	{server: "cuts the connection inside the commands of the second mail", settings: `retryCount: 1`, earlier: true, scripts: []script{{"RCPT": afterFirst(hangUp())}, good},
		want: sentAfter(2)},
}

// overConnections has the mail sent at the first attempt, with that many
// connections in all.
func overConnections(n int) fault {
	want := sentAfter(1)
	want.connections = n
	return want
}

func refuseEarlier(s *strictSession) bool {
	if s.path == someoneElse {
		return s.reply("550 5.1.1 no such user")
	}
	return s.obey()
}

var faultsOfFiles = []faultRow{
	{server: "is not asked: a file of the store cannot be read", settings: `files: 1, retryCount: 3`, scripts: []script{good}, adjust: unreadableAfter(0), want: notAsked()},
	{server: "is not asked: a file of the store can be read in part", settings: `files: 1, retryCount: 3`, scripts: []script{good}, adjust: unreadableAfter(2 << 20), want: notAsked()},
	{server: "is not asked: a file of the store is not there", settings: `files: 2, retryCount: 3`, scripts: []script{good}, adjust: unreadableAfter(0),
		want: fault{state: email.StateFailed, kind: runtime.KindValue, never: []string{"EHLO"}}},
}

func notAsked() fault {
	return fault{state: email.StateFailed, kind: email.KindStore, says: []string{"the disk has gone"}, never: []string{"EHLO"}}
}

// unreadableAfter gives the host a file that cannot be read beyond n bytes.
func unreadableAfter(n int) func(*email.Config) {
	return func(config *email.Config) {
		file := fileOf("report.pdf", "application/pdf", strings.Repeat("x", n))
		file.size, file.err = int64(n)+1000, errors.New("the disk has gone")
		*config = withFiles(*config, file)
	}
}
