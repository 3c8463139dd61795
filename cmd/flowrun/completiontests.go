package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/lang"
)

// completeTests completes the files of tests, and the folders that may have some. A
// shell itself can only be asked for all flows.
func completeTests(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	folder, begin := filepath.Split(typed)
	entries, err := os.ReadDir(filepath.Clean(folder))
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var found []cobra.Completion
	directive := cobra.ShellCompDirectiveNoFileComp
	for _, entry := range entries {
		name := entry.Name()
		switch {
		case !strings.HasPrefix(name, begin), strings.HasPrefix(name, ".") && begin == "", name != lang.VisibleLine(name):
		case entry.IsDir():
			found = append(found, folder+name+string(filepath.Separator))
			directive |= cobra.ShellCompDirectiveNoSpace
		case lang.IsTestFile(name):
			found = append(found, folder+name)
		}
	}
	return found, directive
}
