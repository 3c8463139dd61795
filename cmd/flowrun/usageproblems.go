package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/pflag"

	"flowrun/builtins/email"
	"flowrun/lang"
)

// usageProblems gathers what is wrong with the arguments.
type usageProblems struct{ all []error }

func (p *usageProblems) add(err error) {
	if err != nil {
		p.all = append(p.all, &usageError{err})
	}
}

func (p *usageProblems) addf(format string, args ...any) { p.add(fmt.Errorf(format, args...)) }

func (p *usageProblems) need(flag, value string) {
	if value == "" {
		p.addf("%s is missing", flag)
	}
}

// id checks the number that --id gives; without the flag there is none. The greatest
// is that of the store, which JSON can hold exactly.
func (p *usageProblems) id(flags *pflag.FlagSet, id int64) {
	if flags.Changed("id") && (id < 1 || id > 1<<53) {
		p.addf("--id: %d is not 1 to %d", id, int64(1)<<53)
	}
}

// name checks the name that --name gives; "" is none.
func (p *usageProblems) name(name string) {
	if !shows(name) {
		p.addf("--name: %q begins or ends with a blank, or holds characters that do not show", name)
	}
}

// shows reports that people see a name as it is.
func shows(name string) bool {
	return strings.TrimSpace(name) == name && lang.VisibleLine(name) == name
}

func (p *usageProblems) err() error { return errors.Join(p.all...) }

// reference reads a reference, whose path it makes absolute: a flow may run in
// another folder.
func (p *usageProblems) reference(flag, text string) email.Reference {
	reference := email.Reference(text)
	if err := reference.Check(); err != nil {
		p.addf("%s: %w", flag, err)
		return ""
	}
	if path, ok := strings.CutPrefix(text, "file:"); ok {
		absolute, err := filepath.Abs(path)
		if err != nil {
			p.addf("%s: %w", flag, err)
		}
		return email.Reference("file:" + absolute)
	}
	return reference
}

// maxCertificates bounds a file of certificates in bytes.
const maxCertificates = 1 << 20

// certificates reads a file of certificates; a key in it is none of the store's
// business.
func (p *usageProblems) certificates(flag, file string) string {
	if file == "" {
		return ""
	}
	text, err := readFile(file, maxCertificates+1)
	switch {
	case err != nil:
		p.addf("%s: %w", flag, err)
	case len(text) > maxCertificates:
		p.addf("%s: %s is larger than %d MiB", flag, file, maxCertificates>>20)
	default:
		certificates, err := email.OnlyCertificates(string(text))
		if err != nil {
			p.addf("%s: %s: %w", flag, file, err)
		}
		return certificates
	}
	return ""
}
