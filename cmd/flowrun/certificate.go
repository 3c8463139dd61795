package main

import (
	"crypto/x509"
	"encoding/pem"
	"time"
)

// certificateTexts tell of PEM certificates: whose they are and until when they
// hold.
func certificateTexts(text string) []string {
	var all []string
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			all = append(all, "a certificate that cannot be read")
			continue
		}
		all = append(all, certificateText(certificate, time.Now()))
	}
	return all
}

func certificateText(certificate *x509.Certificate, now time.Time) string {
	whose := certificate.Subject.String()
	if whose == "" && len(certificate.DNSNames) > 0 {
		whose = certificate.DNSNames[0]
	}
	until := ", valid until "
	if now.After(certificate.NotAfter) {
		until = ", has expired on "
	}
	return orElse(whose, "a certificate without a name") + until + momentText(certificate.NotAfter)
}
