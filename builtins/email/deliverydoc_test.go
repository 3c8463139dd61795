package email_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"flowrun/builtins/email"
)

var updateDelivery = flag.Bool("update-delivery", false, "write the tables of docs/delivery.md anew from the fault suite")

const (
	deliveryDocument = "../../docs/delivery.md"
	deliveryBegin    = "<!-- The tables are written by: go test ./builtins/email -run TestDeliveryDocument -update-delivery -->\n"
	deliveryEnd      = "<!-- End of the tables. -->\n"
)

func TestDeliveryDocumentShowsTheFaultSuite(t *testing.T) {
	document, err := os.ReadFile(deliveryDocument)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begun := strings.Cut(string(document), deliveryBegin)
	tables, after, ended := strings.Cut(rest, deliveryEnd)
	if !begun || !ended {
		t.Fatalf("docs/delivery.md has no place for the tables, between %q and %q", deliveryBegin, deliveryEnd)
	}
	want := faultTables()
	if *updateDelivery {
		if err := os.WriteFile(deliveryDocument, []byte(before+deliveryBegin+want+deliveryEnd+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if tables != want {
		t.Error("docs/delivery.md does not show the fault suite as it is: run go test ./builtins/email -run TestDeliveryDocument -update-delivery")
	}
}

// faultTables are the rows of the fault suite as users see them.
func faultTables() string {
	var b strings.Builder
	for _, group := range faultGroups {
		fmt.Fprintf(&b, "\n### %s\n\n| the server | settings | state | kind | code | temporary | attempts | arrived |\n|---|---|---|---|---|---|---|---|\n", group.title)
		for _, row := range group.rows {
			settings, kind, code, temporary := "", "", "", ""
			if row.settings != "" {
				settings = "`" + row.settings + "`"
			}
			if row.want.kind != "" {
				kind = "`" + string(row.want.kind) + "`"
				temporary = "no"
			}
			if row.want.code != 0 {
				code = fmt.Sprint(row.want.code)
			}
			if row.want.temporary {
				temporary = "yes"
			}
			fmt.Fprintf(&b, "| %s | %s | `%s` | %s | %s | %s | %d | %s |\n",
				row.server, settings, row.want.state, kind, code, temporary, row.want.attempts, row.arrived())
		}
	}
	return b.String() + "\n"
}

// arrived tells who has the mail.
func (row *faultRow) arrived() string {
	recipients, got := 1+strings.Count(row.to, ","), len(row.want.got)
	switch {
	case row.want.state == email.StateUnknown:
		return "perhaps"
	case got == 0:
		return "no"
	case row.want.twice:
		return "twice"
	case got < recipients:
		return fmt.Sprintf("for %d of %d", got, recipients)
	}
	return "yes"
}
