package email

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/emersion/go-msgauth/dkim"
)

// leastRSABits is the shortest RSA key that verifiers accept, RFC 8301 section 3.2.
const leastRSABits = 1024

// signer signs mails by DKIM, RFC 6376.
type signer struct {
	domain   string
	selector string
	key      crypto.Signer
}

// newSigner makes a signer of a PEM private key. Its errors show nothing of the key.
func newSigner(d DKIM, key string) (*signer, error) {
	domain, fault := domainName(d.Domain)
	if fault != nil {
		return nil, fmt.Errorf("DKIM domain: %s", fault.reason)
	}
	selector, fault := domainName(d.Selector)
	if fault != nil {
		return nil, fmt.Errorf("DKIM selector: %q is not one", shortened(d.Selector))
	}
	private, err := privateKey(key)
	if err != nil {
		return nil, fmt.Errorf("DKIM key: %w", err)
	}
	return &signer{domain: domain, selector: selector, key: private}, nil
}

// privateKey reads an RSA or Ed25519 key in PEM, PKCS #1 or PKCS #8.
func privateKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("it is not PEM, which begins with a line such as -----BEGIN PRIVATE KEY-----")
	}
	var key any
	var err error
	switch block.Type {
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "ENCRYPTED PRIVATE KEY":
		return nil, errors.New("it is encrypted; give one that is not")
	default:
		return nil, errors.New("the PEM holds no private key of RSA or Ed25519")
	}
	if err != nil {
		return nil, errors.New("the PEM is damaged, or its key is not fit for use")
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if bits := key.N.BitLen(); bits < leastRSABits {
			return nil, fmt.Errorf("it has %d bits, at least %d are needed", bits, leastRSABits)
		}
		return key, nil
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errors.New("it is neither an RSA nor an Ed25519 key")
}

// signedFields are the header fields that a signature covers when the mail has
// them, RFC 6376 section 5.4.1 and RFC 8058 section 4.
var signedFields = []string{
	"From", "Sender", "Reply-To", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References",
	"List-Unsubscribe", "List-Unsubscribe-Post", "MIME-Version",
}

// signature is the header field that signs a mail with these fields. The mail is
// read once and not held in memory. From is signed once more than it stands there,
// so that no second one can be added (RFC 6376 section 8.15).
func (s *signer) signature(mail io.Reader, fields []field) ([]byte, error) {
	keys := []string{"From"}
	for _, f := range fields {
		if slices.Contains(signedFields, f.name) {
			keys = append(keys, f.name)
		}
	}
	signing, err := dkim.NewSigner(&dkim.SignOptions{
		Domain:                 s.domain,
		Selector:               s.selector,
		Signer:                 s.key,
		Hash:                   crypto.SHA256,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed,
		BodyCanonicalization:   dkim.CanonicalizationRelaxed,
		HeaderKeys:             append(keys, "Content-Type"),
	})
	if err != nil {
		return nil, fmt.Errorf("sign the mail: %w", err)
	}
	_, err = io.Copy(signing, mail)
	if closed := signing.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("sign the mail: %w", err)
	}
	return []byte(signing.Signature()), nil
}
