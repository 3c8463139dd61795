package email

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
)

// OnlyCertificates gives the PEM certificates of a text without what stands around
// them. It refuses a text without one, damaged ones, and anything else in PEM: a key
// among the certificates would be kept with them.
func OnlyCertificates(text string) (string, error) {
	var all []byte
	for block, rest := pem.Decode([]byte(text)); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			return "", errors.New("something that is no certificate is among them: keys are given as references")
		}
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return "", errors.New("a damaged certificate is among them")
		}
		all = append(all, pem.EncodeToMemory(&pem.Block{Type: block.Type, Bytes: block.Bytes})...)
	}
	if all == nil {
		return "", errors.New("there is no PEM certificate, which begins with -----BEGIN CERTIFICATE-----")
	}
	return string(all), nil
}
