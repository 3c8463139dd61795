// Package peertest has sendEmail talk to mail servers and beside mail clients that
// nobody here wrote: postfix, its smtp-sink, aiosmtpd and swaks.
//
// The servers are started by the tests, listen on free ports of 127.0.0.1, deliver
// nothing outside, and end with the test, or with its process, however that ends.
// A test whose tool is not installed is skipped and says so, or fails when
// FLOWRUN_TEST_PEERS is "required".
//
// aiosmtpd and swaks are Debian's packages python3-aiosmtpd and swaks, which takes
// libnet-ssleay-perl for TLS. Postfix is
// used as it lies in Debian's package, unpacked and not installed, so that the
// machine does not come to have a mail system:
//
//	apt-get download postfix
//	dpkg -x postfix_*.deb FOLDER
//
// where FOLDER is flowrun/postfix in the user's folder for caches, such as
// ~/.cache/flowrun/postfix, or what FLOWRUN_TEST_POSTFIX names.
package peertest

import (
	"os"
	"path/filepath"
	"testing"
)

const (
	// Required is the environment variable that makes a missing tool a failure when
	// it is "required".
	Required = "FLOWRUN_TEST_PEERS"
	// PostfixFolder is the environment variable that names the folder of the
	// unpacked package postfix.
	PostfixFolder = "FLOWRUN_TEST_POSTFIX"
)

// missing skips the test, or lets it fail where tools are required.
func missing(t testing.TB, what string) {
	t.Helper()
	if os.Getenv(Required) == "required" {
		t.Fatal(what)
	}
	t.Skip(what)
}

// unpackedPostfix gives the folder of the unpacked package postfix.
func unpackedPostfix(t testing.TB) string {
	t.Helper()
	folder := os.Getenv(PostfixFolder)
	if folder == "" {
		if caches, err := os.UserCacheDir(); err == nil {
			folder = filepath.Join(caches, "flowrun", "postfix")
		}
	}
	if _, err := os.Stat(filepath.Join(folder, "usr/sbin/smtp-sink")); err != nil {
		missing(t, "Debian's package postfix is not unpacked (apt-get download postfix && dpkg -x postfix_*.deb ~/.cache/flowrun/postfix)")
	}
	return folder
}

// postfixLibraries is the environment in which the programs of the unpacked package
// find their libraries.
func postfixLibraries(folder string) string {
	return "LD_LIBRARY_PATH=" + filepath.Join(folder, "usr/lib/postfix")
}
