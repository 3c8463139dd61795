package flowtest

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

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
	for _, argument := range arguments {
		found, err := findOne(argument)
		if err != nil {
			return nil, err
		}
		for _, file := range found {
			if !slices.Contains(files, file) {
				files = append(files, file)
			}
		}
	}
	return files, nil
}

func findOne(argument string) ([]string, error) {
	folder, below := argument, false
	if argument == "..." || strings.HasSuffix(argument, "/...") || strings.HasSuffix(argument, string(filepath.Separator)+"...") {
		folder, below = filepath.Clean(strings.TrimSuffix(argument, "...")), true
	}
	found, err := os.Stat(folder)
	switch {
	case err != nil:
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return nil, fmt.Errorf("cannot read %s: %w", folder, err)
	case found.IsDir():
		return filesIn(argument, folder, below)
	case !lang.IsTestFile(argument):
		return nil, fmt.Errorf("%s is no test file: its name does not end with _test.flow", argument)
	}
	return []string{argument}, nil
}

func filesIn(argument, folder string, below bool) ([]string, error) {
	var files []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && path != folder && (!below || leftOut(entry.Name())):
			return fs.SkipDir
		case !entry.IsDir() && lang.IsTestFile(path):
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", folder, err)
	}
	if files == nil {
		return nil, fmt.Errorf("%s has %w", argument, ErrNoFiles)
	}
	return files, nil
}

func leftOut(folder string) bool {
	return strings.HasPrefix(folder, ".") || strings.HasPrefix(folder, "_") || folder == "testdata"
}
