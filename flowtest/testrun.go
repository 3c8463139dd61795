package flowtest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/builtins/log"
	"flowrun/runtime"
	"flowrun/runtime/virtualtime"
	"flowrun/sandbox"
	"flowrun/store"
)

// began is when a test begins that does not say it: a Monday.
var began = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// testRun is a test that runs, with all that belongs to it alone.
type testRun struct {
	file  *testFile
	test  *runtime.Test
	box   *sandbox.Sandbox
	pool  *email.Pool // of the test's own mails
	clock *virtualtime.Effects

	mutex  sync.Mutex
	random *rand.ChaCha8

	silent email.Timeouts  // short where a fault may let the server go silent, else 0
	filled map[string]bool // flows whose fixtures are in the store
	mocks  []*mocked
	mails  []any
	seen   int // mails of the server among them
	calls  []any
	logs   []any
	log    []log.Entry
	logged int           // size of the log in bytes
	waited time.Duration // by flows
	faults []*ordered    // since the server behaved
	past   []*ordered    // faults from before

	published published
	inFlow    bool
}

func (f *testFile) openTest(test *runtime.Test) (*testRun, error) {
	box, err := sandbox.Open()
	if err != nil {
		return nil, err
	}
	start := test.Now
	if start.IsZero() {
		start = began
	}
	t := &testRun{
		file: f, test: test, box: box,
		pool:   email.NewPool(email.PoolLimits{}),
		random: rand.NewChaCha8(sha256.Sum256([]byte(test.Name))),
		filled: map[string]bool{},
	}
	t.clock = virtualtime.NewStill(start, func(wait time.Duration) {
		t.mutex.Lock()
		defer t.mutex.Unlock()
		if t.inFlow {
			t.waited += wait
		}
	})
	return t, nil
}

func (t *testRun) close() error {
	t.box.Mailbox.Script() // a server that has gone silent inside a content comes back
	t.pool.Close()
	return t.box.Close()
}

// effects are those of a test, and of the flows that it runs.
type effects struct {
	*testRun
	flow bool
}

// Now is the time of the test.
func (e *effects) Now() time.Time { return e.clock.Now() }

// Sleep moves the time of the test ahead.
func (e *effects) Sleep(ctx context.Context, d time.Duration) error { return e.clock.Sleep(ctx, d) }

// Random follows from the name of the test.
func (e *effects) Random() uint64 {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.random.Uint64()
}

// Invoke calls a component, or its mock where a flow does. After each call of the
// test itself its records are what has been done by then.
func (e *effects) Invoke(ctx context.Context, call *runtime.Call, run func(context.Context) (any, error)) (any, error) {
	if e.flow {
		if e.isMocked(call.Component) {
			return e.callMock(call.Component)
		}
		return run(ctx)
	}
	v, err := run(ctx)
	if problem := e.publish(call); problem != nil {
		return nil, unpublished(problem, err)
	}
	return v, err
}

// unpublished is the error of a test that cannot know what its flows have done, and
// would go on with what was before. failed is why the call failed, or nil.
func unpublished(problem, failed error) error {
	failure := &runtime.Failure{Kind: runtime.KindHost, Message: problem.Error()}
	if failed != nil {
		failure.Message += "; before that it failed: " + failed.Error()
	}
	return failure
}

// publish gives the test what its flows have done so far.
func (t *testRun) publish(call *runtime.Call) error {
	t.collectMails()
	t.mutex.Lock()
	defer t.mutex.Unlock()
	for _, record := range []struct {
		name string
		told *int // how many of them the test knows
		now  []any
	}{
		{nameMails, &t.published.mails, t.mails},
		{nameCalls, &t.published.calls, t.calls},
		{nameLogs, &t.published.logs, t.logs},
	} {
		if len(record.now) == *record.told {
			continue
		}
		if err := call.SetGlobal(record.name, record.now); err != nil {
			return err
		}
		*record.told = len(record.now)
	}
	if t.waited == t.published.waited {
		return nil
	}
	if err := call.SetGlobal(nameWaited, t.waited); err != nil {
		return err
	}
	t.published.waited = t.waited
	return nil
}

// published is how much the test knows of what its flows have done.
type published struct {
	mails, calls, logs int
	waited             time.Duration
}

// checkStore stands for a store where nothing is looked up.
var checkStore = store.NewLazy(nil, func() bool { return true })

// engine makes an engine; t is nil for one that only checks.
func (f *testFile) engine(t *testRun, pool *email.Pool, globals map[string]any, more ...*runtime.Component) (*runtime.Engine, error) {
	location := time.UTC
	config := builtins.Config{Email: f.config.Email}
	mail := &config.Email
	mail.Server, mail.Pool = nil, pool
	mail.PrivateAddresses = true
	config.Log.Sink = func(context.Context, log.Entry) error { return nil }
	resolve := mail.Resolve
	if resolve == nil {
		resolve = func(email.Reference) (string, error) { return "", fmt.Errorf("there is none") }
	}
	if t == nil {
		mail.Store = checkStore
	} else {
		location = t.test.Location
		mail.Store, mail.Redirect, mail.Resolve = t.box.Store, t.box.Redirect(), t.box.Resolver(resolve)
		mail.Timeouts = t.timeouts()
		mail.Warn = func(ctx context.Context, warning string) {}
		config.Log.Sink = t.takeLog
	}
	options := []runtime.Option{
		runtime.WithGlobals(globals),
		runtime.WithLimits(f.config.Limits),
		runtime.WithLocation(location),
		runtime.WithSecrets(f.secret),
		runtime.WithComponents(f.components(config)...),
		runtime.WithComponents(more...),
	}
	return runtime.New(options...)
}

// components are the host's own and the standard ones.
func (f *testFile) components(config builtins.Config) []*runtime.Component {
	own := map[string]bool{}
	for _, component := range f.config.Components {
		if component != nil { // the engine says so
			own[component.Name()] = true
		}
	}
	components := append([]*runtime.Component(nil), f.config.Components...)
	for _, component := range builtins.Standard(config) {
		if !own[component.Name()] {
			components = append(components, component)
		}
	}
	return components
}

// known reports whether a component is there without being mocked.
func (f *testFile) known(name string) bool {
	return slices.Contains(f.names(), name)
}

// hosts reports whether a component is one of the host's own.
func (f *testFile) hosts(name string) bool {
	return slices.ContainsFunc(f.config.Components, func(c *runtime.Component) bool { return c.Name() == name })
}

// names are those of the components that are there.
func (f *testFile) names() []string {
	names := slices.Clone(standardNames())
	for _, component := range f.config.Components {
		if component != nil {
			names = append(names, component.Name())
		}
	}
	return names
}

var standardNames = sync.OnceValue(func() []string {
	var names []string
	for _, component := range builtins.Standard(builtins.Config{}) {
		names = append(names, component.Name())
	}
	return names
})

func (f *testFile) secret(name string) (string, error) {
	if f.config.Secrets != nil {
		return f.config.Secrets(name)
	}
	return "sandbox", nil
}

// testEngine makes the engine of the test file itself.
func (f *testFile) testEngine(t *testRun) (*runtime.Engine, error) {
	var pool *email.Pool
	if t != nil {
		pool = t.pool
	}
	return f.engine(t, pool, f.config.globals(), f.smtpComponent())
}

// flowEngine makes the engine of the flows.
func (f *testFile) flowEngine(t *testRun, pool *email.Pool) (*runtime.Engine, error) {
	var open []*runtime.Component
	for name := range f.open {
		if f.functions[name] != "" {
			continue // whose mock is the mistake
		}
		open = append(open, runtime.NewOpenComponent(name, unmocked))
	}
	return f.engine(t, pool, f.config.Globals, open...)
}

// The time limits of a server in the sandbox, which answers at once unless a fault
// lets it go silent: where it may, the limit is short.
const (
	patience      = 30 * time.Second
	stallPatience = 3 * time.Second
)

func (t *testRun) timeouts() email.Timeouts {
	limits := t.silent
	for _, limit := range []*time.Duration{&limits.Connect, &limits.Command, &limits.Content, &limits.Answer} {
		if *limit == 0 {
			*limit = patience
		}
	}
	return limits
}

// expectSilence shortens the time limits within which a fault may let the server go
// silent.
func (t *testRun) expectSilence(fault mailtest.Fault) {
	limits := &t.silent
	switch {
	case fault.Code > 0 && fault.Code < 400:
		// Of a reply that lets the client go on the server itself knows nothing, so
		// that both may wait for each other.
		*limits = email.Timeouts{Connect: stallPatience, Command: stallPatience, Content: stallPatience, Answer: stallPatience}
	case !fault.Stall:
	case slices.Contains([]mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS, mailtest.StageAUTH}, fault.Stage):
		limits.Connect = stallPatience
	case fault.Stage == mailtest.StageUpload:
		limits.Content, limits.Answer = stallPatience, stallPatience
	case fault.Stage == mailtest.StageDot:
		limits.Answer = stallPatience
	default:
		limits.Command = stallPatience
	}
}

// takeLog takes what is logged.
func (t *testRun) takeLog(_ context.Context, entry log.Entry) error {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	t.logged += entrySize + len(entry.Message)
	if t.logged > mostLogged {
		return &runtime.Failure{Kind: runtime.KindResource, Message: "the test logs more than the 16 MiB that are kept"}
	}
	t.log = append(t.log, entry)
	if t.inFlow {
		t.logs = append(t.logs, record(map[string]any{
			"level": levelName(entry), "message": entry.Message, "line": entry.Line,
		}))
	}
	return nil
}

// What a test logs is kept until its end, within bounds.
const (
	mostLogged = 16 << 20 // bytes
	entrySize  = 256      // of an entry beside its message
)

// mostOrders bounds the faults and the mocks of a test.
const mostOrders = 1000

func tooMany(what string) error {
	return &runtime.Failure{Kind: runtime.KindResource, Message: fmt.Sprintf("the test orders more than %d %s", mostOrders, what)}
}
