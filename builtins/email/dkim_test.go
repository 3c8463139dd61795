package email

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"flowrun/builtins/email/internal/transaction"
	"flowrun/internal/pythonmail"
)

// pemOf writes a key as PEM.
func pemOf(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// fullLetter has every field that a signature covers, and a part of each kind.
func fullLetter(attached int) *letter {
	address := Address{Name: "Олена", Local: "a", Domain: "shop.example"}
	l := &letter{
		from: address, to: []Address{address}, copy: []Address{address}, replyTo: []Address{address},
		sender: &Address{Local: "robot", Domain: "shop.example"},
		id:     "1@shop.example", date: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), subject: "Рахунок",
		inReplyTo: "299@x.example", unsubscribe: Unsubscribe{"https://shop.example/leave"}, priority: "low",
		text: "Hello\r\n\r\n", html: "<p>Hello  </p>",
	}
	for i := range 300 {
		l.references = append(l.references, fmt.Sprintf("%d@x.example", i))
	}
	l.attached = []attachment{{name: "a.bin", mediaType: anyBytes, open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(strings.Repeat("x", attached))), nil
	}}}
	return l
}

func TestSignaturesVerify(t *testing.T) {
	short := rsaKey(t, 2048)
	_, curve, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		pem    string
		record string
		size   int
	}{
		"RSA":        {pemOf(t, short), "v=DKIM1; k=rsa; p=" + publicKey(t, &short.PublicKey), 10},
		"RSA PKCS#1": {string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(short)})), "v=DKIM1; k=rsa; p=" + publicKey(t, &short.PublicKey), 10},
		"Ed25519":    {pemOf(t, curve), "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(curve.Public().(ed25519.PublicKey)), 10},
		"in a file":  {pemOf(t, curve), "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(curve.Public().(ed25519.PublicKey)), 3 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			l := fullLetter(c.size)
			if l.signer, err = newSigner(DKIM{Domain: "Shop.example", Selector: "s1"}, c.pem); err != nil {
				t.Fatal(err)
			}
			spool, err := l.spool(transaction.SpoolOptions{})
			if err != nil {
				t.Fatal(err)
			}
			defer spool.Close()
			raw, err := io.ReadAll(spool.Reader())
			if err != nil || int64(len(raw)) != spool.Size() {
				t.Fatalf("%d bytes, and the size is %d (%v)", len(raw), spool.Size(), err)
			}
			options := &dkim.VerifyOptions{LookupTXT: func(domain string) ([]string, error) {
				if domain != "s1._domainkey.shop.example" {
					return nil, fmt.Errorf("asked for %s", domain)
				}
				return []string{c.record}, nil
			}}
			verified := func(raw []byte) error {
				verifications, err := dkim.VerifyWithOptions(bytes.NewReader(raw), options)
				if err != nil || len(verifications) != 1 {
					t.Fatalf("%d signatures (%v)", len(verifications), err)
				}
				return verifications[0].Err
			}
			if err := verified(raw); err != nil {
				t.Fatal(err)
			}
			for _, change := range []struct{ old, new string }{
				{"Subject: ", "Subject: x"}, {"To: ", "To: e@x.y, "}, {"List-Unsubscribe: <https://shop", "List-Unsubscribe: <https://evil"},
				{"Hello", "Hullo"}, {"References: ", "References: <evil@x.y> "}, {"Date: ", "From: evil@x.y\r\nDate: "}, {"Sender: ", "Sender: x"},
			} {
				if !bytes.Contains(raw, []byte(change.old)) {
					t.Errorf("the mail has no %q", change.old)
				}
				if verified(bytes.Replace(raw, []byte(change.old), []byte(change.new), 1)) == nil {
					t.Errorf("the signature holds although %q became %q", change.old, change.new)
				}
			}
			if spool.LongestLine() > 998 {
				t.Errorf("a line of %d bytes", spool.LongestLine())
			}
			if c.size < 1<<20 {
				mail := pythonmail.Read(t, raw)[0]
				if defects := mail.Defects(); len(defects) > 0 {
					t.Errorf("defects %q", defects)
				}
				references, _ := mail.Header("References")
				if got := strings.Fields(references.Value); len(got) != 300 || got[299] != "<299@x.example>" {
					t.Errorf("references %q", got)
				}
			}
		})
	}
}

func publicKey(t *testing.T, key *rsa.PublicKey) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return base64.StdEncoding.EncodeToString(der)
}

func TestKeysThatCannotSignAreRefusedWithoutShowingThem(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	elliptical, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	_, good, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	domain := DKIM{Domain: "shop.example", Selector: "s1"}
	for name, c := range map[string]struct {
		dkim DKIM
		key  string
		want string
	}{
		"no PEM":        {domain, "hunter2hunter2", "DKIM key: it is not PEM"},
		"damaged":       {domain, "-----BEGIN PRIVATE KEY-----\naHVudGVyMg==\n-----END PRIVATE KEY-----\n", "DKIM key: the PEM is damaged"},
		"encrypted":     {domain, "-----BEGIN ENCRYPTED PRIVATE KEY-----\naHVudGVyMg==\n-----END ENCRYPTED PRIVATE KEY-----\n", "DKIM key: it is encrypted"},
		"a certificate": {domain, "-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----\n", "holds no private key"},
		"short":         {domain, pemOf(t, rsaKey(t, 768)), "DKIM key: it has 768 bits, at least 1024 are needed"},
		"another curve": {domain, pemOf(t, elliptical), "neither an RSA nor an Ed25519 key"},
		"a bad domain":  {DKIM{Domain: "a b", Selector: "s1"}, pemOf(t, good), `DKIM domain: "a b" is not a domain`},
		"a selector":    {DKIM{Domain: "a.example", Selector: "s1;p"}, pemOf(t, good), `DKIM selector: "s1;p" is not one`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newSigner(c.dkim, c.key)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), "aHVudGVyMg") {
				t.Errorf("the error shows the key: %v", err)
			}
		})
	}
}

func TestAMailThatItsSignatureMakesTooLargeIsRefused(t *testing.T) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	l := fullLetter(10)
	plain, err := l.spool(transaction.SpoolOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if l.signer, err = newSigner(DKIM{Domain: "shop.example", Selector: "s1"}, pemOf(t, key)); err != nil {
		t.Fatal(err)
	}
	if _, err := l.spool(transaction.SpoolOptions{MaxSize: plain.Size() + 20}); asFailure(err).Kind != KindSize {
		t.Errorf("error %v", err)
	}
}
