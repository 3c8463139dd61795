package runtime_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"flowrun/builtins"
	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/runtime"
	"flowrun/runtime/value"
)

// everything is a flow in which each run uses what runs might share: functions,
// loops, patterns that differ from run to run, predicates, templates, html, the
// globals of the host, output variables, passes, chance.
const everything = `
input n: int
input pattern: string
total = 0
function add < by > {
  global total = total + by
  return total
}
function factorial < of: int > {
  if of <= 1 { return 1 }
  below = factorial < of: of - 1 >
  return of * below
}
for i in 1..20 {
  add < by: n, limit: 15 > failover { break }
}
shop.visits = shop.visits + n
shop.tags[0] = "t${n}"
hits = filter(map(1..60, "w${n}-${#}"), # matches pattern)
sorted = sort(map(1..20, (# * (n + 7)) % 31))
groups = groupBy(sorted, # % 3)
page = html("<p title=\"${pattern}\">${n} & ${shop.name}</p>")
try < fail: "no ${n}", kind: "k${n}", code: reply >
count = 0
again: count = count + 1
if count < n % 5 + 1 { goto again }
product = factorial < of: n % 10 + 1 >
mine = all(1..20, all(1..10, # <= 10)) and reduce(sorted, #acc + #, 0) == sum(sorted)
chance = random(1000)
return {total: total, visits: shop.visits, tags: shop.tags, hits: hits, sorted: sorted, page: page, reply: "${reply}", kind: reply.kind, count: count, product: product, mine: mine, chance: chance, id: uuid(), groups: keys(groups)}
`

func TestAThousandRunsOfOneProgramAreEachTheirOwn(t *testing.T) {
	shop := map[string]any{"name": "Acme", "visits": 100, "tags": []string{"a", "b"}}
	program := compile(t, newEngine(t, &recorder{}, runtime.WithGlobals(map[string]any{"shop": shop})), everything)
	var mutex sync.Mutex
	ids := map[string]bool{}
	var all sync.WaitGroup
	for n := range 1000 {
		all.Go(func() {
			pattern := fmt.Sprintf("^w%d-[0-9]*[%d5]$", n, n%10)
			outcome, err := program.Run(context.Background(), runtime.Inputs{"n": n, "pattern": pattern}, runtime.WithRunID(strconv.Itoa(n)))
			if err != nil {
				t.Errorf("run %d: %v", n, err)
				return
			}
			got := maps.Clone(outcome.Result.(map[string]any))
			mutex.Lock()
			ids[got["id"].(string)] = true
			mutex.Unlock()
			if chance := got["chance"].(int); chance < 0 || chance >= 1000 {
				t.Errorf("run %d: random(1000) gave %d", n, chance)
			}
			page := got["page"].(value.HTML).Markup()
			delete(got, "id")
			delete(got, "chance")
			delete(got, "page")
			if want := fmt.Sprintf(`<p title="%s">%d & Acme</p>`, pattern, n); page != want {
				t.Errorf("run %d: page %s, want %s", n, page, want)
			}
			if have, want := fmt.Sprint(got), fmt.Sprint(expectation(n, pattern)); have != want {
				t.Errorf("run %d gave\n%s, want\n%s", n, have, want)
			}
		})
	}
	all.Wait()
	if len(ids) != 1000 {
		t.Errorf("%d different ids, want 1000", len(ids))
	}
}

// expectation is what the flow says, in Go.
func expectation(n int, pattern string) map[string]any {
	hits := []any{}
	for i := range 60 {
		if text := fmt.Sprintf("w%d-%d", n, i+1); regexp.MustCompile(pattern).MatchString(text) {
			hits = append(hits, text)
		}
	}
	var sorted []int
	groups := map[string]bool{}
	for i := range 20 {
		v := (i + 1) * (n + 7) % 31
		sorted = append(sorted, v)
		groups[strconv.Itoa(v%3)] = true
	}
	slices.Sort(sorted)
	product := 1
	for i := range n%10 + 1 {
		product *= i + 1
	}
	return map[string]any{
		"total": 15 * n, "visits": 100 + n, "tags": []any{fmt.Sprintf("t%d", n), "b"}, "hits": hits, "sorted": sorted, "reply": fmt.Sprintf("no %d", n), "kind": fmt.Sprintf("k%d", n),
		"count": n%5 + 1, "product": product, "mine": true, "groups": slices.Sorted(maps.Keys(groups)),
	}
}

// promptly is the bound of these tests on what shall take 100 ms: the machine may
// be loaded and the race detector on. The log has the real figure.
const promptly = time.Second

// station is where runs report that they have come, and may be made to wait.
type station struct {
	arrived chan int
	release chan struct{}
}

func newStation() *station {
	return &station{arrived: make(chan int, 100), release: make(chan struct{})}
}

func (s *station) components() []*runtime.Component {
	type settings struct {
		N int `flow:"n"`
	}
	return []*runtime.Component{
		runtime.NewComponent("arrive", func(_ context.Context, _ *runtime.Call, set *settings) (any, error) {
			s.arrived <- set.N
			return nil, nil
		}),
		runtime.NewComponent("wait", func(ctx context.Context, _ *runtime.Call, _ *settings) (any, error) {
			select {
			case <-s.release:
				return nil, nil
			case <-ctx.Done():
				return nil, ctx.Err()
			}
		}),
	}
}

// cancelled runs a program among others, cancels this one run when it has come to
// what it does for long, and gives how long it took to return.
func cancelled(t *testing.T, s *station, program *runtime.Program, inputs func(n int) runtime.Inputs, ready func()) time.Duration {
	t.Helper()
	const mates = 3
	var all sync.WaitGroup
	for n := 1; n <= mates; n++ {
		all.Go(func() {
			outcome, err := program.Run(context.Background(), inputs(n))
			if err != nil || outcome.Result != n {
				t.Errorf("run %d gave %v, %v", n, outcome.Result, err)
			}
		})
	}
	for range mates {
		<-s.arrived
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		_, err := program.Run(ctx, inputs(0))
		ended <- err
	}()
	<-s.arrived
	ready()
	began := time.Now()
	cancel()
	err := <-ended
	took := time.Since(began)
	if failed := failure(t, err); failed.Kind != runtime.KindCancelled || !errors.Is(err, context.Canceled) {
		t.Errorf("the cancelled run gave %s: %v", failed.Kind, err)
	}
	close(s.release)
	all.Wait()
	return took
}

// TestCancellingOneRunIsPromptAndLeavesTheOthersAlone cancels the run with n 0; the
// others wait meanwhile and then give their n.
func TestCancellingOneRunIsPromptAndLeavesTheOthersAlone(t *testing.T) {
	for name, long := range map[string]string{
		"a loop":                  "while true { }",
		"a predicate":             "x = all(1..1000000, all(1..1000000, # > 0))",
		"three predicates":        "x = all(1..1200, all(1..1200, all(1..1200, true)))",
		"reduce":                  "while true { x = reduce(1..1000000, #acc + # % 2, 0) }",
		"sortBy":                  "while true { x = sortBy(1..100000, -#) }",
		"a sleep":                 `sleep < for: "1h" >`,
		"a function with timeout": "function f < > { while true { } }\nf < timeout: \"1h\" > catch { return n }",
		"a sleep with timeout":    `sleep < for: "1h", timeout: "30m" > catch { return n }`,
		"a template":              `while true { x = "${1..1000}" }`,
		"a pattern that changes":  "i = 0\nwhile true {\n  i = i + 1\n  x = \"a${i}\" matches \"^a${i}\"\n}",
		"a catch that goes back":  "again: fail < message: \"x\" > catch { goto again }",
	} {
		t.Run(name, func(t *testing.T) {
			s := newStation()
			engine, err := runtime.New(runtime.WithComponents(s.components()...), runtime.WithComponents(builtins.Standard(builtins.Config{})...), runtime.WithLimits(runtime.Limits{Steps: 1 << 50}))
			if err != nil {
				t.Fatal(err)
			}
			program := compile(t, engine, "input n: int\narrive < n: n >\nif n > 0 {\n  wait < >\n  return n\n}\n"+long+"\n")
			took := cancelled(t, s, program, func(n int) runtime.Inputs { return runtime.Inputs{"n": n} }, func() {})
			t.Logf("returned after %s", took)
			if took > promptly {
				t.Errorf("returned after %s", took)
			}
		})
	}
}

func TestCancellingASendIsPromptAtEveryStage(t *testing.T) {
	for _, stage := range []mailtest.Stage{mailtest.StageConnect, mailtest.StageEHLO, mailtest.StageSTARTTLS, mailtest.StageAUTH, mailtest.StageMAIL, mailtest.StageRCPT, mailtest.StageDATA, mailtest.StageDot} {
		t.Run(string(stage), func(t *testing.T) {
			stalled, err := mailtest.Start(mailtest.WithAnyName(), mailtest.WithFaults(mailtest.Stall(stage)))
			if err != nil {
				t.Fatal(err)
			}
			defer stalled.Close()
			s := newStation()
			config := email.Config{Redirect: &email.Redirect{Address: stalled.Addr(), TLSAddress: net.JoinHostPort(stalled.Host(), strconv.Itoa(stalled.TLSPort())), RootCAs: stalled.CertPool()}}
			engine, err := runtime.New(runtime.WithComponents(s.components()...), runtime.WithComponents(builtins.Standard(builtins.Config{Email: config})...))
			if err != nil {
				t.Fatal(err)
			}
			program := compile(t, engine, `input n: int
arrive < n: n >
if n > 0 {
  wait < >
  return n
}
sendEmail < to: "a@x.example", from: "f@x.example", message: "m", server: "mail.x.example", smtp: { user: "u", password: "p" }, responseCode: reply > catch { return 1 }
`)
			reached := func() {
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				if err := stalled.WaitForStage(ctx, stage, 1); err != nil {
					t.Errorf("the mail never came to the stage: %v", err)
				}
			}
			took := cancelled(t, s, program, func(n int) runtime.Inputs { return runtime.Inputs{"n": n} }, reached)
			t.Logf("returned after %s", took)
			if took > promptly {
				t.Errorf("returned after %s", took)
			}
		})
	}
}

// TestRunsAreCancelledAmongAThousand cancels every third of a thousand runs.
func TestRunsAreCancelledAmongAThousand(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}, runtime.WithLimits(runtime.Limits{Steps: 1 << 50})), `
input n: int
input endless: bool
while endless { x = filter(1..100, # % 3 == n % 3) }
return "${n} ${len(filter(1..99, # % 3 == n % 3))}"
`)
	var all sync.WaitGroup
	for n := range 1000 {
		all.Go(func() {
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			if n%3 == 0 {
				cancel()
			}
			outcome, err := program.Run(ctx, runtime.Inputs{"n": n, "endless": n%3 == 0})
			switch {
			case n%3 == 0 && !errors.Is(err, &runtime.Error{Kind: runtime.KindCancelled}):
				t.Errorf("run %d gave %v", n, err)
			case n%3 != 0 && (err != nil || outcome.Result != fmt.Sprintf("%d 33", n)):
				t.Errorf("run %d gave %v, %v", n, outcome.Result, err)
			}
		})
	}
	all.Wait()
}
