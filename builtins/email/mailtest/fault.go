package mailtest

import (
	"slices"
	"strings"
	"sync"
)

// Stage is a point of an SMTP session at which a server can be scripted.
type Stage string

// The stages, in the order of a session.
const (
	StageConnect  Stage = "connect"  // a client has connected; the banner is due
	StageEHLO     Stage = "ehlo"     // EHLO or HELO
	StageSTARTTLS Stage = "starttls" // STARTTLS, before the handshake
	StageAUTH     Stage = "auth"     // the AUTH command, before its credentials are judged
	StageMAIL     Stage = "mail"     // MAIL FROM
	StageRCPT     Stage = "rcpt"     // one RCPT TO
	StageDATA     Stage = "data"     // DATA; a fault with code 354 takes content that has no recipient
	StageUpload   Stage = "upload"   // inside the content, after Fault.AfterBytes bytes
	StageDot      Stage = "dot"      // after the final dot; the reply is due
	StageRSET     Stage = "rset"     // RSET
	StageQUIT     Stage = "quit"     // QUIT
)

// Fault is one scripted misbehaviour. Of a server's faults the first that fits
// the stage, and has not run out, acts.
//
// A fault with a Code answers with that reply in place of the server's own. Drop
// cuts the connection, after the reply if there is one; code 421 and a refusing
// banner always do (RFC 5321 section 3.8). Stall says nothing and waits until
// the client leaves or the server closes; inside the content, where nothing is
// read any more, until the script is replaced or the server closes.
type Fault struct {
	Stage      Stage
	Recipient  string // only for this address (RCPT); "" is any
	Skip       int    // lets the first Skip occasions pass
	Times      int    // acts so often, then all is well; 0 is always
	Code       int    // reply code; 0 is no reply
	Enhanced   string // enhanced status code such as "4.7.1" (RFC 3463), or ""
	Text       string // reply text; line feeds make a multi-line reply
	Drop       bool   // cuts the connection
	Stall      bool   // goes silent
	AfterBytes int64  // StageUpload: content bytes that are read first
	Captured   bool   // StageDot: the mail is captured all the same
}

// Refuse answers every occasion of the stage with the reply.
func Refuse(stage Stage, code int, enhanced, text string) Fault {
	return Fault{Stage: stage, Code: code, Enhanced: enhanced, Text: text}
}

// RefuseRecipient answers every RCPT for the address with the reply.
func RefuseRecipient(address string, code int, enhanced, text string) Fault {
	return Fault{Stage: StageRCPT, Recipient: address, Code: code, Enhanced: enhanced, Text: text}
}

// Greylist refuses the first n recipients with 451 4.7.1, then accepts
// (RFC 6647).
func Greylist(n int) Fault {
	return Refuse(StageRCPT, 451, "4.7.1", "Greylisted, please try again later").First(n)
}

// Drop cuts the connection at the stage.
func Drop(stage Stage) Fault { return Fault{Stage: stage, Drop: true} }

// Stall goes silent at the stage.
func Stall(stage Stage) Fault { return Fault{Stage: stage, Stall: true} }

// First returns the fault limited to its first n occasions.
func (f Fault) First(n int) Fault {
	f.Times = n
	return f
}

// After returns the fault letting the first n occasions pass.
func (f Fault) After(n int) Fault {
	f.Skip = n
	return f
}

// script holds the faults of a server, and how often each has met its stage and
// has acted.
type script struct {
	mu       sync.Mutex
	faults   []Fault
	met      []int
	acted    []int
	replaced chan struct{} // closed when other faults take their place
}

func (s *script) replace(faults []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.replaced != nil {
		close(s.replaced)
	}
	s.replaced = make(chan struct{})
	s.faults = slices.Clone(faults)
	s.met = make([]int, len(faults))
	s.acted = make([]int, len(faults))
}

func (s *script) add(faults []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
	s.met = append(s.met, make([]int, len(faults))...)
	s.acted = append(s.acted, make([]int, len(faults))...)
}

// next counts one occasion and returns the fault that acts on it.
func (s *script) next(stage Stage, recipient string) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, fault := range s.faults {
		if fault.Stage != stage || fault.Recipient != "" && !strings.EqualFold(fault.Recipient, recipient) {
			continue
		}
		s.met[i]++
		if s.met[i] <= fault.Skip || fault.Times > 0 && s.met[i] > fault.Skip+fault.Times {
			continue
		}
		s.acted[i]++
		return fault, true
	}
	return Fault{}, false
}

// counts tells how often each fault has acted.
func (s *script) counts() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.acted)
}

// current returns a channel that is closed when the faults are replaced.
func (s *script) current() <-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.replaced
}
