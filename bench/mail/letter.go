package mail

import (
	"fmt"
	"strings"
)

// Letter is what goes into a mail.
type Letter struct{ To, Subject, Text string }

// sender is who sends all the mails.
const sender = "shop@shop.example"

// textBytes is how long the text of a letter is.
const textBytes = 700

// Letters writes so many, each to somebody else.
func Letters(n int) []Letter {
	all := make([]Letter, n)
	for i := range all {
		all[i] = Letter{
			To:      fmt.Sprintf("customer%d@example.com", i),
			Subject: fmt.Sprintf("Your order %d is on its way", i),
			Text:    letterText(i),
		}
	}
	return all
}

// letterText is the n-th text: lines that a mail takes as they are.
func letterText(n int) string {
	text := fmt.Sprintf("Dear customer %d,\r\n\r\n", n)
	const line = "your parcel left us today, and will be with you in a day or two.\r\n"
	const end = "\r\nYours, the shop\r\n"
	for len(text)+len(line)+len(end) <= textBytes {
		text += line
	}
	return text + strings.Repeat("x", textBytes-len(text)-len(end)) + end
}

// fileLetter is the letter that goes with an attachment.
var fileLetter = Letter{To: "ann@example.com", Subject: "The film", Text: "Here it is.\r\n"}
