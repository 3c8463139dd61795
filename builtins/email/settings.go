package email

import (
	"time"

	"flowrun/runtime"
)

// Settings are those of sendEmail. The settings that every component has come
// from the engine.
type Settings struct {
	To      Addresses         `flow:"to,required" doc:"Recipients: a list of addresses, with or without names."`
	Copy    Addresses         `flow:"copy" alias:"cc" doc:"Recipients of a copy."`
	Bcc     Addresses         `flow:"bcc" doc:"Recipients whom no other recipient sees."`
	From    *Address          `flow:"from" doc:"Sender; without it the profile's, the SMTP user when that is an address, else the host's sender."`
	Subject *string           `flow:"subject" doc:"Subject line; without it the mail has none."`
	Message runtime.Template  `flow:"message,required" doc:"What the mail says."`
	Format  string            `flow:"format" enum:"text,html,markdown" default:"text" doc:"What the message is written in. In html and markdown each ${…} is escaped for its place."`
	Text    *runtime.Template `flow:"text" doc:"Plain text beside an HTML or Markdown message; without it made of the message."`
	Files   IDs               `flow:"files" doc:"Ids of the store's files to attach."`
	Embed   Embed             `flow:"embed" doc:"Ids of the store's files that the message shows, by name: { logo: 17 } for cid:logo."`
	Attach  Attach            `flow:"attach" doc:"Content made by the flow to attach: a list of { name, content, type }."`

	ReplyTo         Addresses   `flow:"replyTo" doc:"Where answers go; without it to the sender."`
	Sender          *Address    `flow:"sender" doc:"Who sends in the name of from, and hears of mails that cannot be delivered."`
	Priority        string      `flow:"priority" enum:"high,normal,low" doc:"How urgent the mail is."`
	ListUnsubscribe Unsubscribe `flow:"listUnsubscribe" doc:"Where recipients end their subscription: https or mailto URLs."`

	InReplyTo MessageID `flow:"inReplyTo" doc:"Id of the mail that this one answers; blank for a new one."`
	Quote     *bool     `flow:"quote" default:"true" doc:"Whether an answer quotes the mail that it answers, when the store has it."`
	Headers   Headers   `flow:"headers" doc:"Further header fields, by name."`

	UseVariable        bool                  `flow:"useVariable" default:"false" doc:"Whether the contacts come from contactIdsVariable; else from contactIds."`
	ContactIDs         IDs                   `flow:"contactIds" doc:"Contacts whom the mail is about: ids of the store."`
	ContactIDsVariable runtime.InputVariable `flow:"contactIdsVariable" doc:"Variable that holds the contacts: an int or a list of ints."`
	Owner              *int                  `flow:"owner" doc:"User who sends the mail: an id of the store."`
	Profile            ProfileRef            `flow:"profile" doc:"Server settings of the store, by id or name; settings of the call win. Without it the profile default, if there is one."`
	Store              bool                  `flow:"store" default:"false" doc:"Keeps the mail in the store, so that it can be listed, quoted and sent again."`

	Server ServerName `flow:"server" doc:"Host name or IP address of the mail server; without it the profile's, else the host's."`
	Port   int        `flow:"port" min:"1" max:"65535" default:"587" doc:"Port of the server. 465 means TLS from the first byte; 25 is the default when tls is false."`
	TLS    *TLSMode   `flow:"tls" default:"true" doc:"Encryption: true, false, \"starttls\", \"implicit\" or \"opportunistic\"."`
	SMTP   *Login     `flow:"smtp" doc:"User and password for the server."`

	RetryCount   int            `flow:"retryCount" min:"0" max:"100" default:"0" doc:"Extra attempts after a temporary failure, for the recipients that have not got the mail."`
	RetryDelay   *time.Duration `flow:"retryDelay" default:"1s" doc:"Wait before the first extra attempt; doubled for each further one."`
	RetryUnknown bool           `flow:"retryUnknown" default:"false" doc:"Whether a mail that may have arrived is tried again; then it may come twice."`

	ResponseCode runtime.OutputVariable `flow:"responseCode" doc:"Variable that gets the server's reply when the mail is not sent."`
	DryRun       bool                   `flow:"dryRun" default:"false" doc:"Makes and checks the mail without connecting to a server."`
}

// Login is the setting smtp.
type Login struct {
	User     string           `flow:"user,required" doc:"User name, often the sender's address."`
	Password runtime.Password `flow:"password,required" doc:"Password; secret(\"NAME\") keeps it out of the flow."`
}

// tlsMode is the mode that the call asks for.
func (s *Settings) tlsMode() TLSMode {
	if s.TLS == nil {
		return TLSDefault
	}
	return *s.TLS
}
