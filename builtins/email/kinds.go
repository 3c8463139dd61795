package email

import "flowrun/runtime"

// The kinds of sendEmail's errors, beside those of the runtime: "value" for a
// setting that cannot be used, "timeout", "cancelled", "limit".
const (
	// KindSMTP: the server refused the mail, or some of its recipients.
	KindSMTP runtime.Kind = "smtp"
	// KindConnection: the server could not be reached, or the connection broke.
	KindConnection runtime.Kind = "connection"
	// KindTLS: no encryption, or a certificate that does not hold.
	KindTLS runtime.Kind = "tls"
	// KindAuth: the server did not accept the user and password.
	KindAuth runtime.Kind = "auth"
	// KindServer: no server is given, or the host does not grant the one that is.
	KindServer runtime.Kind = "server"
	// KindUnsupported: the mail needs something that the server does not offer,
	// such as SMTPUTF8 for an address outside ASCII.
	KindUnsupported runtime.Kind = "unsupported"
	// KindSize: the mail is larger than the host or the server allows.
	KindSize runtime.Kind = "size"
	// KindQuota: the run, or whoever it is for, has sent as many mails as the host
	// allows.
	KindQuota runtime.Kind = "quota"
	// KindForbidden: the host does not permit this mail.
	KindForbidden runtime.Kind = "forbidden"
	// KindStore: the store could not be read or written.
	KindStore runtime.Kind = "store"
	// KindUnknown: the connection broke after the whole mail had been sent; it
	// may or may not arrive.
	KindUnknown runtime.Kind = "unknown"
)
