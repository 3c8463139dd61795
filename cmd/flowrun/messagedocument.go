package main

import (
	"time"

	"flowrun/builtins/email"
)

// messageDocument is what programs get of each message.
type messageDocument struct {
	ID         int64     `json:"id"`
	MessageID  string    `json:"messageId"`
	Thread     string    `json:"thread"`
	State      string    `json:"state"`
	InDoubt    bool      `json:"inDoubt"`
	InReplyTo  string    `json:"inReplyTo"`
	References []string  `json:"references"`
	From       string    `json:"from"`
	To         []string  `json:"to"`
	Copy       []string  `json:"copy"`
	Subject    string    `json:"subject"`
	Date       time.Time `json:"date"`
	Size       int64     `json:"size"`
	Flow       string    `json:"flow"`
	Run        string    `json:"run"`
	Created    time.Time `json:"created"`
	Updated    time.Time `json:"updated"`
}

func newMessageDocument(m email.Message) messageDocument {
	return messageDocument{
		ID:         m.ID,
		MessageID:  m.MessageID,
		Thread:     m.Thread,
		State:      string(m.State),
		InDoubt:    m.InDoubt,
		InReplyTo:  m.InReplyTo,
		References: each(m.References, same),
		From:       m.From,
		To:         each(m.To, same),
		Copy:       each(m.Copy, same),
		Subject:    m.Subject,
		Date:       m.Date,
		Size:       m.Size,
		Flow:       m.Flow,
		Run:        m.Run,
		Created:    m.Created,
		Updated:    m.Updated,
	}
}

// lifeDocument is everything that programs get of one message.
type lifeDocument struct {
	messageDocument
	Advice       string              `json:"advice"`
	Sender       string              `json:"sender"`
	Recipients   []recipientDocument `json:"recipients"`
	Attempts     []attemptDocument   `json:"attempts"`
	Profile      *namedDocument      `json:"profile"`
	Owner        *personDocument     `json:"owner"`
	Contacts     []personDocument    `json:"contacts"`
	Files        []keptFileDocument  `json:"files"`
	Conversation []messageDocument   `json:"conversation"`
}

// namedDocument is a profile that a message was sent over.
type namedDocument struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type recipientDocument struct {
	Address   string `json:"address"`
	State     string `json:"state"`
	Code      int    `json:"code"`
	Enhanced  string `json:"enhanced"`
	Text      string `json:"text"`
	Temporary bool   `json:"temporary"`
}

type attemptDocument struct {
	Number     int                 `json:"number"`
	Began      time.Time           `json:"began"`
	Ended      time.Time           `json:"ended"`
	Server     string              `json:"server"`
	TLS        string              `json:"tls"`
	State      string              `json:"state"`
	Code       int                 `json:"code"`
	Enhanced   string              `json:"enhanced"`
	Text       string              `json:"text"`
	Error      string              `json:"error,omitempty"`
	Recipients []recipientDocument `json:"recipients"`
}

func newRecipientDocument(r email.Recipient) recipientDocument {
	return recipientDocument{r.Address, string(r.State), r.Code, r.Enhanced, r.Text, r.Temporary}
}

func newAttemptDocument(a email.Attempt) attemptDocument {
	return attemptDocument{
		Number:     a.Number,
		Began:      a.Began,
		Ended:      a.Ended,
		Server:     a.Server,
		TLS:        a.TLS,
		State:      string(a.State),
		Code:       a.Code,
		Enhanced:   a.Enhanced,
		Text:       a.Text,
		Error:      a.Error,
		Recipients: each(a.Recipients, newRecipientDocument),
	}
}

func (a *lifeAnswer) document(head storeDocument) any {
	lives := []lifeDocument{}
	if a.found {
		life := lifeDocument{
			messageDocument: newMessageDocument(a.message),
			Advice:          a.advice(),
			Sender:          a.message.Sender,
			Recipients:      each(a.message.Recipients, newRecipientDocument),
			Attempts:        each(a.message.Attempts, newAttemptDocument),
			Contacts:        each(a.contacts, func(p person) personDocument { return personDocument(p) }),
			Files:           each(a.files, newKeptFileDocument),
			Conversation:    each(a.conversation, newMessageDocument),
		}
		if a.profile != nil {
			life.Profile = &namedDocument{a.profile.ID, a.profile.Name}
		}
		if a.owner != nil {
			life.Owner = (*personDocument)(a.owner)
		}
		lives = append(lives, life)
	}
	return struct {
		storeDocument
		Messages []lifeDocument `json:"messages"`
	}{head, lives}
}
