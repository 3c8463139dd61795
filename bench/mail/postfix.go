package mail

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// PostfixFolder is the environment variable that names the folder of Debian's
// package postfix, unpacked. Without it that is flowrun/postfix in the user's folder
// for caches, where the tests of flowrun look as well.
const PostfixFolder = "FLOWRUN_TEST_POSTFIX"

// postfixProgram finds a program of postfix and the environment that it runs in.
func postfixProgram(name string) (path string, environment []string, found bool) {
	folder := os.Getenv(PostfixFolder)
	if folder == "" {
		caches, err := os.UserCacheDir()
		if err != nil {
			return "", nil, false
		}
		folder = filepath.Join(caches, "flowrun", "postfix")
	}
	path = filepath.Join(folder, "usr/sbin", name)
	if _, err := os.Stat(path); err == nil {
		return path, append(os.Environ(), "LD_LIBRARY_PATH="+filepath.Join(folder, "usr/lib/postfix")), true
	}
	path, err := exec.LookPath(name)
	return path, nil, err == nil
}

// PostfixVersion is the version of the postfix that is used, "" for none.
func PostfixVersion() string {
	path, environment, found := postfixProgram("postconf")
	if !found {
		return ""
	}
	asked := exec.Command(path, "-d", "-h", "mail_version")
	asked.Env = environment
	version, err := asked.Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(version))
}
