package docs_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTheGoModOfTheManualBuildsAHost builds a host beside a clone, with the go.mod and
// the imports that the manual names, from the modules that this test is built of.
func TestTheGoModOfTheManualBuildsAHost(t *testing.T) {
	manual, err := os.ReadFile("embedding.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(manual), "\n## Import it\n")
	section, _, _ = strings.Cut(section, "\n## ")
	parts := strings.Split(section, "```\n")
	if len(parts) != 3 {
		t.Fatalf("the section has %d parts, want a block between two", len(parts))
	}
	var program strings.Builder
	program.WriteString("package host\n\nimport (\n")
	imports := regexp.MustCompile("`(flowrun/[a-z/]+)`").FindAllStringSubmatch(parts[2], -1)
	if len(imports) < 4 {
		t.Errorf("the manual names the imports %v", imports)
	}
	for _, path := range imports {
		program.WriteString("\t_ \"" + path[1] + "\"\n")
	}
	program.WriteString(")\n")

	clone, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	host := filepath.Join(folder, "host")
	for _, err := range []error{
		os.Mkdir(host, 0o755),
		os.Symlink(clone, filepath.Join(folder, "flowrun")),
		os.WriteFile(filepath.Join(host, "go.mod"), []byte("module example.com/host\n\ngo 1.26\n\n"+parts[1]), 0o644),
		os.WriteFile(filepath.Join(host, "host.go"), []byte(program.String()), 0o644),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	// Adding what flowrun needs, as go mod tidy does, without asking for what only the
	// tests of others need, which need not be here.
	build := exec.CommandContext(t.Context(), "go", "build", "-mod=mod", ".")
	build.Dir = host
	build.Env = append(os.Environ(), "GOPROXY=off", "GOSUMDB=off", "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=local")
	if output, err := build.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
	}
}
