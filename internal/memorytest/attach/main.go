// Command attach is a host that puts large files into a store, takes them out
// again, sends them, each in a mail of its own and all at the same time, keeps the
// mails, and tells how much memory that took. The tests of package memorytest
// build and run it.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"sync"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/runtime"
	"flowrun/store"
)

// order is what the process is told on standard input.
type order struct {
	Store  string // location
	Server email.ServerConfig
	CA     string // PEM
	Bytes  int64  // of each file
	Files  int
}

// account is what it tells on standard output.
type account struct {
	SHA256 []string // of the files
	Out    []string // of the files as they came out of the store
	Kept   []int64  // bytes of the kept mails
	Peak   int      // kB of memory, VmHWM
}

const flow = `
input file: int
sent = sendEmail <
  to: "ann@example.com", from: "shop@shop.example", subject: "The film", message: "Here it is."
  profile: "default"
  files: [file]
  store: true
>
return sent.id`

func main() {
	var o order
	if err := json.NewDecoder(os.Stdin).Decode(&o); err != nil {
		log.Fatal(err)
	}
	told, err := perform(context.Background(), o)
	if err != nil {
		log.Fatal(err)
	}
	json.NewEncoder(os.Stdout).Encode(told)
}

func perform(ctx context.Context, o order) (told account, err error) {
	st, err := store.Open(ctx, o.Store)
	if err != nil {
		return told, err
	}
	defer st.Close()
	if _, err := st.AddProfile(ctx, email.Profile{Name: "default", Host: o.Server.Host, Port: o.Server.Port, RootCAs: o.CA}); err != nil {
		return told, err
	}
	var files []int64
	for n := range o.Files {
		file, sum, err := putIn(ctx, st, n, o.Bytes)
		if err != nil {
			return told, err
		}
		out, err := takeOut(ctx, st, file)
		if err != nil {
			return told, err
		}
		files = append(files, file)
		told.SHA256, told.Out = append(told.SHA256, sum), append(told.Out, out)
	}
	ids, err := send(ctx, st, o, files)
	if err != nil {
		return told, err
	}
	for _, id := range ids {
		message, err := st.Message(ctx, id)
		if err != nil {
			return told, err
		}
		told.Kept = append(told.Kept, message.Size)
	}
	told.Peak, err = peak()
	return told, err
}

// putIn stores the n-th file: bytes that are no text and do not compress.
func putIn(ctx context.Context, st *store.Store, n int, size int64) (id int64, sum string, err error) {
	hash := sha256.New()
	content := io.LimitReader(rand.NewChaCha8([32]byte{byte(n)}), size)
	file, err := st.AddFile(ctx, email.File{Name: fmt.Sprintf("film%d.bin", n)}, io.TeeReader(content, hash))
	return file.ID, hex.EncodeToString(hash.Sum(nil)), err
}

func takeOut(ctx context.Context, st *store.Store, id int64) (string, error) {
	_, content, err := st.OpenFile(ctx, id)
	if err != nil {
		return "", err
	}
	defer content.Close()
	sum := sha256.New()
	_, err = io.Copy(sum, content)
	return hex.EncodeToString(sum.Sum(nil)), err
}

// send runs the flow for every file at the same time.
func send(ctx context.Context, st *store.Store, o order, files []int64) ([]int64, error) {
	config := email.Config{Store: st, Limits: email.Limits{MessageBytes: 2 * o.Bytes}}
	engine, err := runtime.New(runtime.WithComponents(builtins.Standard(builtins.Config{Email: config})...))
	if err != nil {
		return nil, err
	}
	program, diagnostics := engine.Compile("film.flow", flow)
	if program == nil {
		return nil, diagnostics
	}
	ids, failures := make([]int64, len(files)), make([]error, len(files))
	var runs sync.WaitGroup
	for i, file := range files {
		runs.Go(func() {
			outcome, err := program.Run(ctx, runtime.Inputs{"file": int(file)})
			if failures[i] = err; err == nil {
				ids[i] = int64(outcome.Result.(int))
			}
		})
	}
	runs.Wait()
	return ids, errors.Join(failures...)
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that this process has had, in kB.
func peak() (int, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	found := highWater.FindSubmatch(status)
	if found == nil {
		return 0, fmt.Errorf("there is no VmHWM in /proc/self/status")
	}
	return strconv.Atoi(string(found[1]))
}
