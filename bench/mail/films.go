package mail

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
)

// Films are large files that every Attacher has ready to send, and a server for
// them.
type Films struct {
	Orders []Order // one a client

	sink   *Sink
	folder string
	attach Attach
}

// OpenFilms writes so many files of that size, and has the clients take them over.
// Close it when done.
func OpenFilms(count, size int) (*Films, error) {
	folder, err := os.MkdirTemp("", "flowrun-bench-")
	if err != nil {
		return nil, err
	}
	sink, err := StartSink(false, nil)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(folder))
	}
	f := &Films{sink: sink, folder: folder}
	if err := f.stock(count, size); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (f *Films) stock(count, size int) (err error) {
	if f.attach, err = BuildAttach(f.folder); err != nil {
		return err
	}
	paths, err := WriteFilms(f.folder, count, size)
	if err != nil {
		return err
	}
	for _, client := range Attachers() {
		own, err := os.MkdirTemp(f.folder, "")
		if err != nil {
			return err
		}
		attachments, err := client.Stock(own, paths)
		if err != nil {
			return err
		}
		f.Orders = append(f.Orders, Order{client.Name(), f.sink.Server(), own, attachments})
	}
	return nil
}

// WriteFilms writes files whose bytes are no text and do not compress.
func WriteFilms(folder string, count, size int) (paths []string, err error) {
	content := make([]byte, size)
	for n := range count {
		rand.NewChaCha8([32]byte{byte(n)}).Read(content)
		path := filepath.Join(folder, fmt.Sprintf("film%d.bin", n))
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// Peak carries out one of the orders and gives the most memory that it took, in
// bytes. A mail that did not come is an error.
func (f *Films) Peak(order Order) (int, error) {
	before := f.sink.Taken()
	peak, err := f.attach.Peak(order)
	if came := f.sink.Taken() - before; err == nil && came != len(order.Attachments) {
		err = fmt.Errorf("%s: %d mails came of %d", order.Client, came, len(order.Attachments))
	}
	return peak, err
}

// Close ends the server and removes the files.
func (f *Films) Close() error {
	return errors.Join(f.sink.Close(), os.RemoveAll(f.folder))
}
