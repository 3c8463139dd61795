package builtins_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"strconv"
	"strings"
	"time"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
)

// Tenant is a customer whose flows the host runs.
type Tenant struct {
	Name    string
	Domain  string            // of the addresses that it may send from
	Secrets map[string]string // granted to its flows
	Quota   *email.Quota      // of all its runs, so it outlives the engines
	Paid    bool
}

// Host runs the flows of its customers.
type Host struct {
	pool     *email.Pool // shared: the limits hold for the host's server as a whole
	redirect *email.Redirect
	room     chan struct{} // for so many runs at once
}

// Engine grants a customer what it may use, and nothing else.
func (h *Host) Engine(tenant Tenant) (*runtime.Engine, error) {
	config := email.Config{
		Server:   &email.ServerConfig{Host: "mail.host.example", User: "flows", Password: "…"},
		Inline:   email.NoServer,
		Pool:     h.pool,
		Redirect: h.redirect, // in this example; a real host sends to Server
		Limits:   email.Limits{Mails: 50, Recipients: 20, MessageBytes: 5 << 20},
		Permit: func(ctx context.Context, mail email.Envelope) error {
			for _, address := range []string{mail.From, mail.Sender} {
				if !strings.HasSuffix(address, "@"+tenant.Domain) {
					return fmt.Errorf("%s sends from addresses at %s only", tenant.Name, tenant.Domain)
				}
			}
			return tenant.Quota.Permit(ctx, mail)
		},
	}
	var granted []*runtime.Component
	for _, component := range builtins.Standard(builtins.Config{Email: config}) {
		switch component.Name() {
		case "sendEmail":
			if tenant.Paid {
				granted = append(granted, component.Without("server", "port", "tls", "smtp", "headers"))
			}
		case "log", "fail":
			granted = append(granted, component)
		}
	}
	return runtime.New(
		runtime.WithComponents(granted...),
		runtime.WithGlobals(map[string]any{"shop": tenant.Name}),
		runtime.WithSecrets(func(name string) (string, error) {
			secret, ok := tenant.Secrets[name]
			if !ok {
				return "", fmt.Errorf("the secret %q is not granted", name)
			}
			return secret, nil
		}),
		runtime.WithLimits(runtime.Limits{Source: 64 << 10, Steps: 1_000_000, Variables: 8 << 20, Value: 4 << 20}),
	)
}

// errTooLong is why a run is cancelled that takes its time.
var errTooLong = errors.New("a flow may take a minute")

// Run runs a program of a customer when there is room for it.
func (h *Host) Run(ctx context.Context, program *runtime.Program, inputs runtime.Inputs) (*runtime.Outcome, error) {
	select {
	case h.room <- struct{}{}:
		defer func() { <-h.room }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	ctx, cancel := context.WithTimeoutCause(ctx, time.Minute, errTooLong)
	defer cancel()
	return program.Run(ctx, inputs)
}

// A host that lets its customers write flows.
func Example_tenants() {
	server, err := mailtest.Start(mailtest.WithAnyName(), mailtest.WithCredentials("flows", "…"))
	if err != nil {
		log.Fatal(err)
	}
	defer server.Close()
	host := &Host{
		pool: email.NewPool(email.PoolLimits{Connections: 8, Rate: 20}),
		redirect: &email.Redirect{
			Address: server.Addr(), TLSAddress: net.JoinHostPort(server.Host(), strconv.Itoa(server.TLSPort())), RootCAs: server.CertPool(),
		},
		room: make(chan struct{}, 16),
	}
	defer host.pool.Close()
	acme := Tenant{Name: "Acme", Domain: "acme.example", Paid: true}
	acme.Quota = email.NewQuota(email.QuotaLimits{Mails: 500, Recipients: 2_000, Per: 24 * time.Hour})
	free := Tenant{Name: "Free", Domain: "free.example"}
	for _, c := range []struct {
		tenant Tenant
		source string
	}{
		{acme, `sendEmail < from: "shop@acme.example", to: "ann@example.com", subject: "Hi", message: "From ${shop}." >`},
		{acme, `sendEmail < from: "boss@bank.example", to: "ann@example.com", subject: "Hi", message: "Pay me." >`},
		{acme, `sendEmail < from: "shop@acme.example", to: "ann@example.com", subject: "Hi", message: "m", server: "10.0.0.1" >`},
		{acme, `x = "x"` + "\n" + `while true { x = x + x }`},
		{free, `sendEmail < from: "me@free.example", to: "ann@example.com", subject: "Hi", message: "m" >`},
	} {
		engine, err := host.Engine(c.tenant)
		if err != nil {
			log.Fatal(err)
		}
		program, problems := engine.Compile("theirs.flow", c.source)
		if program == nil {
			fmt.Println("refused:", problems)
			continue
		}
		if _, err := host.Run(context.Background(), program, nil); err != nil {
			fmt.Println("failed: ", err)
			continue
		}
		fmt.Println("sent:   ", server.Mails()[0].To)
	}
	// Output:
	// sent:    [ann@example.com]
	// failed:  theirs.flow:1:1: sendEmail: the host does not permit this mail: Acme sends from addresses at acme.example only
	// refused: theirs.flow:1:92: the host does not grant the setting "server" of sendEmail
	// failed:  theirs.flow:2:18: the text would be larger than 4 MiB
	// refused: theirs.flow:1:1: unknown component "sendEmail"
}
