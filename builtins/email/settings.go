package email

import (
	"time"

	"flowrun/runtime"
)

// Settings are those of sendEmail. The settings that every component has come
// from the engine.
type Settings struct {
	To      Addresses         `flow:"to,required" doc:"The recipients, with or without names: a text with one address or several, or a list. Who occurs twice gets the mail once."`
	Copy    Addresses         `flow:"copy" alias:"cc" doc:"The recipients of a copy."`
	Bcc     Addresses         `flow:"bcc" doc:"The recipients whom no other recipient sees."`
	From    *Address          `flow:"from" doc:"The sender. Without it the profile's, else the SMTP user when that is an address, else the host's sender."`
	Subject *string           `flow:"subject" doc:"The subject line. Without it an answer has that of the mail that it answers, and another mail has none."`
	Message runtime.Template  `flow:"message,required" doc:"What the mail says."`
	Format  string            `flow:"format" enum:"text,html,markdown" default:"text" doc:"What the message is written in. In html and markdown each ${…} is escaped for its place."`
	Text    *runtime.Template `flow:"text" doc:"The plain text beside an HTML or Markdown message. Without it the text is made of the message."`
	Files   IDs               `flow:"files" doc:"The files of the store to attach."`
	Embed   Embed             `flow:"embed" doc:"The files of the store that an HTML message shows: { logo: 17 } for cid:logo."`
	Attach  Attach            `flow:"attach" doc:"What the flow itself makes and attaches. Without a type, the ending of the name decides."`

	ReplyTo         Addresses   `flow:"replyTo" doc:"Where answers go. Without it they go to the sender."`
	Sender          *Address    `flow:"sender" doc:"Who sends in the name of from. Mails that cannot be delivered come back to this address."`
	Priority        string      `flow:"priority" enum:"high,normal,low" doc:"How urgent the mail is."`
	ListUnsubscribe Unsubscribe `flow:"listUnsubscribe" doc:"Where recipients end their subscription: https and mailto URLs. With https one click is enough (RFC 8058)."`

	InReplyTo MessageID `flow:"inReplyTo" doc:"The mail that this one answers, with or without angle brackets. Blank or nil makes a new mail."`
	Quote     *bool     `flow:"quote" default:"true" doc:"Whether an answer quotes the mail that it answers, when the store has it."`
	Headers   Headers   `flow:"headers" doc:"Further header fields, such as { \"X-Order\": \"42\" }."`

	UseVariable        bool                  `flow:"useVariable" default:"false" doc:"Whether the contacts come from contactIdsVariable; else they come from contactIds. Giving the other one is an error."`
	ContactIDs         IDs                   `flow:"contactIds" doc:"The contacts of the store whom the mail is about."`
	ContactIDsVariable runtime.InputVariable `flow:"contactIdsVariable" doc:"The variable that holds the contacts: an id or a list of ids."`
	Owner              ID                    `flow:"owner" doc:"The user of the store who sends the mail."`
	Profile            ProfileRef            `flow:"profile" doc:"The profile of the store with the server and the sender. Settings of the call replace its own. Without it and without server, the profile named default is taken, if there is one."`
	Store              bool                  `flow:"store" default:"false" doc:"Whether the mail is kept in the store, so that it can be listed, quoted and sent again."`

	Server ServerName `flow:"server" doc:"The mail server. Without it that of the profile, else the host's own."`
	Port   int        `flow:"port" min:"1" max:"65535" default:"587" doc:"The port of the server. 465 means TLS from the first byte; 25 is the default when tls is false."`
	TLS    *TLSMode   `flow:"tls" default:"true" doc:"The encryption. With true there is TLS 1.2 or newer with a verified certificate, or no mail; with false there is none."`
	SMTP   *Login     `flow:"smtp" doc:"The user and the password for the server."`

	RetryCount   int            `flow:"retryCount" min:"0" max:"100" default:"0" doc:"How many extra attempts follow a temporary failure, for the recipients that have not got the mail."`
	RetryDelay   *time.Duration `flow:"retryDelay" default:"1s" doc:"The wait before the first extra attempt, at most 5 minutes. Each further wait is twice as long."`
	RetryUnknown bool           `flow:"retryUnknown" default:"false" doc:"Whether a mail that may have arrived is tried again. It may then come twice."`

	ResponseCode runtime.OutputVariable `flow:"responseCode" doc:"The variable that gets the server's reply when the mail is not sent: code, enhanced, text, temporary and recipients. After a success it is nil."`
	DryRun       bool                   `flow:"dryRun" default:"false" doc:"Whether the mail is only made and checked: nothing connects and nothing is kept."`
}

// Login is the setting smtp.
type Login struct {
	User     string           `flow:"user,required" doc:"The name of the user, often the sender's address."`
	Password runtime.Password `flow:"password,required" doc:"The password. Write secret(\"NAME\"), which keeps it out of the flow."`
}

// tlsMode is the mode that the call asks for.
func (s *Settings) tlsMode() TLSMode {
	if s.TLS == nil {
		return TLSDefault
	}
	return *s.TLS
}
