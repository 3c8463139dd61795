// Command steps measures what counting steps costs flowrun: it runs the workload loop in
// turn as it is and in a build that counts none. Run it in the folder bench, on a machine
// that does nothing else:
//
//	go run ./cmd/steps
//
// It takes about half a minute.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	log.SetFlags(0)
	rounds := flag.Int("rounds", 14, "how often each build runs 3 times")
	flag.Parse()
	if *rounds < 1 {
		log.Fatal("-rounds wants 1 or more")
	}
	if err := perform(*rounds); err != nil {
		log.Fatal(err)
	}
}

func perform(rounds int) error {
	folder, err := os.MkdirTemp("", "flowrun-steps")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	builds := []build{{name: "counted", file: filepath.Join(folder, "counted")}, {name: "not counted", file: filepath.Join(folder, "uncounted")}}
	overlay, err := writeOverlay("..", folder)
	if err != nil {
		return err
	}
	if err := compile(builds[0].file); err != nil {
		return err
	}
	if err := compile(builds[1].file, "-overlay", overlay); err != nil {
		return err
	}
	for range rounds {
		for i := range builds {
			if err := builds[i].run(); err != nil {
				return err
			}
		}
	}
	fmt.Printf("%-22s %10s %14s %10s\n", "", "best", "first quarter", "median")
	for _, b := range builds {
		fmt.Printf("%-22s %7.2f ms %11.2f ms %7.2f ms\n", b.name, b.at(0)/1e6, b.at(0.25)/1e6, b.at(0.5)/1e6)
	}
	more := func(part float64) float64 { return 100 * (builds[0].at(part)/builds[1].at(part) - 1) }
	fmt.Printf("%-22s %8.1f %% %12.1f %% %8.1f %%\n", "counting takes", more(0), more(0.25), more(0.5))
	return nil
}

// compile makes a program of the benchmarks.
func compile(file string, options ...string) error {
	command := exec.Command("go", append(append([]string{"test", "-c", "-o", file}, options...), "./script")...)
	if output, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return nil
}

// build is a program of the benchmarks with what it measured, in nanoseconds.
type build struct {
	name, file string
	times      []float64
}

func (b *build) run() error {
	command := exec.Command(b.file, "-test.run", "^$", "-test.bench", "Loop/flowrun$", "-test.benchtime", "120ms", "-test.count", "3")
	output, err := command.CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	for line := range strings.Lines(string(output)) {
		words := strings.Fields(line)
		if at := slices.Index(words, "ns/op"); at > 0 {
			time, err := strconv.ParseFloat(words[at-1], 64)
			if err != nil {
				return err
			}
			b.times = append(b.times, time)
		}
	}
	if len(b.times) == 0 {
		return fmt.Errorf("%s measured nothing:\n%s", command, output)
	}
	return nil
}

// at is the time below which a part of the runs is.
func (b *build) at(part float64) float64 {
	sorted := slices.Sorted(slices.Values(b.times))
	return sorted[int(part*float64(len(sorted)))]
}
