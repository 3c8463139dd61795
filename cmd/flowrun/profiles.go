package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/store"
)

func newProfiles(s *session) *cobra.Command {
	group := &cobra.Command{
		Use:   "profiles",
		Short: "Keeps mail servers and how to send over them",
		Long: `Keeps profiles: mail servers and how to send over them. A flow names one by
profile: "NAME", and the one named default is for the calls that name none.`,
		Example: `  flowrun profiles add shop --server smtp.shop.example --user ann@shop.example --password env:SHOP_PASSWORD
  flowrun profiles test shop`,
	}
	return completeGroup(group,
		newProfilesAdd(s), newProfilesList(s), newProfilesShow(s), newProfilesTest(s),
		newProfilesSwitch(s, "enable", "Lets flows use profiles again",
			"Lets flows use profiles that were kept from being used. Each is named by its name or\nits ID.", false),
		newProfilesSwitch(s, "disable", "Keeps flows from using profiles",
			"Keeps flows from using profiles, which stay in the store: a call that names one\nfails. Each is named by its name or its ID.", true),
		newProfilesRemove(s))
}

// profilesAnswer tells of profiles.
type profilesAnswer struct {
	profiles []email.Profile
	did      string // what was done with them; "" for a list
	whole    bool   // shows all there is to them
	place    storePlace
}

func (a *profilesAnswer) empty() bool { return len(a.profiles) == 0 }

func (a *profilesAnswer) show(w io.Writer, p palette) {
	switch {
	case a.did != "":
		for _, one := range a.profiles {
			fmt.Fprintf(w, "profile %d %s %s\n", one.ID, quotedLine(one.Name), a.did)
		}
	case a.whole:
		for _, one := range a.profiles {
			showProfile(w, p, one)
		}
	case a.empty():
		showNone(w, "profiles", a.place)
	default:
		shown := table{titles: []string{"ID", "NAME", "SERVER", "TLS", "USER", "FROM", "STATE"}}
		for _, one := range a.profiles {
			shown.add(number(one.ID), one.Name, serverText(one), string(modeOf(one)), one.User, one.From, availability(one))
		}
		shown.show(w, p)
	}
}

func (a *profilesAnswer) document(head storeDocument) any {
	return struct {
		storeDocument
		Profiles []profileDocument `json:"profiles"`
	}{head, each(a.profiles, newProfileDocument)}
}

// portOf is the port of a profile; modeOf how its sessions are encrypted.
func portOf(p email.Profile) int {
	switch {
	case p.Port != 0:
		return p.Port
	case p.TLS == email.TLSImplicit:
		return 465
	case p.TLS == email.TLSNone:
		return 25
	}
	return 587
}

func modeOf(p email.Profile) email.TLSMode {
	switch {
	case p.TLS != email.TLSDefault:
		return p.TLS
	case p.Port == 465:
		return email.TLSImplicit
	}
	return email.TLSStartTLS
}

func serverText(p email.Profile) string {
	if strings.Contains(p.Host, ":") {
		return "[" + p.Host + "]:" + strconv.Itoa(portOf(p))
	}
	return p.Host + ":" + strconv.Itoa(portOf(p))
}

func availability(p email.Profile) string {
	if p.Disabled {
		return "disabled"
	}
	return "enabled"
}

// showProfile shows one profile, and of its passwords and keys where they are.
func showProfile(w io.Writer, p palette, one email.Profile) {
	fmt.Fprintln(w, p.bold(fmt.Sprintf("profile %d %s", one.ID, quotedLine(one.Name))))
	field := func(label, value string) {
		if value != "" {
			writeField(w, p, label, value)
		}
	}
	field("state", availability(one))
	field("server", serverText(one))
	field("tls", string(modeOf(one)))
	if one.SkipVerify {
		field("verify", "no: the server's certificate is not verified, so whoever is between can read and change everything")
	}
	if one.RootCAs != "" {
		for _, text := range certificateTexts(one.RootCAs) {
			field("ca", text)
		}
	}
	if one.Certificate != "" {
		for _, text := range certificateTexts(one.Certificate) {
			field("certificate", text)
		}
		field("key", string(one.CertificateKey))
	}
	field("user", one.User)
	field("password", string(one.Password))
	field("from", one.From)
	if one.DKIM != nil {
		field("dkim", fmt.Sprintf("signs for %s with the selector %s and the key %s", one.DKIM.Domain, one.DKIM.Selector, one.DKIM.Key))
	}
	if one.OAuth2 != nil {
		field("oauth2", fmt.Sprintf("token of %s for %s with the refresh token %s", one.OAuth2.TokenURL, one.OAuth2.ClientID, one.OAuth2.RefreshToken))
		field("secret", string(one.OAuth2.ClientSecret))
		field("scopes", strings.Join(one.OAuth2.Scopes, " "))
	}
}

func newProfilesList(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:     "list",
		Short:   "Lists the profiles",
		Long:    "Lists the profiles, each with its server and whether flows can use it.",
		Example: "  flowrun profiles list",
		Args:    arguments(0, 0, ""),
		RunE: func(command *cobra.Command, _ []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &profilesAnswer{place: work.place}
				st, err := work.look(ctx)
				if err == nil {
					found.profiles, err = st.Profiles(ctx)
				}
				return found, unlessNoStore(err)
			})
		},
	}
	o.addTo(command)
	return command
}

func newProfilesShow(s *session) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:   "show NAME",
		Short: "Shows a profile",
		Long: `Shows a profile, named by its name or its ID. Of passwords, tokens and keys it
shows where they are, since the store has no more of them.`,
		Example: "  flowrun profiles show shop",
		Args:    arguments(1, 1, "NAME"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &profilesAnswer{whole: true, place: work.place}
				one, err := findProfile(ctx, work, args[0])
				if err == nil {
					found.profiles = []email.Profile{one}
				}
				return found, err
			})
		},
	}
	o.addTo(command)
	return command
}

const removeProfilesHelp = `Removes profiles from the store, all of them or, when one is not there, none. Each is
named by its name or its ID.`

func newProfilesRemove(s *session) *cobra.Command {
	return newProfilesChange(s, "remove", "Removes profiles", removeProfilesHelp, func(ctx context.Context, st *store.Store, one *email.Profile) error {
		return st.RemoveProfile(ctx, one.ID)
	})
}

// newProfilesSwitch makes the command that enables or disables profiles.
func newProfilesSwitch(s *session, verb, short, long string, disabled bool) *cobra.Command {
	return newProfilesChange(s, verb, short, long, func(ctx context.Context, st *store.Store, one *email.Profile) error {
		one.Disabled = disabled
		_, err := st.ReplaceProfile(ctx, *one)
		return err
	})
}

// newProfilesChange makes a command that does something with profiles, all of
// which must be there.
func newProfilesChange(s *session, verb, short, long string, change func(context.Context, *store.Store, *email.Profile) error) *cobra.Command {
	var o storeOptions
	command := &cobra.Command{
		Use:     verb + " NAME...",
		Short:   short,
		Long:    long,
		Example: "  flowrun profiles " + verb + " shop",
		Args:    arguments(1, anyNumber, "NAME"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.overStore(command, o, func(ctx context.Context, work *storeWork) (answer, error) {
				found := &profilesAnswer{did: verb + "d", place: work.place}
				all, err := findProfiles(ctx, work, args)
				if err != nil {
					return found, err
				}
				for _, one := range all {
					if err := change(ctx, work.opened, &one); err != nil {
						return found, err
					}
					found.profiles = append(found.profiles, one)
				}
				return found, nil
			})
		},
	}
	o.addTo(command)
	return command
}

// findProfiles finds profiles, each once; all that are not there are told.
func findProfiles(ctx context.Context, work *storeWork, args []string) ([]email.Profile, error) {
	var all []email.Profile
	var problems []error
	known := map[int64]bool{}
	for _, arg := range args {
		one, err := findProfile(ctx, work, arg)
		if err != nil {
			problems = append(problems, err)
		} else if !known[one.ID] {
			known[one.ID] = true
			all = append(all, one)
		}
	}
	return all, errors.Join(problems...)
}

// findProfile finds a profile by its name or its ID.
func findProfile(ctx context.Context, work *storeWork, arg string) (email.Profile, error) {
	st, err := work.look(ctx)
	if err != nil {
		return email.Profile{}, missing(err, "there is no profile %q", arg)
	}
	var one email.Profile
	if id, bad := strconv.ParseInt(arg, 10, 64); bad == nil {
		one, err = st.ProfileByID(ctx, id)
		return one, missing(err, "there is no profile %d", id)
	}
	one, err = st.ProfileByName(ctx, arg)
	if !errors.Is(err, email.ErrNotFound) {
		return one, err
	}
	return one, missing(err, "there is no profile %q%s", arg, likeProfile(ctx, st, arg))
}

// likeProfile suggests the profile that was probably meant.
func likeProfile(ctx context.Context, st *store.Store, name string) string {
	all, err := st.Profiles(ctx)
	if err != nil {
		return ""
	}
	return didYouMean(name, each(all, func(p email.Profile) string { return p.Name }))
}
