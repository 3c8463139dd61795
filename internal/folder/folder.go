// Package folder finds files in folders.
package folder

import (
	"io/fs"
	"path/filepath"
)

// Files lists the wanted files in a folder, which may be a symbolic link, and in
// those folders below it that enter lets in by their names.
func Files(folder string, wanted, enter func(name string) bool) ([]string, error) {
	var files []string
	root := folder + string(filepath.Separator) // else a symbolic link is no folder
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case path == root:
		case entry.IsDir():
			if !enter(entry.Name()) {
				return fs.SkipDir
			}
		case wanted(entry.Name()):
			files = append(files, filepath.Clean(path))
		}
		return nil
	})
	return files, err
}
