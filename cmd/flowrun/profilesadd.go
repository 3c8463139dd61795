package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/runtime"
	"flowrun/store"
)

// profileFlags are what `profiles add` says of a profile.
type profileFlags struct {
	id       int64
	server   string
	port     int
	tls      string
	user     string
	password string
	from     string

	ca, certificate, key string
	skipVerify           bool

	dkimDomain, dkimSelector, dkimKey string

	tokenURL, clientID, clientSecret, refreshToken string
	scopes                                         []string

	disabled bool
	replace  bool
}

func newProfilesAdd(s *session) *cobra.Command {
	var o storeOptions
	var f profileFlags
	command := &cobra.Command{
		Use:   "add NAME --server HOST",
		Short: "Adds a profile",
		Long: `Adds a profile: a mail server and how to send over it. A flow names it by
profile: "NAME"; the one named default is for the calls that name none.

Passwords, tokens and keys stay where they are. The store keeps a reference to
them, env:NAME for an environment variable or file:PATH for a file, which is
followed when a mail is sent.`,
		Example: `  flowrun profiles add shop --server smtp.shop.example --user ann@shop.example --password env:SHOP_PASSWORD
  flowrun profiles add mx --server mx.example.com --port 25 --tls opportunistic
  flowrun profiles add shop --replace --server smtp2.shop.example --user ann@shop.example --password env:SHOP_PASSWORD`,
		Args: arguments(1, 1, "NAME"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &profilesAnswer{did: "added", place: work.place}
				one, err := f.profile(command, args[0])
				if err != nil {
					return found, err
				}
				st, err := work.use(ctx)
				if err != nil {
					return found, err
				}
				if f.replace {
					found.did = "replaced"
					one, err = replaceProfile(ctx, work, one)
				} else {
					one, err = addProfile(ctx, st, one)
				}
				if err == nil {
					found.profiles = []email.Profile{one}
				}
				return found, exists(err)
			})
		},
	}
	o.addTo(command)
	flags := command.Flags()
	flags.StringVar(&f.server, "server", "", "`host` name or IP address of the mail server")
	flags.IntVar(&f.port, "port", 0, "its `port`; 587 if nothing is said, 465 with --tls implicit, 25 with --tls none")
	flags.StringVar(&f.tls, "tls", "", "`how` sessions are encrypted: starttls, implicit, opportunistic or none")
	flags.StringVar(&f.user, "user", "", "the `user` to authenticate as")
	flags.StringVar(&f.password, "password", "", "`reference` to the user's password")
	flags.StringVar(&f.from, "from", "", "`address` of the sender of mails that have no other")
	flags.StringVar(&f.ca, "ca", "", "PEM `file` of the certificates that verify the server's one, instead of the system's")
	flags.StringVar(&f.certificate, "certificate", "", "PEM `file` of the certificate to show to the server")
	flags.StringVar(&f.key, "key", "", "`reference` to its PEM key")
	flags.BoolVar(&f.skipVerify, "skip-verify", false, "do not verify the server's certificate; each mail warns of it")
	flags.StringVar(&f.dkimDomain, "dkim-domain", "", "sign mails for this `domain`, RFC 6376")
	flags.StringVar(&f.dkimSelector, "dkim-selector", "", "with the key of this `selector`")
	flags.StringVar(&f.dkimKey, "dkim-key", "", "`reference` to the PEM private key")
	flags.StringVar(&f.tokenURL, "oauth2-token-url", "", "https `URL` that gives access tokens, instead of a password")
	flags.StringVar(&f.clientID, "oauth2-client-id", "", "`ID` of the client there")
	flags.StringVar(&f.clientSecret, "oauth2-client-secret", "", "`reference` to the secret of the client, if it has one")
	flags.StringVar(&f.refreshToken, "oauth2-refresh-token", "", "`reference` to the refresh token")
	flags.StringArrayVar(&f.scopes, "oauth2-scope", nil, "`scope` of the access token; may be given several times")
	flags.BoolVar(&f.disabled, "disabled", false, "keep it from being used")
	flags.BoolVar(&f.replace, "replace", false, "take the place of the profile of that name, which keeps its number")
	flags.Int64Var(&f.id, "id", 0, "the `number` of the profile, instead of the next free one")
	return command
}

// addProfile adds a profile. Where one of its name is there it tells how to
// replace that.
func addProfile(ctx context.Context, st *store.Store, one email.Profile) (email.Profile, error) {
	added, err := st.AddProfile(ctx, one)
	if !errors.Is(err, store.ErrExists) {
		return added, err
	}
	if old, failure := st.ProfileByName(ctx, one.Name); failure == nil {
		return added, usagef("there is a profile %q already, with id %d: give another name, or replace that one with --replace", old.Name, old.ID)
	}
	return added, err
}

// replaceProfile puts a profile in the place of the one with its name.
func replaceProfile(ctx context.Context, work *storeWork, one email.Profile) (email.Profile, error) {
	old, err := findProfile(ctx, work, one.Name)
	if err != nil {
		return one, err
	}
	if one.ID != 0 && one.ID != old.ID {
		return one, usagef("--id: the profile %q has the number %d and keeps it", one.Name, old.ID)
	}
	one.ID = old.ID
	return work.opened.ReplaceProfile(ctx, one)
}

// profile checks what the flags say; everything that is wrong is told at once.
func (f *profileFlags) profile(command *cobra.Command, name string) (email.Profile, error) {
	one := email.Profile{
		ID:         f.id,
		Name:       name,
		Disabled:   f.disabled,
		Port:       f.port,
		TLS:        email.TLSMode(f.tls),
		User:       f.user,
		SkipVerify: f.skipVerify,
	}
	problems := &usageProblems{}
	problems.add(email.CheckProfileName(name))
	problems.id(command.Flags(), f.id)
	one.Host = f.host(problems)
	if command.Flags().Changed("port") && (f.port < 1 || f.port > 65535) {
		problems.addf("--port: %d is not 1 to 65535", f.port)
	}
	switch one.TLS {
	case email.TLSDefault, email.TLSStartTLS, email.TLSImplicit, email.TLSOpportunistic, email.TLSNone:
	default:
		modes := []string{"starttls", "implicit", "opportunistic", "none"}
		problems.addf("--tls: %q is no way to encrypt%s", f.tls, orThese(f.tls, modes))
	}
	if f.from != "" {
		address, err := email.ParseAddress(f.from)
		if err != nil {
			problems.addf("--from: %w", err)
		}
		one.From = address.Mailbox()
	}
	one.Password = problems.reference("--password", f.password)
	one.RootCAs = problems.certificates("--ca", f.ca)
	one.Certificate = problems.certificates("--certificate", f.certificate)
	one.CertificateKey = problems.reference("--key", f.key)
	one.DKIM = f.dkim(problems)
	one.OAuth2 = f.oauth2(problems)
	switch {
	case f.user == "" && (f.password != "" || one.OAuth2 != nil):
		problems.addf("--user is missing")
	case f.user != "" && f.password == "" && one.OAuth2 == nil:
		problems.addf("--password is missing: --user needs one, or the flags of --oauth2-token-url")
	case f.password != "" && one.OAuth2 != nil:
		problems.addf("--password and --oauth2-token-url exclude each other")
	}
	if (f.certificate == "") != (f.key == "") {
		problems.addf("--certificate and --key belong together")
	}
	return one, problems.err()
}

func (f *profileFlags) host(problems *usageProblems) string {
	if f.server == "" {
		problems.addf("--server is missing")
		return ""
	}
	var name email.ServerName
	if err := name.DecodeSetting(f.server); err != nil {
		var failure *runtime.Failure
		text := err.Error()
		if errors.As(err, &failure) {
			text = failure.Message
		}
		if host, port, found := strings.Cut(f.server, ":"); found && host != "" && strings.Trim(port, "0123456789") == "" {
			text += fmt.Sprintf(": write --server %s --port %s", host, port)
		}
		problems.addf("--server: %s", text)
	}
	return string(name)
}

func (f *profileFlags) dkim(problems *usageProblems) *email.DKIM {
	if f.dkimDomain == "" && f.dkimSelector == "" && f.dkimKey == "" {
		return nil
	}
	problems.need("--dkim-domain", f.dkimDomain)
	problems.need("--dkim-selector", f.dkimSelector)
	problems.need("--dkim-key", f.dkimKey)
	return &email.DKIM{
		Domain:   f.dkimDomain,
		Selector: f.dkimSelector,
		Key:      problems.reference("--dkim-key", f.dkimKey),
	}
}

func (f *profileFlags) oauth2(problems *usageProblems) *email.OAuth2 {
	if f.tokenURL == "" && f.clientID == "" && f.clientSecret == "" && f.refreshToken == "" && len(f.scopes) == 0 {
		return nil
	}
	problems.need("--oauth2-token-url", f.tokenURL)
	problems.need("--oauth2-client-id", f.clientID)
	problems.need("--oauth2-refresh-token", f.refreshToken)
	if f.tokenURL != "" {
		if err := email.CheckTokenURL(f.tokenURL); err != nil {
			problems.addf("--oauth2-token-url: %w", err)
		}
	}
	return &email.OAuth2{
		TokenURL:     f.tokenURL,
		ClientID:     f.clientID,
		ClientSecret: problems.reference("--oauth2-client-secret", f.clientSecret),
		RefreshToken: problems.reference("--oauth2-refresh-token", f.refreshToken),
		Scopes:       f.scopes,
	}
}
