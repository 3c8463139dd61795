package email

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/runtime"
)

// TestRetriesKeepTheirScheduleToTheNanosecond sends a mail to a server that puts it
// off again and again, in a time that goes on only when everybody waits: what passes
// between two attempts is the wait and nothing else.
func TestRetriesKeepTheirScheduleToTheNanosecond(t *testing.T) {
	for name, c := range map[string]struct {
		delay      time.Duration
		extra      int
		reply      string
		greylisted bool
	}{
		"from a second":           {time.Second, 5, "451 4.3.0 later", false},
		"greylisting":             {time.Second, 5, "451 4.7.1 greylisted", true},
		"up to five minutes":      {time.Minute, 6, "452 4.3.1 full", false},
		"five minutes at once":    {longestWait, 3, "421 4.3.2 busy", false},
		"no retries, so no waits": {time.Second, 0, "451 4.3.0 later", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var drawn []uint64
				inSeededCall(t, func(_ context.Context, call *runtime.Call) error {
					for range c.extra {
						drawn = append(drawn, call.Random())
					}
					return nil
				})
				var want []time.Duration
				for i, random := range drawn {
					want = append(want, backoff(c.delay, i+1, c.greylisted, random))
				}
				server := puttingOff{reply: c.reply}
				inSeededCall(t, func(ctx context.Context, call *runtime.Call) error {
					return server.refuse(ctx, call, c.extra, c.delay)
				})
				if waits := server.waits(); len(server.asked) != c.extra+1 || !slices.Equal(waits, want) {
					t.Errorf("%d attempts, waits\n%v, want\n%v", len(server.asked), waits, want)
				}
			})
		})
	}
}

// seeded is real time with chance that is always the same.
type seeded struct{ runtime.Direct }

func (seeded) Random() uint64 { return 0x5eed }

// inSeededCall does something in the first call of a run.
func inSeededCall(t *testing.T, do func(context.Context, *runtime.Call) error) {
	t.Helper()
	component := runtime.NewComponent("here", func(ctx context.Context, call *runtime.Call, _ *struct{}) (any, error) {
		return nil, do(ctx, call)
	})
	engine, err := runtime.New(runtime.WithComponents(component))
	if err != nil {
		t.Fatal(err)
	}
	program, diagnostics := engine.Compile("test.flow", "here < >")
	if program == nil {
		t.Fatal(diagnostics)
	}
	if _, err := program.Run(t.Context(), nil, runtime.WithEffects(seeded{})); err != nil {
		t.Error(err)
	}
}

// puttingOff is a server at the other end of a pipe that has one reply to MAIL.
type puttingOff struct {
	reply string
	asked []time.Time
}

// refuse delivers a mail to the server, which does not take it.
func (p *puttingOff) refuse(ctx context.Context, call *runtime.Call, extra int, delay time.Duration) error {
	spool, err := transaction.NewSpool(func(w io.Writer) error {
		_, err := io.WriteString(w, "Subject: s\r\n\r\nm\r\n")
		return err
	}, transaction.SpoolOptions{})
	if err != nil {
		return err
	}
	defer spool.Close()
	message := Message{Sender: "f@x.y", Recipients: []Recipient{{Address: "a@x.y"}}}
	d := &delivery{
		component: newComponent(Config{Pool: NewPool(PoolLimits{Idle: -1})}),
		call:      call,
		to:        &destination{server: &transaction.Server{Host: "mail.example", TLS: transaction.Off, Dial: p.dial}},
		message:   message,
		spool:     spool,
		extra:     extra,
		delay:     delay,
		outcome:   start(message),
	}
	sent, err := d.run(ctx)
	if err == nil && (sent.State != transaction.Failed || !sent.Temporary) {
		err = fmt.Errorf("%s, %v", sent.State, sent.Err)
	}
	return err
}

func (p *puttingOff) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	go p.serve(server)
	return client, nil
}

func (p *puttingOff) serve(conn net.Conn) {
	defer conn.Close()
	say := func(reply string) { io.WriteString(conn, reply+"\r\n") }
	say("220 mail.example")
	for lines := bufio.NewScanner(conn); lines.Scan(); {
		switch verb, _, _ := strings.Cut(lines.Text(), " "); verb {
		case "EHLO":
			say("250-mail.example\r\n250 ENHANCEDSTATUSCODES")
		case "MAIL":
			p.asked = append(p.asked, time.Now())
			say(p.reply)
		case "QUIT":
			say("221 2.0.0 bye")
			return
		default:
			say("250 2.0.0 OK")
		}
	}
}

// waits is what passed between the attempts.
func (p *puttingOff) waits() []time.Duration {
	var waits []time.Duration
	for i := 1; i < len(p.asked); i++ {
		waits = append(waits, p.asked[i].Sub(p.asked[i-1]))
	}
	return waits
}
