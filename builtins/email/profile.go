package email

// Profile is a mail server as the store keeps it, with everything that sending
// over it takes except the passwords themselves.
type Profile struct {
	ID       int64
	Name     string
	Disabled bool

	Host string  // host name or IP address
	Port int     // 1 to 65535; 0 means the usual one of TLS
	TLS  TLSMode // "" is TLSDefault

	User     string    // for AUTH; "" is none
	Password Reference // of User; "" with OAuth2
	From     string    // RFC 5322 mailbox of mails without `from`, or ""

	RootCAs        string    // PEM certificates that the server's one is verified with; "" is the system's
	Certificate    string    // PEM certificate that the client shows, or ""
	CertificateKey Reference // its PEM key
	SkipVerify     bool      // does not verify the server's certificate, and warns with every mail

	DKIM   *DKIM   // nil: mails are not signed
	OAuth2 *OAuth2 // nil: User has a Password
}

// DKIM tells how mails are signed, RFC 6376.
type DKIM struct {
	Domain   string    // the tag d=
	Selector string    // the tag s=
	Key      Reference // PEM private key, RSA or Ed25519
}

// OAuth2 tells how an access token for AUTH XOAUTH2 is got: by the refresh token
// grant of RFC 6749 section 6.
type OAuth2 struct {
	TokenURL     string // an https URL
	ClientID     string
	ClientSecret Reference // or ""
	RefreshToken Reference
	Scopes       []string
}
