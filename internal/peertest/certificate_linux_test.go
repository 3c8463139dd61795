package peertest

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"testing"

	"flowrun/builtins/email/mailtest"
)

// certificate is what a server shows, valid for localhost and 127.0.0.1.
type certificate struct {
	file, key string // paths, PEM
	roots     *x509.CertPool
}

// newCertificate takes a certificate from the authority of a sandbox server.
func newCertificate(t testing.TB) certificate {
	t.Helper()
	var shown tls.Certificate
	server, err := mailtest.Start(mailtest.WithTLSConfig(func(c *tls.Config) { shown = c.Certificates[0] }))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	key, err := x509.MarshalPKCS8PrivateKey(shown.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	var chain []byte
	for _, der := range shown.Certificate {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	folder := t.TempDir()
	made := certificate{file: filepath.Join(folder, "certificate.pem"), key: filepath.Join(folder, "key.pem"), roots: server.CertPool()}
	for path, content := range map[string][]byte{
		made.file: chain,
		made.key:  pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
	} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return made
}
