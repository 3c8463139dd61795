package email_test

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"flowrun/builtins/email"
	"flowrun/internal/pythonmail"
	"flowrun/store"
)

// A mail with everything in it, sent over a profile and kept, is read back from the
// store by Python without a defect, and its signature holds.
func TestKeptMailIsReadBack(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	encoded, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	keyFile := filepath.Join(t.TempDir(), "dkim.pem")
	if err := os.WriteFile(keyFile, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: encoded}), 0o600); err != nil {
		t.Fatal(err)
	}
	server := startSandbox(t)
	config := profiled(t, email.Profile{Name: "default", Host: "mail.example", From: letters(150) + " <orders@shop.example>",
		DKIM: &email.DKIM{Domain: "shop.example", Selector: "mail", Key: email.Reference("file:" + keyFile)}})
	config.Redirect = sandboxed(server).Redirect
	config.Resolve = nil
	st := config.Store.(*store.Store)
	var chain []string
	for i := range 40 {
		chain = append(chain, fmt.Sprintf("<%d.%s@example.com>", i, strings.Repeat("x", 50)))
	}
	importMail(t, st, "Message-ID: <q@example.com>\nReferences: "+strings.Join(chain, "\n ")+
		"\nSubject: =?utf-8?b?0J/QuNGC0LDQvdC90Y8=?=\nFrom: a@b.c\nDate: Mon, 23 Nov 2026 10:00:00 +0200\nContent-Type: text/plain; charset=utf-8\n\nЧому?\n")
	for _, file := range []email.File{{Name: "logo.png"}, {Name: letters(200) + ".pdf"}} {
		if _, err := st.AddFile(t.Context(), file, strings.NewReader("content")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := runFlow(t, config, `sendEmail < to: "Ann <ann@example.com>", inReplyTo: "q@example.com", format: "html"
		message: "<p>Тому.</p><img src=\"cid:logo\">", files: [2], embed: { logo: 1 }
		attach: [{ name: "a.csv", content: "1;2" }], store: true >`, nil); err != nil {
		t.Fatal(err)
	}
	raw, err := st.OpenMessage(t.Context(), 2)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	kept, err := io.ReadAll(raw)
	if err != nil {
		t.Fatal(err)
	}
	if sent := onlyMail(t, server).Raw; !bytes.Equal(kept, sent) {
		t.Error("the mail that was kept is not the one that was sent")
	}
	verifications, err := dkim.VerifyWithOptions(bytes.NewReader(kept), &dkim.VerifyOptions{
		LookupTXT: func(domain string) ([]string, error) {
			return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
		},
	})
	if err != nil || len(verifications) != 1 || verifications[0].Err != nil || verifications[0].Domain != "shop.example" {
		t.Errorf("signatures %+v, %v", verifications, err)
	}
	mail := pythonmail.Read(t, kept)[0]
	if defects := mail.Defects(); len(defects) > 0 {
		t.Errorf("defects:\n%s", strings.Join(defects, "\n"))
	}
	if got, want := mail.Outline(), "multipart/mixed [multipart/related [multipart/alternative [text/plain text/html] image/png] application/pdf text/csv]"; got != want {
		t.Errorf("outline %s\nwant    %s", got, want)
	}
	if name := mail.Parts[6].FileName; name != letters(200)+".pdf" {
		t.Errorf("file name %q", name)
	}
	if subject, _ := mail.Header("Subject"); subject.Value != "Re: Питання" {
		t.Errorf("subject %q", subject.Value)
	}
	if chain, _ := mail.Header("References"); len(strings.Fields(chain.Value)) != 20 {
		t.Errorf("References %q", chain.Value)
	}
	if text := mail.Parts[3].Text; !strings.Contains(text, "> Чому?") {
		t.Errorf("text %q", text)
	}
}
