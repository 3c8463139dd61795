package repl_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestCompletionKnowsWhatCanStandThere(t *testing.T) {
	r, _ := newREPL(t)
	r.Enter(t.Context(), `order = { id: 7, address: { city: "Kyiv" }, "no name": 1 }; orders = [order]`)
	r.Enter(t.Context(), "function greet < name, loud: bool = true > { }")
	for _, test := range []struct {
		text    string
		offered string // some of what is offered, in order; "" for nothing at all
		not     string // what must not be
	}{
		{"", "break|company|for|function|greet < |if|order|orders|sendEmail < ", "upper("},
		{"ord", "order|orders", ""},
		{"se", "sendEmail < ", "order"},
		{"x = se", "secret(|sendEmail < ", ""},
		{"x = upp", "upper(", ""},
		{"x = 1 + ord", "order|orders", "sendEmail < "},
		{"order.", "address|id", "no name"},
		{"x = order.address.c", "city", "company"},
		{"order?.i", "id", ""},
		{"company.city.", "zip", ""},
		{"unknown.", "", "id"},
		{"x = orders[0].", "address|id", "no name"},
		{"x = orders[0].address.c", "city", "id"},
		{"x = {a: orders[0][\"address\"].", "city", "id"},
		{"x = orders[1].", "", "id"},
		{"x = orders[order.id].", "", "id"},
		{"x = orders[99999999999999999999].", "", "id"},
		{"x = [0].", "", "id"},
		{"x = order[0].", "", "id"},
		{"sendEmail < ", "bcc: |break: |limit: |message: |to: ", "order"},
		{"sendEmail < re", "replyTo: |responseCode: ", "return"},
		{"sendEmail < to: \"a\", ", "bcc: |message: ", "to: "},
		{"sendEmail <\n  to: \"a\"\n  me", "message: ", "median("},
		{"sendEmail < cc: \"a\", ", "bcc: ", "copy: "},
		{"x = sendEmail < mess", "message: ", ""},
		{"sendEmail < to: ord", "order|orders", "message: "},
		{"sendEmail < to: [", "company|order", "message: "},
		{"sendEmail < message: upper(", "company|order", "to: "},
		{"sendEmail < format: ", `"html"|"markdown"|"text"`, ""},
		{"sendEmail < format: \"ma", `"markdown"`, `"html"`},
		{"sendEmail < dryRun: ", "false|true", ""},
		{"greet < ", "break: |loud: |name: ", ""},
		{"greet < loud: t", "true", ""},
		{"if order.id == 7 { se", "sendEmail < ", ""},
		{"if true {\n}\nwh", "while", ""},
		{"x = {a: ord", "order|orders", ""},
		{"x = \"${ord", "order|orders", ""},
		{"x = \"ord", "", "order"},
		{"// ord", "", "order"},
		{"x = `ord", "", "order"},
		{":", ":components|:doc |:help|:load |:quit|:reset|:save |:trace |:vars", "order"},
		{":tr", ":trace ", ""},
		{":trace o", "off|on", ""},
		{":doc se", "secret|sendEmail", ""},
		{":doc sendEmail.re", "sendEmail.replyTo|sendEmail.responseCode|sendEmail.retryCount", "sendEmail"},
		{":doc sendEmail.smtp.pa", "sendEmail.smtp.password", "sendEmail.smtp"},
		{":doc sendEmail.nothing.", "", "sendEmail"},
		{":vars ", "", "order"},
	} {
		var texts []string
		found := r.Completion(test.text)
		for _, candidate := range found.Candidates {
			texts = append(texts, candidate.Text)
			if !strings.HasPrefix(candidate.Text, test.text[found.Start:]) {
				t.Errorf("%q offers %q", test.text, candidate.Text)
			}
		}
		at := 0
		for want := range strings.SplitSeq(test.offered, "|") {
			next := slices.Index(texts[at:], want)
			if want != "" && next < 0 {
				t.Errorf("%q offers %q, without %q behind %d", test.text, texts, want, at)
				break
			}
			at += next + 1
		}
		if test.not != "" && slices.Contains(texts, test.not) || test.offered == "" && len(texts) > 0 {
			t.Errorf("%q offers %q", test.text, texts)
		}
	}
}

func TestCompletionOffersFlowsAndFolders(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	if err := os.Mkdir("flows", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"first.flow", "notes.txt", ".hidden.flow", filepath.Join("flows", "in ner.flow")} {
		if err := os.WriteFile(file, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	r, _ := newREPL(t)
	for text, want := range map[string]string{
		":load ":                  "first.flow flows/",
		":load fl":                "flows/",
		":load flows/":            "flows/in ner.flow",
		":load flows/in n":        "flows/in ner.flow",
		":save ./fi":              "./first.flow",
		":load " + folder + "/fi": folder + "/first.flow",
		":load missing/":          "",
	} {
		var texts []string
		for _, candidate := range r.Completion(text).Candidates {
			texts = append(texts, candidate.Text)
		}
		if got := strings.Join(texts, " "); got != want {
			t.Errorf("%q offers %q, want %q", text, got, want)
		}
	}
}

// TestCompletionBearsEverything looks at each beginning of the examples, and at what
// no flow is.
func TestCompletionBearsEverything(t *testing.T) {
	examples, err := filepath.Glob("../examples/*.flow")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	texts := []string{"<", "< ", ">", "a.b.c <", ".", "?.", "x.", "}", "\xff", "\x00", strings.Repeat("f < ", 100), strings.Repeat("{", 1000), strings.Repeat("x.", 100_000)}
	for _, file := range examples {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, string(text))
	}
	r, _ := newREPL(t)
	for _, text := range texts {
		for end := 0; end <= len(text); end += 1 + len(text)/60 {
			found := r.Completion(text[:end])
			if found.Start < 0 || found.Start > end {
				t.Errorf("%q is completed from %d on", text[:end], found.Start)
			}
		}
	}
}
