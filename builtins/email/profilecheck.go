package email

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"

	"flowrun/lang"
)

// DefaultProfile is the name of the profile of calls that name neither a profile
// nor a server.
const DefaultProfile = "default"

// maxProfileName bounds the name of a profile in characters.
const maxProfileName = 255

// CheckProfileName refuses names that neither a flow nor a command line could give
// a profile.
func CheckProfileName(name string) error {
	switch _, notNumber := strconv.ParseInt(name, 10, 64); {
	case strings.TrimSpace(name) == "":
		return errors.New("the name of the profile is empty")
	case strings.TrimSpace(name) != name, lang.VisibleLine(name) != name:
		return fmt.Errorf("the name of the profile, %q, begins or ends with a blank, or holds characters that do not show", shortened(name))
	case utf8.RuneCountInString(name) > maxProfileName:
		return fmt.Errorf("the name of the profile has more than %d characters", maxProfileName)
	case notNumber == nil:
		return fmt.Errorf("the name %q would be taken for the ID of a profile", name)
	}
	return nil
}

// CheckTokenURL refuses token endpoints to which secrets would go unencrypted; this
// machine's own, by its IP address, may have http. Its errors do not repeat the
// text, since a URL can hold a password.
func CheckTokenURL(text string) error {
	parsed, err := url.Parse(text)
	if err == nil && parsed.Host != "" && parsed.User == nil && parsed.Fragment == "" {
		ip, _ := netip.ParseAddr(parsed.Hostname())
		if parsed.Scheme == "https" || parsed.Scheme == "http" && ip.IsLoopback() {
			return nil
		}
	}
	return errors.New("the token URL is not an https URL without user and password, like https://login.example.com/token")
}
