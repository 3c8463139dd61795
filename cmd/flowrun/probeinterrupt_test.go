package main

import (
	"bytes"
	"context"
	"strconv"
	"testing"

	"flowrun/builtins/email/mailtest"
)

func TestInterruptedTrialOfAProfileEnds(t *testing.T) {
	server, err := mailtest.Start(mailtest.WithFaults(mailtest.Stall(mailtest.StageConnect)))
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	location := t.TempDir() + "/store.db"
	withStore(t, location, statusDone, "", "profiles", "add", "shop", "--server", "localhost", "--port", strconv.Itoa(server.Port()))
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go func() {
		server.WaitForStage(t.Context(), mailtest.StageConnect, 1)
		cancel()
	}()
	var out, complaints bytes.Buffer
	status := Main(ctx, Process{
		Args:   []string{"profiles", "test", "shop", "--store", location},
		Env:    func(string) (string, bool) { return "", false },
		Stdout: &out,
		Stderr: &complaints,
	})
	if status != statusInterrupted || complaints.String() != "flowrun: interrupted\n" {
		t.Errorf("status %d\n%s%s", status, out.String(), complaints.String())
	}
}
