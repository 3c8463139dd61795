package manpage_test

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"flowrun/internal/manpage"
)

// parcel is a command with a subcommand that is hidden and one that is not.
func parcel() *cobra.Command {
	root := &cobra.Command{
		Use:     "parcel",
		Short:   "Sends parcels",
		Long:    "Sends parcels\nto people.\n\n  parcel pack `x`    it's packed\n\n.Then it goes.",
		Example: "  parcel pack box\n  parcel pack ~/\"a b\"",
	}
	pack := &cobra.Command{
		Use:   "pack FILE",
		Short: "Packs a parcel",
		Long:  "Packs a parcel of 5 × 5.",
		Run:   func(*cobra.Command, []string) {},
	}
	pack.Flags().StringP("size", "s", "m", "the `letter` of the size")
	pack.Flags().Bool("fragile", false, `with care, as \ says`)
	secret := &cobra.Command{Use: "secret", Hidden: true, Run: pack.Run}
	root.AddCommand(pack, secret)
	return root
}

func pages(t *testing.T) map[string]string {
	t.Helper()
	book := manpage.Book{
		Version:  "parcel 1.2",
		Date:     time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC),
		Statuses: []manpage.Status{{Code: 0, Meaning: "it is sent"}},
	}
	all := map[string]string{}
	for _, page := range book.Pages(parcel()) {
		var out strings.Builder
		if n, err := page.WriteTo(&out); err != nil || n != int64(out.Len()) {
			t.Errorf("%s: wrote %d: %v", page.File, n, err)
		}
		all[page.File] = out.String()
	}
	return all
}

func TestThereIsAPageForEachCommandThatIsNotHidden(t *testing.T) {
	all := pages(t)
	if len(all) != 2 || all["parcel.1"] == "" || all["parcel-pack.1"] == "" {
		t.Errorf("got %v", all)
	}
}

func TestTextIsShownAsItIs(t *testing.T) {
	want := `.TH "PARCEL" 1 "2026-11-25" "parcel 1.2" "User Commands"
.nh
.ad l
.SH NAME
parcel \- Sends parcels
.SH SYNOPSIS
\fBparcel\fR COMMAND [flags]
.SH DESCRIPTION
Sends parcels
to people.
.PP
.RS 4
.nf
parcel pack \(gax\(ga    it\(aqs packed
.fi
.RE
.PP
\&.Then it goes.
.SH COMMANDS
.TP
\fBpack\fR
Packs a parcel
.SH OPTIONS
.TP
\fB\-h\fR, \fB\-\-help\fR
help for parcel
.SH EXIT STATUS
.TP
\fB0\fR
it is sent
.SH EXAMPLES
.RS 4
.nf
parcel pack box
parcel pack \(ti/"a b"
.fi
.RE
.SH SEE ALSO
\fBparcel\-pack\fR(1)
`
	if got := pages(t)["parcel.1"]; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestOptionsTellTheirValueAndTheirDefault(t *testing.T) {
	page := pages(t)["parcel-pack.1"]
	for _, want := range []string{
		"\n\\fBparcel pack\\fR FILE [flags]\n",
		"\nPacks a parcel of 5 \\[u00D7] 5.\n",
		"\n.TP\n\\fB\\-s\\fR, \\fB\\-\\-size\\fR \\fIletter\\fR\nthe letter of the size; the default is m\n",
		"\n.TP\n\\fB\\-\\-fragile\\fR\nwith care, as \\e says\n",
		"\n.SH SEE ALSO\n\\fBparcel\\fR(1)\n",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
}
