package mail

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sync/errgroup"

	"flowrun/builtins/email"
	"flowrun/runtime"
	"flowrun/store"
)

// Flowrun is flowrun with its component sendEmail: a run for each mail.
type Flowrun struct {
	// AtOnce is how many runs there are at the same time.
	AtOnce int
}

func (f Flowrun) Name() string {
	if f.AtOnce == 1 {
		return "flowrun"
	}
	return fmt.Sprintf("flowrun, %d at once", f.AtOnce)
}

func (Flowrun) Module() string { return "flowrun" }

var (
	//go:embed letter.flow
	letterFlow string
	//go:embed file.flow
	fileFlow string
)

// newProgram compiles a flow that sends mail.
func newProgram(name, source string, config email.Config) (*runtime.Program, error) {
	engine, err := runtime.New(runtime.WithComponents(email.New(config)))
	if err != nil {
		return nil, err
	}
	program, diagnostics := engine.Compile(name, source)
	if program == nil {
		return nil, diagnostics
	}
	return program, nil
}

func (s Server) forFlowrun() *email.ServerConfig {
	config := &email.ServerConfig{Host: s.Host, Port: s.Port, TLS: email.TLSNone}
	if s.encrypted() {
		config.TLS, config.RootCAs = email.TLSStartTLS, s.pool()
	}
	return config
}

type flowrunOutbox struct {
	atOnce  int
	program *runtime.Program
	pool    *email.Pool
}

func (f Flowrun) Open(to Server) (Outbox, error) {
	pool := email.NewPool(email.PoolLimits{})
	program, err := newProgram("letter.flow", letterFlow, email.Config{Server: to.forFlowrun(), Pool: pool})
	if err != nil {
		return nil, err
	}
	return &flowrunOutbox{f.AtOnce, program, pool}, nil
}

func (o *flowrunOutbox) Close() error { return o.pool.Close() }

func (o *flowrunOutbox) Send(letters []Letter) error {
	if o.atOnce == 1 {
		return o.sendEach(letters)
	}
	var runs errgroup.Group
	for n := range o.atOnce {
		runs.Go(func() error {
			return o.sendEach(letters[len(letters)*n/o.atOnce : len(letters)*(n+1)/o.atOnce])
		})
	}
	return runs.Wait()
}

func (o *flowrunOutbox) sendEach(letters []Letter) error {
	for _, letter := range letters {
		_, err := o.program.Run(context.Background(),
			runtime.Inputs{"to": letter.To, "subject": letter.Subject, "text": letter.Text})
		if err != nil {
			return err
		}
	}
	return nil
}

// location is the store in a folder.
func location(folder string) string { return filepath.Join(folder, "store.db") }

// Stock puts the files into a store.
func (Flowrun) Stock(folder string, files []string) (attachments []string, err error) {
	st, err := store.Open(context.Background(), location(folder))
	if err != nil {
		return nil, err
	}
	defer st.Close()
	for _, path := range files {
		content, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer content.Close()
		file, err := st.AddFile(context.Background(), email.File{Name: filepath.Base(path)}, content)
		if err != nil {
			return nil, err
		}
		attachments = append(attachments, strconv.FormatInt(file.ID, 10))
	}
	return attachments, nil
}

// SendFiles sends files of the store.
func (Flowrun) SendFiles(to Server, folder string, attachments []string) error {
	st, err := store.Open(context.Background(), location(folder))
	if err != nil {
		return err
	}
	defer st.Close()
	// A pool with room for all of them, since all are to be under way.
	pool := email.NewPool(email.PoolLimits{Connections: len(attachments)})
	defer pool.Close()
	program, err := newProgram("file.flow", fileFlow, email.Config{
		Server: to.forFlowrun(), Pool: pool, Store: st, Limits: email.Limits{MessageBytes: 100 << 20},
	})
	if err != nil {
		return err
	}
	return atOnce(attachments, func(attachment string) error {
		file, err := strconv.Atoi(attachment)
		if err != nil {
			return err
		}
		_, err = program.Run(context.Background(), runtime.Inputs{"file": file,
			"to": fileLetter.To, "subject": fileLetter.Subject, "text": fileLetter.Text})
		return err
	})
}

// atOnce does something with every attachment at the same time.
func atOnce(attachments []string, send func(attachment string) error) error {
	var mails errgroup.Group
	for _, attachment := range attachments {
		mails.Go(func() error { return send(attachment) })
	}
	return mails.Wait()
}
