package main

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
)

// resendFlags say how to send again.
type resendFlags struct {
	profile string
	again   bool
	server  string
}

func newMessagesResend(s *session) *cobra.Command {
	var o storeOptions
	var f resendFlags
	command := &cobra.Command{
		Use:   "resend ID",
		Short: "Sends a kept message again",
		Long: `Sends a message that a flow kept by store: true again: the same text with the
same Message-ID, to the recipients that have not got it. It goes over the profile
of --profile, else over that of the message, else over the one named default, else
over the server of --smtp or FLOWRUN_SMTP.

A message that was sent before, or that may have been, goes out again with --again
only, and then to all its recipients.`,
		Example: `  flowrun messages resend 12
  flowrun messages resend 12 --profile backup --again`,
		Args: arguments(1, 1, "ID"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				return s.resend(ctx, work, args[0], f)
			})
		},
	}
	o.addTo(command)
	command.Flags().StringVar(&f.profile, "profile", "", "`name` of the profile to send over")
	command.Flags().StringVar(&f.server, "smtp", "", "mail server, `smtp://user@host:587`; the password is FLOWRUN_SMTP_PASSWORD")
	command.Flags().BoolVar(&f.again, "again", false, "also what was sent before, or may have been, once more to all its recipients")
	return command
}

func (s *session) resend(ctx context.Context, work *storeWork, arg string, f resendFlags) (answer, error) {
	sent := &lifeAnswer{}
	if f.profile != "" && f.server != "" {
		return sent, usagef("--profile and --smtp exclude each other")
	}
	server, err := s.server(f.server)
	if err != nil {
		return sent, err
	}
	message, err := findMessage(ctx, work, arg)
	if err != nil {
		return sent, err
	}
	if message.State == email.StateReceived {
		return sent, usagef("message %d came in: only what a flow kept by store: true can be sent again", message.ID)
	}
	if err := f.check(ctx, work, message, server); err != nil {
		return sent, err
	}
	config := s.mailConfig(work.opened, work.warn)
	config.Server = server
	_, failure := email.Resend(ctx, config, message.ID, email.ResendOptions{Profile: f.profile, Again: f.again})
	if err := sent.read(context.WithoutCancel(ctx), work.opened, message.ID); err != nil {
		return sent, errors.Join(failure, err)
	}
	sent.unchanged = len(sent.message.Attempts) == len(message.Attempts)
	return sent, failure
}

// check refuses a server that Resend would not take, and none at all.
func (f *resendFlags) check(ctx context.Context, work *storeWork, message email.Message, server *email.ServerConfig) error {
	const advice = "which --smtp does not replace: name another one by --profile"
	switch {
	case f.profile != "":
		named, err := findProfile(ctx, work, f.profile)
		f.profile = named.Name
		return err
	case message.Profile != 0 && f.server != "":
		return usagef("message %d belongs to a profile, %s", message.ID, advice)
	case message.Profile != 0:
		return nil
	}
	_, err := work.opened.ProfileByName(ctx, email.DefaultProfile)
	switch {
	case err == nil && f.server != "":
		return usagef("message %d goes over the profile %q, %s", message.ID, email.DefaultProfile, advice)
	case errors.Is(err, email.ErrNotFound) && server == nil:
		return usagef("message %d belongs to no profile: name one by --profile, or a server by --smtp or %s", message.ID, envServer)
	}
	return unlessRemoved(err)
}
