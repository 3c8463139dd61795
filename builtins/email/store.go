package email

import (
	"context"
	"errors"
	"io"
	"time"
)

// Store keeps what sendEmail looks up (profiles, files, contacts, users and the
// mails that it answers) and the mails that it sends with `store: true`. Package
// store implements it; a host may implement it on what it has. Its methods may be
// called concurrently. What they do not find is an error that wraps ErrNotFound; a
// method Hint() string of it tells what to do about that, in place of sendEmail's
// own hint to the lists of the command flowrun.
type Store interface {
	// ProfileByID and ProfileByName give a profile, disabled ones too.
	ProfileByID(ctx context.Context, id int64) (Profile, error)
	ProfileByName(ctx context.Context, name string) (Profile, error)

	// OpenFile gives a file and a reader of its content, which is never held in
	// memory whole.
	OpenFile(ctx context.Context, id int64) (File, io.ReadCloser, error)

	// Contact and User give a contact and a user.
	Contact(ctx context.Context, id int64) (Contact, error)
	User(ctx context.Context, id int64) (User, error)

	// Message gives a message with its recipients and attempts.
	Message(ctx context.Context, id int64) (Message, error)
	// MessageByMessageID gives the message with this Message-ID, `left@right`.
	MessageByMessageID(ctx context.Context, messageID string) (Message, error)
	// OpenMessage gives the text of a message as RFC 5322 has it.
	OpenMessage(ctx context.Context, id int64) (io.ReadCloser, error)

	// Keep stores an outbound message in state StatePending, whole or not at all,
	// and returns it with its ID and Thread. When a message with its MessageID is
	// there already, that one is returned with existed true, and nothing changes.
	Keep(ctx context.Context, message Message, content io.Reader) (kept Message, existed bool, err error)
	// Claim takes the right to make one attempt to send a message: from then on it
	// is in state StateSending, and nobody else can claim it. Only messages in one
	// of the given states can be claimed; one that is not wraps ErrNotClaimed.
	// StateSending among them stands for a message whose claim has lapsed.
	Claim(ctx context.Context, id int64, from ...State) (Claim, error)
}

// Claim is the right to make one attempt to send a message. It renews itself
// until it is done; if its process ends before, it lapses, and the message is in
// doubt.
type Claim interface {
	// Done notes the attempt, brings the message into the state attempt.State and
	// gives the claim up, also when it fails: the message is then left in doubt.
	// It takes its time, also when ctx has ended, though less then. A recipient of
	// the message that is StateSent stays so, and one that is StateUnknown does
	// unless the attempt has it StateSent.
	Done(ctx context.Context, attempt Attempt) error
	// Release gives the claim up when no attempt was made, and brings the message
	// back into the state that it was claimed from; one whose claim had lapsed
	// before becomes StateUnknown. It fails and takes its time as Done does.
	Release(ctx context.Context) error
}

var (
	// ErrNotFound is wrapped by the error for what is not in the store.
	ErrNotFound = errors.New("not in the store")
	// ErrNotClaimed is wrapped by the error for a message that another process is
	// sending, or that is in another state than wanted.
	ErrNotClaimed = errors.New("the message cannot be claimed")
)

// File is a file of the store without its content.
type File struct {
	ID      int64
	Name    string // without folders
	Type    string // media type, RFC 2045 section 5.1, such as "application/pdf"
	Size    int64  // bytes
	Created time.Time
}

// Contact is somebody whom mails are about.
type Contact struct {
	ID      int64
	Name    string
	Address string // an addr-spec, or ""
}

// User is somebody who sends mails.
type User struct {
	ID      int64
	Name    string
	Address string // an addr-spec, or ""
}

// Message is a mail of the store: one that was sent or is to be, or one that came
// in.
type Message struct {
	ID        int64
	MessageID string // `left@right`, RFC 5322 section 3.6.4, without brackets
	// Thread is the MessageID of the earliest known mail of the conversation; the
	// same for all its mails.
	Thread     string
	State      State
	InReplyTo  string   // as MessageID, or ""
	References []string // as MessageID, oldest first

	From    string // header fields, decoded
	To      []string
	Copy    []string
	Subject string
	Date    time.Time // the header field; of a mail without it, when it was stored
	Size    int64     // of the whole text in bytes

	// What follows is empty for mails that came in.
	Recipients []Recipient // of the envelope, the blind copies among them, with their last outcome
	Sender     string      // reverse path of the envelope, an addr-spec
	Owner      int64       // the user sending it, or 0
	Contacts   []int64
	Files      []int64 // attached and embedded
	Profile    int64   // or 0
	Flow       string  // the flow's name
	Run        string  // the run's identifier
	Attempts   []Attempt

	Created time.Time
	Updated time.Time // of the state
	// InDoubt tells of a message in StateSending that nobody is sending any more:
	// the process that did has ended, or lost the store, before it noted what
	// became of it.
	InDoubt bool
	// ClaimedUntil is, for a message in StateSending, when it is in doubt if its
	// process has ended; as long as that lives it is put off. Otherwise it is zero.
	ClaimedUntil time.Time
}

// The states of stored messages, beside those of a result.
const (
	StatePending  State = "pending"  // kept, and no attempt was made yet
	StateSending  State = "sending"  // an attempt is being made, see Message.InDoubt
	StateReceived State = "received" // came in
)

// Attempt is one attempt to send a message.
type Attempt struct {
	Number int // from 1; the store counts
	Began  time.Time
	Ended  time.Time
	Server string // such as "smtp://ann@mail.example.com:587", without password
	TLS    string // "TLS 1.3", or "" without encryption
	// State is the state of the message afterwards.
	State State
	// Code, Enhanced and Text are the server's last reply; Code is 0 without one.
	Code     int
	Enhanced string
	Text     string
	Error    string // what went wrong, or ""
	// Recipients are those that the attempt was for.
	Recipients []Recipient
}

// Recipient is one recipient of a message's envelope.
type Recipient struct {
	Address string // an addr-spec
	// State is StatePending, StateSent, StateFailed or StateUnknown.
	State State
	// Code, Enhanced and Text are the reply that decided it; without one Code is 0
	// and Text the reason.
	Code      int
	Enhanced  string
	Text      string
	Temporary bool // with StateFailed: the same may succeed later
}
