package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"flowrun/lang"
)

// exampleOutput is what must be in the output of each example.
var exampleOutput = map[string][]string{
	"hello":         {"-> ann@example.com", "Subject      Hello", "  | Hi"},
	"order-shipped": {"vip@shop.example (bcc)", "Subject      Order 2026-1142 has shipped", "3 × Nuts & Bolts <dark roast>", "sent to 2 recipients"},
	"escalation":    {"got 4 mails", "Subject      [payments] 5 checks fail, please take over", "- receipts (since 03:21)"},
	"greylisting":   {"got 1 mail", "Dear Iryna Bondar,", "delivered to iryna@example.org"},
	"digest":        {"Subject      3 articles, 23 minutes to read", "Bees that count"},
	"reply":         {"In-Reply-To  <CAF4vN2k9@mail.example.com>", "Subject      Re: The grinder makes a strange noise"},
	"bulk":          {"got 4 mails", "row 2: ", "row 4: ", `{"sent":3,"setAside":2}`},
	"chat-handover": {"-> billing@help.example", "will write to maksym@example.com"},
	"contact-form":  {"got 2 mails", `To           "Smith, Ann" <ann.smith@example.com>`, `{"ok":true}`},
	"weekly-report": {"Subject      Corner Books: $ 1869.75 in the week of 16 November", "The best day was Saturday."},
	"invoice": {
		"sent over TLS 1.3 as billing@shop.example", "invoice-2026-1142.csv, text/csv", "terms.txt, text/plain", `"state": "sent"`,
	},
	"support-thread": {
		"Subject      Re: The grinder makes a strange noise", "In-Reply-To  <q2@mail.example.com>",
		"  | > I have removed it, and it rattles on.", `{"message":4,"state":"answered"}`,
	},
	"invoice-reminder": {"got 2 mails", "billing@aurora.example, accounts@studio.example"},
}

func TestEveryExampleRunsInTheSandbox(t *testing.T) {
	flows, err := filepath.Glob("../../examples/*.flow")
	if err != nil || len(flows) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, flow := range slices.DeleteFunc(flows, lang.IsTestFile) {
		name := strings.TrimSuffix(filepath.Base(flow), ".flow")
		t.Run(name, func(t *testing.T) {
			want := exampleOutput[name]
			if want == nil {
				t.Fatal("exampleOutput does not say what the example prints")
			}
			stdout, stderr := runExample(t, "run", "--sandbox", flow)
			for _, text := range want {
				if !strings.Contains(stdout, text) {
					t.Errorf("the output lacks %q:\n%s%s", text, stdout, stderr)
				}
			}
			runExample(t, "check", "--strict", "--inputs", strings.TrimSuffix(flow, ".flow")+".inputs.json", flow)
		})
	}
}

// runExample runs the command, which must succeed, with an empty environment.
func runExample(t *testing.T, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, err bytes.Buffer
	status := Main(t.Context(), Process{
		Args:   args,
		Env:    func(string) (string, bool) { return "", false },
		Stdin:  strings.NewReader(""),
		Stdout: &out,
		Stderr: &err,
	})
	if status != statusDone {
		t.Fatalf("flowrun %s: exit status %d\n%s%s", strings.Join(args, " "), status, out.String(), err.String())
	}
	return out.String(), err.String()
}
