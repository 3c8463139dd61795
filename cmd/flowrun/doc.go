package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins"
	"flowrun/flowtest"
	"flowrun/lang"
	"flowrun/reference"
	"flowrun/runtime"
)

func newDoc(s *session) *cobra.Command {
	var asJSON, functions bool
	command := &cobra.Command{
		Use:   "doc [COMPONENT[.SETTING] | FUNCTION]",
		Short: "Tells what components do and which settings they take",
		Long: `Tells what components do and which settings they take.

Without an argument it lists the components. With a component it tells all of its
settings, what it returns and what its errors have; with a setting, that one. With
a function of expressions it tells how that is called; --functions lists them.`,
		Example: `  flowrun doc
  flowrun doc sendEmail
  flowrun doc sendEmail.smtp.password
  flowrun doc --functions`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return usagef("one component at a time: write flowrun doc %s", args[0])
			case len(args) == 1 && args[0] == "":
				return usagef(`which component? "flowrun doc" lists them`)
			case functions && len(args) > 0:
				return usagef("--functions lists all functions: leave out %s, or --functions", args[0])
			}
			return nil
		},
		ValidArgsFunction: completeReference,
		RunE: func(_ *cobra.Command, args []string) error {
			if functions {
				return s.docFunctions(reference.Functions(), asJSON)
			}
			return s.doc(strings.Join(args, ""), asJSON)
		},
	}
	command.Flags().BoolVar(&functions, "functions", false, "list the functions of expressions")
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
	if function, ok := reference.FindFunction(what); ok {
		return s.docFunctions([]reference.Function{function}, asJSON)
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

// docFunctions tells how functions of expressions are called.
func (s *session) docFunctions(functions []reference.Function, asJSON bool) error {
	if !asJSON {
		return reference.WriteFunctions(s.stdout, functions)
	}
	document := newReferenceDocument(statusDone, nil)
	document.Functions = each(functions, func(f reference.Function) functionDocument { return functionDocument(f) })
	writeDocument(s.stdout, document)
	return nil
}

// completeReference completes the names of components and functions, and behind a dot
// those of settings.
func completeReference(command *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nothing(command, args, typed)
	}
	var found []cobra.Completion
	for _, name := range reference.Names(append(builtins.Standard(builtins.Config{}), flowtest.Components()...), typed) {
		found = append(found, described(name.Text, name.Doc))
	}
	if typed != "" {
		for _, f := range reference.Functions() {
			found = append(found, described(f.Name, f.Signature))
		}
	}
	return slices.DeleteFunc(found, func(c cobra.Completion) bool { return !strings.HasPrefix(c, typed) }), cobra.ShellCompDirectiveNoFileComp
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
		if slices.Contains(lang.Keywords(), what) {
			err = fmt.Errorf("%s is a word of the language, and neither a component nor a function", what)
		}
		return nil, nil, errors.Join(err, errors.New(`"flowrun doc" lists them, "flowrun doc --functions" the functions of expressions`))
	}
	return component, nil, nil
}
