package email_test

import (
	"strings"
	"testing"

	"flowrun/builtins/email"
	"flowrun/runtime"
)

func TestSampleShowsWhatSettingsOfAMailDoNotTake(t *testing.T) {
	sample := runtime.Inputs{"order": map[string]any{
		"id": 7, "name": "Ann", "email": "ann@example.com", "paid": true, "copies": []any{"a@x.y"}, "port": "587", "files": "x",
	}}
	config := email.Config{Store: openStore(t)}
	for setting, want := range map[string]string{
		"to: order.id":                                                 `to: an int where an address is wanted`,
		`to: "a@x.y", copy: order.paid`:                                `copy: a bool where an address is wanted`,
		`to: "${order.nmae} <${order.email}>"`:                         `the map has no key "nmae"`,
		`to: ["a@x.y", order.id]`:                                      `to: an int where an address is wanted`,
		`to: "a@x.y", port: order.port`:                                `port is a string, want an int`,
		`to: "a@x.y", files: order.paid`:                               `files: a bool where an id is wanted, an int`,
		`to: "a@x.y", retryDelay: order.id`:                            `retryDelay is an int, want a duration`,
		`to: "a@x.y", tls: order.id`:                                   `tls: an int is no way to encrypt`,
		`to: order.copies`:                                             "",
		`to: order.email, copy: order.copies, owner: order.id`:         "",
		`to: "${order.name} <${order.email}>", inReplyTo: order?.mail`: "",
		`to: order.email, tls: order.paid, profile: order.name`:        "",
	} {
		p := program(t, config, "input order\nsendEmail < subject: \"s\", from: \"f@x.y\", message: \"m\", "+setting+" >\n")
		problems, err := p.CheckInputs(sample)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, problem := range problems {
			got = append(got, problem.Summary)
		}
		if strings.Join(got, "\n") != want {
			t.Errorf("%s: got %q, want %q", setting, got, want)
		}
	}
}
