package main

import (
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins"
	"flowrun/flowtest"
	"flowrun/reference"
	"flowrun/runtime"
)

func newDoc(s *session) *cobra.Command {
	var asJSON bool
	command := &cobra.Command{
		Use:   "doc [COMPONENT[.SETTING]]",
		Short: "Tells what components do and which settings they take",
		Long: `Tells what components do and which settings they take.

Without an argument it lists the components. With a component it tells all of its
settings, what it returns and what its errors have; with a setting, that one.`,
		Example: `  flowrun doc
  flowrun doc sendEmail
  flowrun doc sendEmail.smtp.password`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return usagef("one component at a time: write flowrun doc %s", args[0])
			case len(args) == 1 && args[0] == "":
				return usagef(`which component? "flowrun doc" lists them`)
			}
			return nil
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range append(builtins.Standard(builtins.Config{}), flowtest.Components()...) {
				names = append(names, c.Name()+"\t"+c.Doc())
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(_ *cobra.Command, args []string) error {
			return s.doc(strings.Join(args, ""), asJSON)
		},
	}
	command.Flags().BoolVar(&asJSON, "json", false, "report to programs: one JSON document")
	return command
}

// doc tells of all components, of one, or of one setting.
func (s *session) doc(what string, asJSON bool) error {
	components := builtins.Standard(builtins.Config{})
	options := reference.Options{Width: s.out.width, Bold: s.out.bold}
	if what == "" {
		if asJSON {
			return s.writeComponents(components)
		}
		return reference.WriteList(s.stdout, components, options)
	}
	component, setting, err := documented(append(components, flowtest.Components()...), what)
	switch {
	case err != nil && asJSON:
		writeDocument(s.stdout, newReferenceDocument(statusUsage, err))
		return exit(statusUsage)
	case err != nil:
		return &usageError{err}
	case setting != nil && asJSON:
		document := newReferenceDocument(statusDone, nil)
		document.Setting = new(newSettingDocument(*setting))
		writeDocument(s.stdout, document)
		return nil
	case setting != nil:
		return reference.WriteSetting(s.stdout, *setting, options)
	case asJSON:
		return s.writeComponents([]*runtime.Component{component})
	}
	return reference.Write(s.stdout, component, options)
}

// documented finds the component, or the setting of one, that a name means. The
// names of components may have dots in them.
func documented(components []*runtime.Component, what string) (*runtime.Component, *runtime.SettingDescription, error) {
	for _, c := range components {
		if path, ok := strings.CutPrefix(what, c.Name()+"."); ok {
			setting, err := reference.FindSetting(c, path)
			return c, &setting, err
		}
	}
	component, err := reference.Find(components, what)
	if err != nil {
		return nil, nil, errors.Join(err, errors.New(`"flowrun doc" lists them`))
	}
	return component, nil, nil
}
