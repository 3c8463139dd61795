// Package transaction puts one encoded message into the hands of an SMTP server
// and says exactly what became of it.
//
// A [Spool] holds the encoded message, so that nothing can go wrong with it any
// more once the server listens. [Connect] opens a [Session] with go-mail's client
// (TLS and AUTH are go-mail's); [Session.Send] runs the transaction of RFC 5321
// section 3.3 itself: recipients are judged one by one, any local error after 354
// drops the connection, and a connection that breaks after the final dot is
// neither success nor failure but [Unknown]. [Send] is the whole way for one
// message.
package transaction
