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
		Long: `Prints the version of flowrun, and with which Go it was built. "flowrun --version"
does the same.`,
		Example: "  flowrun version",
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
	return fmt.Sprintf("%s, built with %s", versionedName(build), build.GoVersion)
}

// versionedName is the name of the command with its version.
func versionedName(build *debug.BuildInfo) string {
	if build.Main.Version == "" {
		return "flowrun (devel)"
	}
	return "flowrun " + build.Main.Version
}
