// Package email is the component sendEmail, which sends one mail over SMTP.
//
// The mail is made and checked whole before a server is involved: addresses,
// headers and the encoded message, which is spooled once. The SMTP transaction
// then judges each recipient by itself and tells apart a mail that was sent, one
// that was not, and one of which nobody can know.
package email

import (
	"context"
	"log/slog"

	"flowrun/runtime"
)

// component is sendEmail for one host.
type component struct {
	config Config
	tokens tokens
}

func newComponent(config Config) *component {
	config.Limits = config.Limits.withDefaults()
	if config.Resolve == nil {
		config.Resolve = ResolveReference
	}
	if config.Warn == nil {
		config.Warn = func(ctx context.Context, warning string) { slog.WarnContext(ctx, warning) }
	}
	if config.Pool == nil {
		config.Pool = NewPool(PoolLimits{})
	}
	return &component{config: config, tokens: tokens{client: config.TokenClient}}
}

// New makes the component sendEmail.
func New(config Config) *runtime.Component {
	c := newComponent(config)
	send := func(ctx context.Context, call *runtime.Call, s *Settings) (any, error) {
		return c.send(ctx, call, s)
	}
	return runtime.NewComponent("sendEmail", send,
		runtime.Doc("Sends one mail over SMTP."),
		runtime.Example(example),
		runtime.Returns(resultFields...),
		runtime.Raises(errorFields...),
		runtime.In(runtime.Voice, runtime.Chat, runtime.Forms, runtime.Service),
		runtime.Checked(c.check),
		runtime.Explained(explain, addressKeys...),
		runtime.OutputsOnFailure(outputsOnFailure),
		runtime.Unstarted(unstarted))
}

// ParseAddress reads one mailbox of RFC 5322, such as `Ann <ann@example.com>`,
// for a host that configures a sender.
func ParseAddress(text string) (Address, error) {
	address, fault := oneMailbox(text)
	if fault != nil {
		fault.hint = "" // it is for flows
		return Address{}, fault.in(text)
	}
	return address, nil
}
