package email

import (
	"strings"

	"flowrun/runtime"
)

// addressKeys are the settings that tell whom a mail reaches.
var addressKeys = []string{"to", "copy", "bcc", "from", "sender", "replyTo"}

// sentKeys are the settings of which explain tells what may be sent.
var sentKeys = append([]string{"inReplyTo", "headers", "files", "attach", "embed", "server", "port", "profile", "dryRun"}, addressKeys...)

// explain puts a call into words; see runtime.Explained.
func explain(s map[string]string) runtime.Wording {
	to := recipientsInWords(s)
	what := "a mail to " + to
	if s["inReplyTo"] != "" {
		what = "an answer to the mail " + s["inReplyTo"] + ", to " + to
	}
	about := ""
	if s["subject"] != "" {
		about = ", about " + s["subject"]
	}
	with := attachedInWords(s)
	words := runtime.Wording{
		Does:    "sends " + what + about + with,
		Sends:   what + with + senderInWords(s) + headersInWords(s) + serverInWords(s),
		Repeats: sentKeys,
	}
	switch dry := s["dryRun"]; dry {
	case "", "false":
	case "true":
		words.Does, words.Sends = "makes and checks "+what+about+with+", and does not send it", ""
	default:
		words.Further = append(words.Further, "If "+dry+", it is only made and checked, and not sent.")
		words.Sends += ", unless " + dry
	}
	words.Further = append(words.Further, retriesInWords(s)...)
	if s["store"] != "" && s["store"] != "false" {
		words.Further = append(words.Further, "The mail is kept in the store"+unlessTrue(s["store"])+".")
	}
	return words
}

// recipientsInWords tells who gets the mail.
func recipientsInWords(s map[string]string) string {
	to := s["to"]
	if s["copy"] != "" {
		to += ", with a copy to " + s["copy"]
	}
	if s["bcc"] != "" {
		to += ", with a blind copy to " + s["bcc"]
	}
	return to
}

// attachedInWords tells what goes with the message.
func attachedInWords(s map[string]string) string {
	var parts []string
	for _, key := range []string{"files", "attach", "embed"} {
		if s[key] != "" {
			parts = append(parts, s[key])
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return ", with the files " + strings.Join(parts, " and ")
}

// senderInWords tells who sends the mail, and who gets what comes back.
func senderInWords(s map[string]string) string {
	words := ""
	for _, told := range []struct{ before, key string }{
		{", from ", "from"}, {", sent by ", "sender"}, {", with answers to ", "replyTo"},
	} {
		if s[told.key] != "" {
			words += told.before + s[told.key]
		}
	}
	return words
}

func headersInWords(s map[string]string) string {
	if s["headers"] == "" {
		return ""
	}
	return ", with the headers " + s["headers"]
}

// serverInWords tells over which server the mail goes, and as which user.
func serverInWords(s map[string]string) string {
	var over string
	switch {
	case s["server"] != "":
		over = ", over the server " + s["server"]
		if s["port"] != "" {
			over += ", port " + s["port"]
		}
		if s["profile"] != "" {
			over += ", with the profile " + s["profile"]
		}
	case s["profile"] != "":
		over = ", over the profile " + s["profile"]
	default:
		over = ", over the profile default, else the host's server"
	}
	switch s["tls"] {
	case "false":
		over += ", not encrypted"
	case `"opportunistic"`:
		over += ", encrypted where the server offers it"
	}
	if s["smtp"] != "" {
		over += ", with the login " + s["smtp"]
	}
	return over
}

// retriesInWords tells what follows a temporary failure.
func retriesInWords(s map[string]string) []string {
	var sentences []string
	if count := s["retryCount"]; count != "" && count != "0" {
		first := "1s"
		if s["retryDelay"] != "" {
			first = strings.Trim(s["retryDelay"], `"`)
		}
		attempts := " more attempts"
		if count == "1" {
			attempts = " more attempt"
		}
		sentences = append(sentences, "After a temporary failure it makes up to "+count+attempts+", the first one "+first+" later.")
	}
	if s["retryUnknown"] != "" && s["retryUnknown"] != "false" {
		sentences = append(sentences, "A mail that may have arrived is tried again, too"+unlessTrue(s["retryUnknown"])+".")
	}
	return sentences
}

// unlessTrue is the condition of a setting that is not simply true.
func unlessTrue(setting string) string {
	if setting == "true" {
		return ""
	}
	return " if " + setting
}
