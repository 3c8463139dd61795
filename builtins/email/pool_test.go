package email_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

const pooledFlow = `input to: string
sent = sendEmail < to: to, from: "f@x.y", subject: "s", message: "m" >`

// pooled is the sandbox with a pool that is closed at the end.
func pooled(t *testing.T, server *mailtest.Server, limits email.PoolLimits) email.Config {
	t.Helper()
	config := sandboxed(server)
	config.Pool = email.NewPool(limits)
	t.Cleanup(func() { config.Pool.Close() })
	return config
}

func TestConnectionsAreSharedByAllRuns(t *testing.T) {
	server := startSandbox(t)
	config := pooled(t, server, email.PoolLimits{Connections: 2, MessagesPerConnection: 10})
	p := program(t, config, pooledFlow)
	var runs sync.WaitGroup
	for range 40 {
		runs.Go(func() {
			if _, err := p.Run(testContext(t), runtime.Inputs{"to": "a@x.y"}); err != nil {
				t.Error(err)
			}
		})
	}
	runs.Wait()
	if n, mails := server.Connections(), len(server.Mails()); n < 4 || n > 5 || mails != 40 {
		t.Errorf("%d connections, %d mails", n, mails)
	}
	config.Pool.Close()
	if err := server.WaitForIdle(testContext(t)); err != nil {
		t.Error(err)
	}
}

func TestComponentWithoutPoolMakesOne(t *testing.T) {
	server := startSandbox(t)
	p := program(t, sandboxed(server), pooledFlow+"\n"+`sent = sendEmail < to: to, from: "f@x.y", subject: "s", message: "m" >`)
	for range 2 {
		if _, err := p.Run(testContext(t), runtime.Inputs{"to": "a@x.y"}); err != nil {
			t.Fatal(err)
		}
	}
	if n, mails := server.Connections(), len(server.Mails()); n != 1 || mails != 4 {
		t.Errorf("%d connections, %d mails", n, mails)
	}
}

func TestAnotherPasswordGetsAConnectionOfItsOwn(t *testing.T) {
	server := startSandbox(t, mailtest.WithCredentials("u", "secret GOOD"), mailtest.WithAuthRequired())
	config := pooled(t, server, email.PoolLimits{})
	flow := func(secret string) string {
		return `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", server: "s.example",
			smtp: { user: "u", password: secret("` + secret + `") } >`
	}
	if _, err := runFlow(t, config, flow("GOOD"), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := runFlow(t, config, flow("BAD"), nil); err == nil || !strings.Contains(err.Error(), "535") {
		t.Errorf("error %v", err)
	}
	if n := len(server.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

// A connection that a flow with private addresses made is none for one without.
func TestFlowThatMayNotReachAnAddressGetsNoConnectionToIt(t *testing.T) {
	server := startSandbox(t)
	pool := email.NewPool(email.PoolLimits{})
	t.Cleanup(func() { pool.Close() })
	flow := func(port string) string {
		return `sendEmail < to: "a@x.y", from: "f@x.y", subject: "s", message: "m", server: "127.0.0.1", tls: false, port: ` + port + ` >`
	}
	port := strings.TrimPrefix(server.Addr(), server.Host()+":")
	if _, err := runFlow(t, email.Config{PrivateAddresses: true, Pool: pool}, flow(port), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := runFlow(t, email.Config{Pool: pool}, flow(port), nil); err == nil || !strings.Contains(err.Error(), "private or local") {
		t.Errorf("error %v", err)
	}
	if n := len(server.Mails()); n != 1 {
		t.Errorf("%d mails", n)
	}
}

func TestRateHoldsMailsBack(t *testing.T) {
	server := startSandbox(t)
	config := pooled(t, server, email.PoolLimits{Rate: 20})
	began := time.Now()
	for range 5 {
		if _, err := runFlow(t, config, pooledFlow, runtime.Inputs{"to": "a@x.y"}); err != nil {
			t.Fatal(err)
		}
	}
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("5 mails went in %s", took)
	}
}

func TestResendLeavesNoConnection(t *testing.T) {
	server := startSandbox(t, mailtest.WithFaults(mailtest.Refuse(mailtest.StageMAIL, 451, "4.3.0", "later").First(1)))
	config, st := storedConfig(t, server)
	config.Pool = email.NewPool(email.PoolLimits{})
	if _, err := runFlow(t, config, keptFlow, nil); err == nil {
		t.Fatal("it succeeded")
	}
	config.Pool.Close()
	config.Pool = nil
	if _, err := email.Resend(t.Context(), config, stored(t, st).ID, email.ResendOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := server.WaitForIdle(testContext(t)); err != nil {
		t.Error(err)
	}
}
