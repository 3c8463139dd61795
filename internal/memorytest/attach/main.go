// Command attach is a host that puts a large file into a store, takes it out
// again, sends it and keeps the mail, and tells how much memory that took. The
// tests of package memorytest build and run it.
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"

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
	Bytes  int64
}

// account is what it tells on standard output.
type account struct {
	SHA256 string // of the file
	Out    string // of the file as it came out of the store
	Kept   int64  // bytes of the kept mail
	Peak   int    // kB of memory, VmHWM
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
	sum := sha256.New()
	// Bytes that are no text and do not compress.
	content := io.LimitReader(rand.NewChaCha8([32]byte{}), o.Bytes)
	file, err := st.AddFile(ctx, email.File{Name: "film.bin"}, io.TeeReader(content, sum))
	if err != nil {
		return told, err
	}
	told.SHA256 = hex.EncodeToString(sum.Sum(nil))
	if told.Out, err = takeOut(ctx, st, file.ID); err != nil {
		return told, err
	}
	id, err := send(ctx, st, o, file.ID)
	if err != nil {
		return told, err
	}
	message, err := st.Message(ctx, id)
	if err != nil {
		return told, err
	}
	told.Kept = message.Size
	told.Peak, err = peak()
	return told, err
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

func send(ctx context.Context, st *store.Store, o order, file int64) (int64, error) {
	config := email.Config{Store: st, Limits: email.Limits{MessageBytes: 2 * o.Bytes}}
	engine, err := runtime.New(runtime.WithComponents(builtins.Standard(builtins.Config{Email: config})...))
	if err != nil {
		return 0, err
	}
	program, diagnostics := engine.Compile("film.flow", flow)
	if program == nil {
		return 0, diagnostics
	}
	outcome, err := program.Run(ctx, runtime.Inputs{"file": int(file)})
	if err != nil {
		return 0, err
	}
	return int64(outcome.Result.(int)), nil
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
