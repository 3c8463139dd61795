package flowtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"flowrun/internal/folder"
	"flowrun/lang"
)

// ErrNoFiles is the error of a place without test files.
var ErrNoFiles = errors.New("no test files (*_test.flow)")

// Find gives the test files that arguments name: a file, a folder (the test files
// in it), or FOLDER/... (those below it, too; folders whose names begin with . or _
// and those named testdata are left out, as go test does). No argument is the
// current folder. Each file comes once.
func Find(arguments ...string) ([]string, error) {
	if len(arguments) == 0 {
		arguments = []string{"."}
	}
	var files []string
	known := map[string]bool{}
	for _, argument := range arguments {
		found, err := findOne(argument)
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			if place := filepath.Clean(file); !known[place] {
				known[place] = true
				files = append(files, file)
			}
		}
	}
	return files, nil
}

func findOne(argument string) ([]string, error) {
	place, below := argument, false
	if argument == "..." || strings.HasSuffix(argument, "/...") || strings.HasSuffix(argument, string(filepath.Separator)+"...") {
		place, below = filepath.Clean(strings.TrimSuffix(argument, "...")), true
	}
	found, err := os.Stat(place)
	switch {
	case err != nil:
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("cannot read %s: %w", place, err)
	case found.IsDir():
		return filesIn(argument, place, below)
	case !lang.IsTestFile(argument):
		return nil, fmt.Errorf("%s is no test file: its name does not end with _test.flow", argument)
	}
	return []string{argument}, nil
}

func filesIn(argument, place string, below bool) ([]string, error) {
	files, err := folder.Files(place, lang.IsTestFile, func(name string) bool { return below && !leftOut(name) })
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", place, err)
	}
	if files == nil {
		return nil, fmt.Errorf("%s has %w", argument, ErrNoFiles)
	}
	return files, nil
}

func leftOut(name string) bool {
	return strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_") || name == "testdata"
}
