package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"flowrun/builtins/email/mailtest"
)

// root is the directory of the repository.
const root = "../.."

// fencedBlock is a piece of code on a page.
type fencedBlock struct {
	kind string // the word after the opening fence
	line int    // of the fence
	text string
}

var fence = regexp.MustCompile("(?ms)^```([^\n]*)\n(.*?)^```$")

func fencedBlocks(t *testing.T, page string) []fencedBlock {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, page))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []fencedBlock
	for _, at := range fence.FindAllSubmatchIndex(content, -1) {
		blocks = append(blocks, fencedBlock{
			kind: string(content[at[2]:at[3]]),
			line: 1 + bytes.Count(content[:at[0]], []byte("\n")),
			text: string(content[at[4]:at[5]]),
		})
	}
	return blocks
}

func pages(t *testing.T) []string {
	t.Helper()
	docs, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil || len(docs) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	names := []string{"README.md"}
	for _, path := range docs {
		names = append(names, filepath.Join("docs", filepath.Base(path)))
	}
	return names
}

// proven are the commands of the pages that something else runs.
var proven = map[string]string{
	"go test ./...": ".ci/run",
}

// step is a command of a console block with the output that the page shows.
type step struct {
	command, output string
}

func stepsOf(b fencedBlock) []step {
	var steps []step
	for line := range strings.Lines(b.text) {
		if command, ok := strings.CutPrefix(line, "$ "); ok {
			steps = append(steps, step{command: strings.TrimSpace(command)})
		} else if len(steps) > 0 {
			steps[len(steps)-1].output += line
		}
	}
	return steps
}

// namedFlows are the flows and tests on a page that begin with the name of their file.
func namedFlows(t *testing.T, page string) map[string]string {
	t.Helper()
	flows := map[string]string{}
	for _, b := range fencedBlocks(t, page) {
		first, _, _ := strings.Cut(b.text, "\n")
		if name, named := strings.CutPrefix(first, "// "); named && filepath.Ext(name) == ".flow" {
			flows[name] = b.text
		}
	}
	return flows
}

// folderFor is where a block is run: in the root of the repository, or, when it
// names flows of its page, in a folder that holds those.
func folderFor(t *testing.T, b fencedBlock, flows map[string]string) string {
	t.Helper()
	folder := root
	for name := range flows {
		if strings.Contains(b.text, name) {
			folder = t.TempDir()
		}
	}
	if folder == root {
		return root
	}
	for name, text := range flows {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestCommandsOfThePagesWork runs each console block in a shell of its own, with a
// home of its own. mail.example.com:587 is a server of the test that knows ann,
// with any password. Commands whose output the page does not show must end with
// status 0; how long something took is not compared.
func TestCommandsOfThePagesWork(t *testing.T) {
	server, err := mailtest.Start(mailtest.WithNames("localhost"))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	authority := filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(authority, server.CertificatePEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := append(os.Environ(), "SSL_CERT_FILE="+authority, "GOBIN="+t.TempDir())
	for _, page := range pages(t) {
		flows := namedFlows(t, page)
		for _, b := range fencedBlocks(t, page) {
			if b.kind != "console" {
				continue
			}
			t.Run(fmt.Sprintf("%s:%d", page, b.line), func(t *testing.T) {
				port := strconv.Itoa(server.Port())
				text := strings.NewReplacer(
					"mail.example.com:587", "localhost:"+port,
					"--server mail.example.com --port 587", "--server localhost --port "+port,
				).Replace(b.text)
				home := append(environment, "XDG_DATA_HOME="+t.TempDir(), "TMPDIR="+t.TempDir(), "TZ=UTC")
				runBlock(t, folderFor(t, b, flows), home, fencedBlock{text: text})
			})
		}
	}
}

const stepMark = "\x01"

// took is how long something took, as the command shows it.
var took = regexp.MustCompile(`\b\d+\.\d{2,3}s\b`)

func runBlock(t *testing.T, folder string, environment []string, b fencedBlock) {
	steps := stepsOf(b)
	if len(steps) == 0 {
		t.Fatal("the block has no command: they begin with $")
	}
	script := "status=0\n"
	for _, s := range steps {
		if proven[s.command] != "" {
			s.command = "true"
		}
		script += fmt.Sprintf("(exit $status)\n%s\nstatus=$?; printf '%s%%d%s' $status\n", s.command, stepMark, stepMark)
	}
	shell := exec.CommandContext(t.Context(), "sh", "-c", script)
	shell.Dir = folder
	shell.Env = environment
	output, err := shell.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	parts := strings.Split(string(output), stepMark)
	for i, s := range steps {
		got, status := parts[2*i], parts[2*i+1]
		switch {
		case s.output != "" && took.ReplaceAllString(got, "TIME") != took.ReplaceAllString(s.output, "TIME"):
			t.Errorf("%s prints\n%s\nand the page shows\n%s", s.command, got, s.output)
		case s.output == "" && status != "0":
			t.Errorf("%s ends with status %s:\n%s", s.command, status, got)
		}
	}
}

func TestReadmeEmbedsAsTheExampleDoes(t *testing.T) {
	want := exampleBody(t, filepath.Join(root, "builtins/example_test.go"))
	for _, b := range fencedBlocks(t, "README.md") {
		if b.kind != "go" {
			continue
		}
		if b.text != want {
			t.Errorf("README.md:%d has\n%s\nand the Example of package builtins is\n%s", b.line, b.text, want)
		}
		return
	}
	t.Error("README.md has no Go block")
}

var outputComment = regexp.MustCompile(`(?ms)^\t// Output:.*`)

// exampleBody is the body of the function Example in a file, without its
// indentation and its output.
func exampleBody(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	files := token.NewFileSet()
	parsed, err := parser.ParseFile(files, file, text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range parsed.Decls {
		f, ok := declaration.(*ast.FuncDecl)
		if !ok || f.Name.Name != "Example" {
			continue
		}
		from, to := files.Position(f.Body.Lbrace).Offset+1, files.Position(f.Body.Rbrace).Offset
		body := outputComment.ReplaceAllString(strings.TrimPrefix(string(text[from:to]), "\n"), "")
		return regexp.MustCompile(`(?m)^\t`).ReplaceAllString(body, "")
	}
	t.Fatalf("%s has no Example", file)
	return ""
}

func TestEveryBlockOfReadmeAndTheCommandPageIsOfAKnownKind(t *testing.T) {
	known := map[string]bool{"flow": true, "flow-test": true, "console": true, "go": true, "json": true, "sh": true}
	for _, page := range []string{"README.md", filepath.Join("docs", "command.md")} {
		for _, b := range fencedBlocks(t, page) {
			if !known[b.kind] {
				t.Errorf("%s:%d: no test reads a block of %q", page, b.line, b.kind)
			}
		}
	}
}
