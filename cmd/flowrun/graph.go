package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"flowrun/builtins/email"
	"flowrun/graph"
	"flowrun/lang"
	"flowrun/runtime"
)

// graphOptions are the flags of graph.
type graphOptions struct {
	format string
	output string
}

// graphFormats are the formats of graph with their writers.
var graphFormats = map[string]func(*graph.Graph, io.Writer) error{
	"mermaid": (*graph.Graph).WriteMermaid,
	"dot":     (*graph.Graph).WriteDOT,
	"svg":     (*graph.Graph).WriteSVG,
}

// graphExtensions are the formats of files by the end of their name.
var graphExtensions = map[string]string{
	".mmd": "mermaid", ".mermaid": "mermaid", ".dot": "dot", ".gv": "dot", ".svg": "svg",
}

func newGraph(s *session) *cobra.Command {
	var o graphOptions
	command := &cobra.Command{
		Use:   "graph FILE|-",
		Short: "Draws a flow as blocks and branches",
		Long: `Draws a flow as blocks and branches; - is standard input.

The formats are svg, a picture that a browser shows; mermaid, which many places
that show Markdown draw; and dot, for Graphviz. Without --format the name of the
-o FILE decides (.svg, .mmd, .dot), and else it is mermaid.

A flow that cannot be read is reported as by "flowrun check". Mistakes that only
the components know are no hindrance.`,
		Example: "  flowrun graph -o order-shipped.svg examples/order-shipped.flow",
		Args:    oneFlow("graph"),
		RunE: func(command *cobra.Command, args []string) error {
			return s.graph(command.Context(), args[0], o)
		},
	}
	command.Flags().StringVar(&o.format, "format", "", "`format` of the picture: svg, mermaid or dot")
	command.Flags().StringVarP(&o.output, "output", "o", "", "`file` to write, instead of standard output")
	return command
}

func (o graphOptions) writer() (func(*graph.Graph, io.Writer) error, error) {
	names := slices.Sorted(maps.Keys(graphFormats))
	format := o.format
	if format == "" {
		switch extension := filepath.Ext(o.output); {
		case o.output == "" || o.output == standardInput:
			format = "mermaid"
		default:
			if format = graphExtensions[strings.ToLower(extension)]; format == "" {
				return nil, usagef("which format has %s? give --format: %s", o.output, strings.Join(names, ", "))
			}
		}
	}
	if write := graphFormats[format]; write != nil {
		return write, nil
	}
	return nil, usagef("--format: %q is none of %s%s", format, strings.Join(names, ", "), didYouMean(format, names))
}

func (s *session) graph(ctx context.Context, file string, o graphOptions) error {
	write, err := o.writer()
	if err != nil {
		return err
	}
	tree, err := s.readTree(ctx, file)
	if err != nil {
		return err
	}
	engine, err := newEngine(email.Config{Store: lazyStore(storePlace{})}, nil, s.secret)
	if err != nil {
		return err
	}
	var drawn bytes.Buffer
	if err := write(graph.Build(tree, graph.ShowSettings(chiefSettings(engine))), &drawn); err != nil {
		return err
	}
	if o.output == "" || o.output == standardInput {
		_, err = drawn.WriteTo(s.stdout)
		return err
	}
	if err := writeWhole(o.output, &drawn); err != nil {
		return fmt.Errorf("cannot write %s: %w", o.output, withoutPath(err))
	}
	return nil
}

// refuseTests refuses a file of tests where a flow is wanted.
func refuseTests(file string) error {
	if lang.IsTestFile(file) {
		return usagef("%s has tests, which flowrun test runs: name the flow instead", file)
	}
	return nil
}

// readTree reads and parses a flow, and reports its errors of syntax as check
// does.
func (s *session) readTree(ctx context.Context, file string) (*lang.File, error) {
	flow, err := s.readSource(ctx, file)
	if ctx.Err() != nil {
		s.complain(errInterrupted)
		return nil, exit(statusInterrupted)
	}
	if err != nil {
		return nil, err
	}
	if err := refuseTests(file); err != nil {
		return nil, err
	}
	tree, diagnostics := lang.Parse(flow.name, flow.text)
	if diagnostics.HasErrors() {
		diagnostics.Render(s.stderr, s.rendering())
		return nil, exit(statusInvalid)
	}
	return tree, nil
}

// chiefSettings are those that tell calls of a component apart: what it must have,
// else whatever is no secret, and for a mail to whom it goes and what about.
func chiefSettings(engine *runtime.Engine) func(string) []string {
	chief := map[string][]string{}
	for _, component := range engine.Components() {
		var required, others []string
		for _, setting := range component.Settings() {
			switch {
			case setting.Secret || setting.Settings != nil:
			case setting.Required:
				required = append(required, setting.Key)
			default:
				others = append(others, setting.Key)
			}
		}
		chief[component.Name()] = required
		if len(required) == 0 {
			chief[component.Name()] = others
		}
	}
	chief["sendEmail"] = []string{"to", "subject"}
	return func(component string) []string { return chief[component] }
}
