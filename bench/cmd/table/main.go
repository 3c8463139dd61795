// Command table measures flowrun and its peers side by side and writes the tables
// of README.md, between their markers. Run it in the folder bench, on a machine
// that does nothing else:
//
//	go run ./cmd/table
//
// It takes less than 5 minutes. With -only, a regular expression of workloads' names,
// it measures these and prints their tables instead. With -busy it measures what can
// be measured on a machine that does other things as well.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"log"
	"os"
	"regexp"

	"flowrun/bench/measure"
)

func main() {
	log.SetFlags(0)
	page := flag.String("page", "README.md", "the `file` whose tables are written")
	only := flag.String("only", "", "print the tables of the workloads whose names this `expression` matches, and write no file")
	quick := flag.Bool("quick", false, "measure next to nothing, to see that all works")
	busy := flag.Bool("busy", false, "on a machine that does other things as well: measure the time of processors instead of the time that passes, except for mail")
	flag.Parse()
	scale := full
	if *quick {
		scale = small
	}
	if err := perform(*page, *only, scale, *busy); err != nil {
		log.Fatal(err)
	}
}

// perform measures, and writes the page or prints what was asked for.
func perform(page, only string, scale scale, busy bool) error {
	if busy {
		scale.clock = measure.Processor
	}
	named, err := regexp.Compile(only)
	if err != nil {
		return err
	}
	var text string
	if only == "" {
		// The page is read first: 5 minutes are too long to learn that it is not there.
		content, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		if text, err = written(string(content), ""); err != nil {
			return fmt.Errorf("%s: %w", page, err)
		}
	}
	machine := describe()
	if busy {
		machine += "\nExcept for mail, the times are those that processors worked."
	}
	results, err := measureAll(named, scale)
	if err != nil {
		return err
	}
	var tables bytes.Buffer
	render(&tables, machine, results)
	if only != "" {
		_, err := tables.WriteTo(os.Stdout)
		return err
	}
	if text, err = written(text, tables.String()); err != nil {
		return err
	}
	return os.WriteFile(page, []byte(text), 0o644)
}
