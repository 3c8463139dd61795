package repl

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"flowrun/lang"
)

// Files is what a Host implements, too, whose user may read and write files. With
// another Host there are no :load and :save.
type Files interface {
	// Open opens a flow to be read.
	Open(file string) (io.ReadCloser, error)
	// Create makes a file. The error is fs.ErrExist where there is one already.
	Create(file string) (io.WriteCloser, error)
	// ReadDir lists a folder for completion.
	ReadDir(folder string) ([]fs.DirEntry, error)
}

// Disk gives a Host that embeds it all the files that the process may use.
type Disk struct{}

var _ Files = Disk{}

// Open implements Files.
func (Disk) Open(file string) (io.ReadCloser, error) { return os.Open(file) }

// Create implements Files.
func (Disk) Create(file string) (io.WriteCloser, error) {
	return os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
}

// ReadDir implements Files.
func (Disk) ReadDir(folder string) ([]fs.DirEntry, error) { return os.ReadDir(folder) }

// mostFiles bounds how many files of a folder are offered.
const mostFiles = 200

// flowFiles are the flows and folders whose paths begin with a text.
func (r *REPL) flowFiles(begin string) []Candidate {
	folder, _ := filepath.Split(begin)
	entries, err := r.files.ReadDir(filepath.Clean("./" + folder))
	if filepath.IsAbs(folder) {
		entries, err = r.files.ReadDir(folder)
	}
	if err != nil {
		return nil
	}
	var candidates []Candidate
	for _, entry := range entries {
		path := folder + lang.VisibleLine(entry.Name())
		switch {
		case !strings.HasPrefix(path, begin) || strings.HasPrefix(entry.Name(), ".") || len(candidates) == mostFiles:
		case entry.IsDir():
			candidates = append(candidates, Candidate{Text: path + string(filepath.Separator)})
		case strings.HasSuffix(path, ".flow"):
			candidates = append(candidates, Candidate{Text: path})
		}
	}
	return candidates
}
