package main

import (
	"fmt"
	"io"
	"net/mail"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"flowrun/builtins/email/mailtest"
	"flowrun/lang"
)

// showMails prints captured mails as people read mail.
func showMails(w io.Writer, p palette, mails []mailtest.Mail) {
	switch len(mails) {
	case 0:
		fmt.Fprintln(w, "The sandbox got no mail.")
	case 1:
		fmt.Fprintln(w, "The sandbox got 1 mail. It has not left this machine.")
	default:
		fmt.Fprintf(w, "The sandbox got %d mails. They have not left this machine.\n", len(mails))
	}
	threaded := threadedMails(mails)
	for i, m := range mails {
		title := fmt.Sprintf("mail %d of %d", i+1, len(mails))
		mailView{w: w, palette: p, mail: m, threaded: threaded[i]}.titled(title)
	}
	if len(mails) > 0 {
		fmt.Fprintln(w)
	}
}

func security(m mailtest.Mail) string {
	over := "sent in plain text"
	if m.TLS != "" {
		over = "sent over " + m.TLS
	}
	if m.User != "" {
		over += " as " + lang.VisibleLine(m.User)
	}
	return over
}

// mailView prints one mail.
type mailView struct {
	w        io.Writer
	palette  palette
	mail     mailtest.Mail
	threaded bool // it answers another one of the run, or is answered
}

// threadedMails tells of each mail whether it answers another one of them, or is
// answered.
func threadedMails(mails []mailtest.Mail) []bool {
	threaded := make([]bool, len(mails))
	own := map[string]int{}
	named := make([][]string, len(mails))
	for i, m := range mails {
		parsed, err := m.Parse()
		if err != nil {
			continue
		}
		own[strings.TrimSpace(parsed.Header("Message-ID"))] = i
		named[i] = strings.Fields(parsed.Header("In-Reply-To") + " " + parsed.Header("References"))
	}
	for i, ids := range named {
		for _, id := range ids {
			if other, found := own[id]; found && other != i {
				threaded[i], threaded[other] = true, true
			}
		}
	}
	return threaded
}

// titled shows the mail below its title.
func (v mailView) titled(title string) {
	fmt.Fprintf(v.w, "\n%s\n", v.palette.bold(fmt.Sprintf("--- %s, %s ---", title, security(v.mail))))
	v.show()
}

func (v mailView) show() {
	parsed, err := v.mail.Parse()
	if err != nil {
		v.field("envelope", v.envelope(nil))
		v.field("error", err.Error())
		v.body(string(v.mail.Raw))
		return
	}
	v.field("envelope", v.envelope(parsed))
	for _, header := range v.shownHeaders(parsed.Headers) {
		v.field(header.Name, header.Value)
	}
	switch {
	case parsed.Text != "":
		v.body(parsed.Text)
		if parsed.HTML != "" {
			v.field("html", fmt.Sprintf("%d characters, shown by --json; above is the text beside it", len([]rune(parsed.HTML))))
		}
	case parsed.HTML != "":
		v.field("html", "without a text beside it")
		v.body(parsed.HTML)
	}
	for _, attachment := range parsed.Attachments {
		v.field("file", attachmentLine(attachment))
	}
}

// labelWidth is how far the values of fields stand to the right.
const labelWidth = 11

func (v mailView) field(label, value string) { writeField(v.w, v.palette, label, value) }

// writeField writes a value behind its label.
func writeField(w io.Writer, p palette, label, value string) {
	label = lang.VisibleLine(label)
	padding := strings.Repeat(" ", max(0, labelWidth-len(label)))
	fmt.Fprintf(w, "%s%s  %s\n", p.dim(label), padding, lang.VisibleLine(value))
}

func (v mailView) body(text string) {
	text = strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for line := range strings.SplitSeq(lang.Visible(text), "\n") {
		fmt.Fprintln(v.w, strings.TrimRight(v.palette.dim("  |")+" "+line, " "))
	}
}

// envelope says who sent the mail to whom; recipients that no header names are
// marked.
func (v mailView) envelope(parsed *mailtest.Message) string {
	from := v.mail.From
	if from == "" {
		from = "<>"
	}
	named := namedRecipients(parsed)
	recipients := slices.Clone(v.mail.To)
	for i, address := range recipients {
		if named != nil && !slices.Contains(named, canonicalAddress(address)) {
			recipients[i] += " (bcc)"
		}
	}
	return from + " -> " + strings.Join(recipients, ", ")
}

// namedRecipients are the addresses in To and Cc; nil when they cannot be read.
func namedRecipients(parsed *mailtest.Message) []string {
	if parsed == nil {
		return nil
	}
	named := []string{}
	for _, header := range []string{"To", "Cc"} {
		text := parsed.Header(header)
		if text == "" {
			continue
		}
		addresses, err := mail.ParseAddressList(text)
		if err != nil {
			return nil
		}
		for _, address := range addresses {
			named = append(named, canonicalAddress(address.Address))
		}
	}
	return named
}

// canonicalAddress makes two forms of one address equal.
func canonicalAddress(address string) string {
	at := strings.LastIndexByte(address, '@')
	if domain, err := idna.Lookup.ToASCII(address[at+1:]); err == nil {
		address = address[:at+1] + domain
	}
	return strings.ToLower(address)
}

// machinery are the header fields that matter to mail programs only, or that no
// two mails share.
var machinery = []string{
	"date", "mime-version", "content-type", "content-transfer-encoding", "auto-submitted", "x-auto-response-suppress",
	"dkim-signature",
}

// threading are the header fields that tell conversations.
var threading = []string{"message-id", "references"}

// leading are the header fields that people look at, in this order.
var leading = []string{"from", "sender", "reply-to", "to", "cc", "subject", "message-id", "in-reply-to", "references"}

// shownHeaders chooses the header fields that people want to see, those that
// they know first. Those that tell conversations matter where there is one.
func (v mailView) shownHeaders(headers []mailtest.Header) []mailtest.Header {
	var shown []mailtest.Header
	for _, header := range headers {
		name := strings.ToLower(header.Name)
		if !slices.Contains(machinery, name) && (v.threaded || !slices.Contains(threading, name)) {
			shown = append(shown, header)
		}
	}
	rank := func(h mailtest.Header) int {
		if at := slices.Index(leading, strings.ToLower(h.Name)); at >= 0 {
			return at
		}
		return len(leading)
	}
	slices.SortStableFunc(shown, func(a, b mailtest.Header) int { return rank(a) - rank(b) })
	return shown
}

func attachmentLine(a mailtest.Attachment) string {
	name := a.Name
	if name == "" {
		name = "(without a name)"
	}
	line := fmt.Sprintf("%s, %s, %s", name, a.Type, bytesText(a.Size))
	if a.ContentID != "" {
		line += ", cid:" + a.ContentID
	}
	return line
}

func bytesText[N int | int64](n N) string {
	switch {
	case n == 1:
		return "1 byte"
	case n < 1<<10:
		return fmt.Sprintf("%d bytes", n)
	case n < 1<<20:
		return fmt.Sprintf("%.1f KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
