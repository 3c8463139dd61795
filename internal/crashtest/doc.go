// Package crashtest ends the command in the midst of sending kept mails, takes its
// disk and its database away and runs it several times at once, and looks at what
// is in the store and in the recipients' mailboxes afterwards.
package crashtest
