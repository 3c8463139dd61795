package main

import "flowrun/builtins/email"

// profileDocument is a profile for programs, in the words of a fixture.
type profileDocument struct {
	ID          int64           `json:"id"`
	Name        string          `json:"name"`
	Disabled    bool            `json:"disabled"`
	Server      string          `json:"server"`
	Port        int             `json:"port"`
	TLS         string          `json:"tls"`
	User        string          `json:"user"`
	Password    string          `json:"password"` // a reference
	From        string          `json:"from"`
	CA          string          `json:"ca,omitempty"`
	Certificate string          `json:"certificate,omitempty"`
	Key         string          `json:"key,omitempty"` // a reference
	SkipVerify  bool            `json:"skipVerify"`
	DKIM        *dkimDocument   `json:"dkim,omitempty"`
	OAuth2      *oauth2Document `json:"oauth2,omitempty"`
}

type dkimDocument struct {
	Domain   string `json:"domain"`
	Selector string `json:"selector"`
	Key      string `json:"key"` // a reference
}

type oauth2Document struct {
	TokenURL     string   `json:"tokenUrl"`
	ClientID     string   `json:"clientId"`
	ClientSecret string   `json:"clientSecret"` // a reference
	RefreshToken string   `json:"refreshToken"` // a reference
	Scopes       []string `json:"scopes"`
}

func newProfileDocument(p email.Profile) profileDocument {
	document := profileDocument{
		ID:          p.ID,
		Name:        p.Name,
		Disabled:    p.Disabled,
		Server:      p.Host,
		Port:        portOf(p),
		TLS:         string(modeOf(p)),
		User:        p.User,
		Password:    string(p.Password),
		From:        p.From,
		CA:          p.RootCAs,
		Certificate: p.Certificate,
		Key:         string(p.CertificateKey),
		SkipVerify:  p.SkipVerify,
	}
	if d := p.DKIM; d != nil {
		document.DKIM = &dkimDocument{d.Domain, d.Selector, string(d.Key)}
	}
	if o := p.OAuth2; o != nil {
		document.OAuth2 = &oauth2Document{
			TokenURL:     o.TokenURL,
			ClientID:     o.ClientID,
			ClientSecret: string(o.ClientSecret),
			RefreshToken: string(o.RefreshToken),
			Scopes:       each(o.Scopes, same),
		}
	}
	return document
}
