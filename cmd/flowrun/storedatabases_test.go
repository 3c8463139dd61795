package main

import (
	"bytes"
	"strings"
	"testing"

	"flowrun/internal/storetest"
)

// withStore runs the command in this process, with a store, and gives what it
// prints.
func withStore(t *testing.T, location string, want int, stdin string, args ...string) string {
	t.Helper()
	var printed bytes.Buffer
	status := Main(t.Context(), Process{
		Args: args,
		Env: func(name string) (string, bool) {
			if name == envStore {
				return location, true
			}
			return "", false
		},
		Stdin:  strings.NewReader(stdin),
		Stdout: &printed,
		Stderr: &printed,
	})
	if status != want {
		t.Errorf("flowrun %s: exit status %d, want %d\n%s", strings.Join(args, " "), status, want, printed.String())
	}
	return printed.String()
}

func TestCommandsOverTheStoreDoTheSameOnEveryDatabase(t *testing.T) {
	content := strings.Repeat("\x00\xffcontent\r\n", 30_000)
	storetest.EachLocation(t, func(t *testing.T, location string) {
		for _, test := range []struct {
			status int
			stdin  string
			args   string
			want   string // or a part of it, with an ellipsis
		}{
			{statusDone, "", "users list --table", "There are no users in …"},
			{statusUsage, "", "profiles show shop --table", `flowrun: there is no profile "shop"…`},
			{statusDone, "", "profiles add shop --server smtp.shop.example --table", "profile 1 \"shop\" added\n"},
			{statusUsage, "", "profiles add shop --server smtp.shop.example --table", `flowrun: there is a profile "shop" already, with id 1…`},
			{statusUsage, "", "profiles show shpo --table", "flowrun: there is no profile \"shpo\", did you mean \"shop\"?\n"},
			{statusDone, "", "profiles show 1 --table", "profile 1 \"shop\"\nstate        enabled\nserver       smtp.shop.example:587\ntls          starttls\n"},
			{statusDone, content, "files add - --name all.bin --table", "file 1 \"all.bin\" added\n"},
			{statusDone, "", "files get 1", content},
			{statusDone, "", "contacts add --name Ann --id 5 --table", "contact 5 added\n"},
			{statusUsage, "", "contacts add --name Bob --id 5 --table", "flowrun: contact 5 is in the store already…"},
			{statusDone, "", "contacts list --table", "ID  NAME  ADDRESS\n5   Ann\n"},
			{statusDone, "", "contacts remove 5 --table", "contact 5 removed\n"},
			{statusUsage, "", "contacts remove 5 --table", "flowrun: there is no contact 5\n"},
			{statusDone, "", "users add --name Sofia --table", "user 1 added\n"},
			{statusDone, "", "messages list --table", "There are no messages in …"},
			{statusUsage, "", "messages show 1 --table", "flowrun: there is no message 1\n"},
			{statusDone, "", "profiles remove shop --table", "profile 1 \"shop\" removed\n"},
			{statusDone, "", "files remove 1 --table", "file 1 \"all.bin\" removed\n"},
		} {
			got := withStore(t, location, test.status, test.stdin, strings.Fields(test.args)...)
			begin, partial := strings.CutSuffix(test.want, "…")
			if got != test.want && !(partial && strings.HasPrefix(got, begin)) {
				t.Errorf("flowrun %s prints\n%.500s\nwant\n%.500s", test.args, got, test.want)
			}
			if password := storetest.Password(location); password != "" && strings.Contains(got, password) {
				t.Errorf("flowrun %s prints the password of the database:\n%s", test.args, got)
			}
		}
	})
}
