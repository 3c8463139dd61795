package pythonmail_test

import (
	"strings"
	"testing"

	"flowrun/internal/pythonmail"
)

func lines(text string) []byte { return []byte(strings.ReplaceAll(text, "\n", "\r\n")) }

func TestAMailIsReadWhole(t *testing.T) {
	mail := pythonmail.Read(t, lines(`From: =?utf-8?q?J=C3=B6rg?= <j@x.y>
To: a@x.y, "B, C" <b@x.y>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_1"

--=_1
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

h=C3=A9
--=_1
Content-Type: application/pdf
Content-Transfer-Encoding: base64
Content-ID: <c1>
Content-Disposition: attachment; filename*=utf-8''%D0%B9.pdf

AAE=
--=_1--
`))[0]
	if defects := mail.Defects(); len(defects) > 0 {
		t.Errorf("defects %q", defects)
	}
	if got := mail.Outline(); got != "multipart/mixed [text/plain application/pdf]" {
		t.Errorf("outline %s", got)
	}
	from, _ := mail.Header("from")
	to, _ := mail.Header("To")
	if from.Addresses[0].Name != "Jörg" || len(to.Addresses) != 2 || to.Addresses[1] != (pythonmail.Address{Name: "B, C", Spec: "b@x.y"}) {
		t.Errorf("addresses %v, %v", from, to)
	}
	if text, file := mail.Parts[1], mail.Parts[2]; text.Text != "hé" || file.FileName != "й.pdf" || string(file.Content) != "\x00\x01" || file.ContentID != "c1" {
		t.Errorf("parts %+v, %+v", text, file)
	}
}

func TestDefectsAreTold(t *testing.T) {
	for name, raw := range map[string]string{
		"an address":  "From: a b <\n\nx\n",
		"base64":      "Content-Transfer-Encoding: base64\n\nAB!\n",
		"a boundary":  "Content-Type: multipart/mixed; boundary=\"b\"\n\nx\n",
		"a parameter": "Content-Disposition: attachment; filename=\"a\"; filename*=utf-8''a\n\nx\n",
	} {
		t.Run(name, func(t *testing.T) {
			if defects := pythonmail.Read(t, lines(raw))[0].Defects(); len(defects) == 0 {
				t.Error("no defect is told")
			}
		})
	}
}
