package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersion(s *session) *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Prints the version",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("flowrun version takes no arguments")
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			fmt.Fprintln(s.stdout, version())
			return nil
		},
	}
}

// version tells which flowrun this is and what built it.
func version() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "flowrun (unknown version)"
	}
	number := build.Main.Version
	if number == "" {
		number = "(devel)"
	}
	return fmt.Sprintf("flowrun %s, built with %s", number, build.GoVersion)
}
