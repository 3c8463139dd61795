package builtins_test

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/builtins/log"
	"flowrun/internal/suspendtest"
	"flowrun/lang"
	"flowrun/runtime"
	"flowrun/store"
	"flowrun/store/fixture"
)

func TestMain(m *testing.M) {
	suspendtest.ServeIfWorker(exampleHost)
	os.Exit(m.Run())
}

// setup tells a process where the sandbox and the store are and what the inputs
// are.
type setup struct {
	Store               string
	Address, TLSAddress string
	Authority           []byte
	Inputs              []byte
}

// exampleHost has the standard components, whose mails go to the sandbox.
func exampleHost(s suspendtest.Segment) (suspendtest.Host, error) {
	var at setup
	if err := json.Unmarshal([]byte(s.Setup), &at); err != nil {
		return suspendtest.Host{}, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(at.Authority) {
		return suspendtest.Host{}, errors.New("no authority")
	}
	st, err := store.Open(context.Background(), at.Store)
	if err != nil {
		return suspendtest.Host{}, err
	}
	var entries []string
	engine, err := runtime.New(
		runtime.WithComponents(builtins.Standard(builtins.Config{
			Email: email.Config{
				PrivateAddresses: true,
				Store:            st,
				Resolve:          func(email.Reference) (string, error) { return "sandbox", nil },
				Redirect:         &email.Redirect{Address: at.Address, TLSAddress: at.TLSAddress, RootCAs: authorities},
			},
			Log: log.Config{Sink: func(_ context.Context, entry log.Entry) error {
				entries = append(entries, fmt.Sprint(entry))
				return nil
			}},
		})...),
		runtime.WithSecrets(func(string) (string, error) { return "sandbox", nil }))
	if err != nil {
		return suspendtest.Host{}, err
	}
	program, diagnostics := engine.Compile(s.Name, s.Source)
	if program == nil {
		return suspendtest.Host{}, diagnostics
	}
	inputs, err := program.DecodeInputs(at.Inputs)
	return suspendtest.Host{Engine: engine, Inputs: inputs, Done: func() []string {
		if err := st.Close(); err != nil {
			entries = append(entries, err.Error())
		}
		return entries
	}}, err
}

// performer runs the segments of a flow, wherever it does.
type performer func(number int, s suspendtest.Segment) suspendtest.Ended

func here(_ int, s suspendtest.Segment) suspendtest.Ended {
	host, err := exampleHost(s)
	if err != nil {
		return suspendtest.Ended{Problem: err.Error()}
	}
	return s.Run(context.Background(), host)
}

// elsewhere runs each segment in a process of its own.
func elsewhere(_ int, s suspendtest.Segment) suspendtest.Ended {
	worker, err := suspendtest.StartWorker()
	if err != nil {
		return suspendtest.Ended{Problem: err.Error()}
	}
	ended := worker.Run(s)
	if err := worker.Close(); err != nil {
		ended.Problem = err.Error()
	}
	return ended
}

// mailsOf runs a flow against a sandbox of its own, which misbehaves as told, and
// gives the run and the mails.
func mailsOf(t *testing.T, flow suspendtest.Segment, inputs []byte, faults []mailtest.Fault, perform performer) (*suspendtest.Whole, []string) {
	t.Helper()
	server, err := mailtest.Start(mailtest.WithAnyName(), mailtest.WithPlaintextAuth())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	server.Script(faults...)
	at, err := json.Marshal(setup{
		Store:   exampleStore(t, flow.Name),
		Address: server.Addr(), TLSAddress: server.Host() + ":" + strconv.Itoa(server.TLSPort()),
		Authority: server.CertificatePEM(), Inputs: inputs,
	})
	if err != nil {
		t.Fatal(err)
	}
	flow.Setup = string(at)
	whole, err := suspendtest.Suspended(flow, 100, perform)
	if err != nil {
		t.Fatal(err)
	}
	var mails []string
	for _, mail := range server.Mails() {
		mails = append(mails, fmt.Sprintf("%s -> %v\n%s", mail.From, mail.To, withoutBoundaries(mail.Raw)))
	}
	return whole, mails
}

// exampleStore is the path of a store with the fixture of an example, if it has one.
func exampleStore(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "store.db")
	st, err := store.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	text, err := os.ReadFile(filepath.Join("../examples", name+".store.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return path
	}
	if err == nil {
		err = fixture.Load(t.Context(), st, "../examples", text)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var boundary = regexp.MustCompile(`boundary="?([^\s";]+)"?`)

// withoutBoundaries is a mail without the texts between its parts, which are
// drawn anew for every mail.
func withoutBoundaries(raw []byte) []byte {
	for _, drawn := range boundary.FindAllSubmatch(raw, -1) {
		raw = bytes.ReplaceAll(raw, drawn[1], []byte("boundary"))
	}
	return raw
}

func TestExamplesThatAreSuspendedAtEveryCallEndAsThoseLeftAlone(t *testing.T) {
	files, err := filepath.Glob("../examples/*.flow")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, file := range slices.DeleteFunc(files, lang.IsTestFile) {
		name := strings.TrimSuffix(filepath.Base(file), ".flow")
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		inputs, err := os.ReadFile(strings.TrimSuffix(file, ".flow") + ".inputs.json")
		if err != nil {
			t.Fatal(err)
		}
		flow := suspendtest.Segment{Name: name, Source: string(source), Whole: true}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			compareExample(t, flow, inputs, nil)
		})
		t.Run(name+" put off by the server", func(t *testing.T) {
			t.Parallel()
			compareExample(t, flow, inputs, []mailtest.Fault{mailtest.Greylist(1)})
		})
	}
}

func compareExample(t *testing.T, flow suspendtest.Segment, inputs []byte, faults []mailtest.Fault) {
	whole, wantedMails := mailsOf(t, flow, inputs, faults, here)
	if faults == nil && len(wantedMails) == 0 {
		t.Error("the flow sent no mail")
	}
	flow.Whole = false
	for where, perform := range map[string]performer{"in this process": here, "each time in another process": elsewhere} {
		run, mails := mailsOf(t, flow, inputs, faults, perform)
		if difference := run.Difference(whole); difference != "" {
			t.Errorf("%s: %s", where, difference)
		}
		if !slices.Equal(mails, wantedMails) {
			t.Errorf("%s: the mails are\n%s\nwant\n%s", where, strings.Join(mails, "\n"), strings.Join(wantedMails, "\n"))
		}
		if len(run.Snapshots) == 0 {
			t.Errorf("%s: the flow was never suspended", where)
		}
	}
}
