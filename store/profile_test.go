package store_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"reflect"
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/internal/storetest"
	"flowrun/store"
)

// certificate makes a certificate and its key in PEM.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	bare, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})),
		string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: bare}))
}

func TestProfilesComeBackAsTheyWereAdded(t *testing.T) {
	cert, _ := certificate(t)
	profiles := []email.Profile{
		{Name: "shop", Host: "mail.example.com"},
		{
			Name: "Розсилка", Disabled: true, Host: "192.0.2.7", Port: 65535, TLS: email.TLSOpportunistic,
			User: "ann", Password: "env:SHOP_PASSWORD", From: `"Ann, B." <ann@example.com>`,
			RootCAs: cert + cert, Certificate: cert, CertificateKey: "file:/run/key.pem", SkipVerify: true,
			DKIM: &email.DKIM{Domain: "example.com", Selector: "s_2026", Key: "file:dkim.pem"},
		},
		{
			Name: "cloud", Host: "2001:db8::1", Port: 465, TLS: email.TLSImplicit, User: "ann@example.com",
			OAuth2: &email.OAuth2{
				TokenURL: "https://login.example.com/token", ClientID: "id", ClientSecret: "env:SECRET",
				RefreshToken: "env:REFRESH", Scopes: []string{"mail.send", "offline"},
			},
		},
	}
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		var want []email.Profile
		for i, p := range profiles {
			added, err := st.AddProfile(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			p.ID = int64(i + 1)
			if !reflect.DeepEqual(added, p) {
				t.Errorf("added\n%+v, want\n%+v", added, p)
			}
			want = append(want, p)
			if got, err := st.ProfileByID(t.Context(), p.ID); err != nil || !reflect.DeepEqual(got, p) {
				t.Errorf("by id\n%+v, want\n%+v: %v", got, p, err)
			}
			if got, err := st.ProfileByName(t.Context(), p.Name); err != nil || !reflect.DeepEqual(got, p) {
				t.Errorf("by name\n%+v, want\n%+v: %v", got, p, err)
			}
		}
		if got, err := st.Profiles(t.Context()); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("listed\n%+v, want\n%+v: %v", got, want, err)
		}
	})
}

func TestProfileThatCannotWorkIsRefused(t *testing.T) {
	cert, key := certificate(t)
	const secret = "hunter2-hunter2"
	for name, row := range map[string]struct {
		change func(*email.Profile)
		want   string
	}{
		"no name":       {func(p *email.Profile) { p.Name = " " }, `the name of the profile is empty`},
		"blanks":        {func(p *email.Profile) { p.Name = " shop" }, `the name of the profile, " shop", begins or ends with a blank, or holds characters that do not show`},
		"long name":     {func(p *email.Profile) { p.Name = strings.Repeat("ї", 256) }, `the name of the profile has more than 255 characters`},
		"line break":    {func(p *email.Profile) { p.Name = "a\nb" }, `the name of the profile, "a\nb", begins or ends with a blank, or holds characters that do not show`},
		"number":        {func(p *email.Profile) { p.Name = "12" }, `the name "12" would be taken for the ID of a profile`},
		"no host":       {func(p *email.Profile) { p.Host = "" }, `the profile "shop": it has no host: give the name of its mail server`},
		"host and port": {func(p *email.Profile) { p.Host = "a.example:25" }, `the profile "shop": host "a.example:25" is neither a host name nor an IP address`},
		"URL":           {func(p *email.Profile) { p.Host = "smtp://a.example" }, `the profile "shop": host "smtp://a.example" is neither a host name nor an IP address`},
		"user in host":  {func(p *email.Profile) { p.Host = "ann@a.example" }, `the profile "shop": host "ann@a.example" is neither a host name nor an IP address`},
		"negative port": {func(p *email.Profile) { p.Port = -1 }, `the profile "shop": port -1 is not 1 to 65535: give another, or 0 for the usual one`},
		"large port":    {func(p *email.Profile) { p.Port = 70000 }, `the profile "shop": port 70000 is not 1 to 65535: give another, or 0 for the usual one`},
		"mode":          {func(p *email.Profile) { p.TLS = "ssl" }, `the profile "shop": tls "ssl" is none of starttls, implicit, opportunistic and none`},
		"from":          {func(p *email.Profile) { p.From = "ann" }, `the profile "shop": from: `},
		"password":      {func(p *email.Profile) { p.Password = secret }, `the profile "shop": the password: it is no reference: write env:NAME for an environment variable or file:PATH for a file`},
		"no user":       {func(p *email.Profile) { p.User = "" }, `the profile "shop": it has a password but no user: give both or none`},
		"user":          {func(p *email.Profile) { p.User = "a\x00b" }, `the profile "shop": the user "a\x00b" holds characters that do not show`},
		"roots":         {func(p *email.Profile) { p.RootCAs = "/etc/ca.pem" }, `the profile "shop": the root certificates: there is no PEM certificate, which begins with -----BEGIN CERTIFICATE-----`},
		"key in roots":  {func(p *email.Profile) { p.RootCAs = cert + key }, `the profile "shop": the root certificates: something that is no certificate is among them: keys are given as references`},
		"damaged root": {func(p *email.Profile) {
			p.RootCAs = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
		}, `the profile "shop": the root certificates: a damaged certificate is among them`},
		"key for key": {func(p *email.Profile) { p.Certificate, p.CertificateKey = cert, email.Reference(key) }, `the profile "shop": the certificate's key: it is no reference: write env:NAME for an environment variable or file:PATH for a file`},
		"no key":      {func(p *email.Profile) { p.Certificate = cert }, `the profile "shop": a certificate and its key go together: give both or none`},
		"dkim domain": {func(p *email.Profile) { p.DKIM = &email.DKIM{Domain: "a b", Selector: "s", Key: "env:K"} }, `the profile "shop": dkim: "a b" is not a domain name`},
		"dkim no key": {func(p *email.Profile) { p.DKIM = &email.DKIM{Domain: "a.example", Selector: "s"} }, `the profile "shop": dkim: it has no key: give a reference to the private key`},
		"dkim key":    {func(p *email.Profile) { p.DKIM = &email.DKIM{Domain: "a.example", Selector: "s", Key: secret} }, `the profile "shop": dkim: the key: it is no reference: write env:NAME for an environment variable or file:PATH for a file`},
		"oauth2 both": {func(p *email.Profile) { p.OAuth2 = &email.OAuth2{} }, `the profile "shop": oauth2: it takes a user and no password`},
		"oauth2 http": {func(p *email.Profile) {
			p.Password, p.OAuth2 = "", &email.OAuth2{TokenURL: "http://a.example/" + secret}
		}, `the profile "shop": oauth2: the token URL is not an https URL without user and password, like https://login.example.com/token`},
		"oauth2 token":   {func(p *email.Profile) { p.Password, p.OAuth2 = "", oauth2(secret, "env:S") }, `the profile "shop": oauth2: the refresh token: it is no reference: write env:NAME for an environment variable or file:PATH for a file`},
		"oauth2 secret":  {func(p *email.Profile) { p.Password, p.OAuth2 = "", oauth2("env:R", secret) }, `the profile "shop": oauth2: the client secret: it is no reference: write env:NAME for an environment variable or file:PATH for a file`},
		"oauth2 nothing": {func(p *email.Profile) { p.Password, p.OAuth2 = "", oauth2("", "") }, `the profile "shop": oauth2: it takes a client id and a refresh token`},
		"negative id":    {func(p *email.Profile) { p.ID = -1 }, `store the profile "shop": the id -1 is not 1 to 9007199254740992`},
	} {
		t.Run(name, func(t *testing.T) {
			st := storetest.Open(t, storetest.Location(t, "SQLite"))
			p := email.Profile{Name: "shop", Host: "mail.example.com", User: "ann", Password: "env:P"}
			row.change(&p)
			_, err := st.AddProfile(t.Context(), p)
			if err == nil || err.Error() != row.want && !(name == "from" && strings.HasPrefix(err.Error(), row.want)) {
				t.Errorf("%v, want %s", err, row.want)
			}
			if err != nil && strings.Contains(err.Error(), secret) {
				t.Errorf("the error repeats the password: %v", err)
			}
			if all, err := st.Profiles(t.Context()); err != nil || len(all) != 0 {
				t.Errorf("something was stored: %v, %v", all, err)
			}
		})
	}
}

func oauth2(token, secret email.Reference) *email.OAuth2 {
	return &email.OAuth2{TokenURL: "https://a.example/", ClientID: "id", RefreshToken: token, ClientSecret: secret}
}

func TestProfileNamesAndIDsAreTakenOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		for _, row := range []struct {
			profile email.Profile
			id      int64
			want    string
		}{
			{email.Profile{Name: "a", ID: 3}, 3, ""},
			{email.Profile{Name: "b"}, 4, ""},
			{email.Profile{Name: "a"}, 0, `there is a profile "a" already, with id 3: give another name, or replace that one`},
			{email.Profile{Name: "c", ID: 4}, 0, `profile 4 is in the store already: give another id, or none`},
			{email.Profile{Name: "c", ID: 2}, 2, ""},
			{email.Profile{Name: "d"}, 5, ""},
		} {
			row.profile.Host = "mail.example.com"
			got, err := st.AddProfile(t.Context(), row.profile)
			switch {
			case row.want == "" && (err != nil || got.ID != row.id):
				t.Errorf("%+v: id %d, %v, want %d", row.profile, got.ID, err, row.id)
			case row.want != "" && (!errors.Is(err, store.ErrExists) || err.Error() != row.want):
				t.Errorf("%+v: %v, want %s", row.profile, err, row.want)
			}
		}
	})
}

func TestUnknownProfileIsNamed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		_, byID := st.ProfileByID(t.Context(), 17)
		_, byName := st.ProfileByName(t.Context(), "shp")
		for _, row := range []struct {
			err  error
			want string
		}{
			{byID, `profile 17 is not in the store`},
			{byName, `there is no profile "shp"`},
			{st.RemoveProfile(t.Context(), 17), `profile 17 is not in the store`},
		} {
			if !errors.Is(row.err, email.ErrNotFound) || row.err.Error() != row.want {
				t.Errorf("%v, want %s", row.err, row.want)
			}
		}
	})
}

func TestRemovedProfileIsGoneAndItsIDStays(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		shop := email.Profile{Name: "shop", Host: "mail.example.com"}
		first, err := st.AddProfile(t.Context(), shop)
		if err != nil {
			t.Fatal(err)
		}
		if err := st.RemoveProfile(t.Context(), first.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := st.ProfileByName(t.Context(), "shop"); !errors.Is(err, email.ErrNotFound) {
			t.Errorf("found after it was removed: %v", err)
		}
		if second, err := st.AddProfile(t.Context(), shop); err != nil || second.ID == first.ID {
			t.Errorf("id %d after %d: %v", second.ID, first.ID, err)
		}
	})
}

func TestReplacedProfileKeepsItsID(t *testing.T) {
	storetest.Each(t, func(t *testing.T, st *store.Store) {
		ctx := t.Context()
		first, err := st.AddProfile(ctx, email.Profile{Name: "shop", Host: "one.example"})
		if err != nil {
			t.Fatal(err)
		}
		other, err := st.AddProfile(ctx, email.Profile{Name: "other", Host: "two.example"})
		if err != nil {
			t.Fatal(err)
		}
		first.Host, first.Disabled, first.DKIM = "three.example", true, &email.DKIM{Domain: "x.example", Selector: "s", Key: "env:K"}
		replaced, err := st.ReplaceProfile(ctx, first)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := st.ProfileByName(ctx, "shop"); err != nil || !reflect.DeepEqual(got, replaced) || got.Host != "three.example" || !got.Disabled {
			t.Errorf("%+v, %v", got, err)
		}
		first.Name = "other"
		if _, err := st.ReplaceProfile(ctx, first); !errors.Is(err, store.ErrExists) {
			t.Errorf("under the name of another: %v", err)
		}
		if err := st.RemoveProfile(ctx, other.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := st.ReplaceProfile(ctx, other); !errors.Is(err, email.ErrNotFound) {
			t.Errorf("one that is gone: %v", err)
		}
		first.Password = "hunter2"
		if _, err := st.ReplaceProfile(ctx, first); err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("a password: %v", err)
		}
	})
}

func TestQuotedSenderOfAProfileIsKept(t *testing.T) {
	st := storetest.Open(t, storetest.Location(t, "SQLite"))
	for name, from := range map[string]string{
		"comma": `"Shop, The" <s@x.example>`,
		"utf-8": `"Müller, Jörg" <s@x.example>`,
		"plain": `Ann Lee <ann@x.example>`,
	} {
		added, err := st.AddProfile(t.Context(), email.Profile{Name: name, Host: "mail.example.com", From: from})
		if err != nil {
			t.Error(err)
			continue
		}
		if added, err = st.ReplaceProfile(t.Context(), added); err != nil || added.From != from {
			t.Errorf("%s becomes %s %v", from, added.From, err)
		}
	}
}
