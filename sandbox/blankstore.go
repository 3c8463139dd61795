package sandbox

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	"flowrun/store"
)

// blank is a store in which nothing is kept yet. Making one takes a long time
// beside what a test takes, so that every sandbox of a process begins with a copy.
var blank struct {
	mutex   sync.Mutex
	content []byte
}

// openStore opens the store in a file, which it makes when it is missing.
func openStore(ctx context.Context, path string) (*store.Store, error) {
	if store.FileAbsent(path) {
		content, err := blankStore(ctx, filepath.Dir(path))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
	}
	return store.Open(ctx, path)
}

// blankStore gives the content of a store in which nothing is kept yet; folder has
// room for making it.
func blankStore(ctx context.Context, folder string) ([]byte, error) {
	blank.mutex.Lock()
	defer blank.mutex.Unlock()
	if blank.content != nil {
		return blank.content, nil
	}
	path := filepath.Join(folder, "blank.db")
	made, err := store.Open(ctx, path)
	if err != nil {
		return nil, err
	}
	if err := made.Close(); err != nil {
		return nil, err
	}
	content, err := os.ReadFile(path)
	if err == nil {
		blank.content = content
	}
	return content, err
}
