package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"flowrun/builtins/email"
	"flowrun/builtins/email/mailtest"
	"flowrun/store"
)

func init() {
	scriptCommands["faults"] = faultsCommand
	scriptCommands["abandoned"] = abandonedCommand
	scriptCommands["messageid"] = messageIDCommand
	scriptCommands["nothing"] = nothingCommand
}

// faultsCommand is `faults fault…`: from now on the mailserver has these faults
// and no others. refuse:ADDRESS refuses a recipient for good and later:ADDRESS for
// now; vanish takes a mail and leaves without a reply.
func faultsCommand(ts *testscript.TestScript, _ bool, args []string) {
	found, ok := mailservers.Load(ts)
	if !ok {
		ts.Fatalf("there is no mailserver")
	}
	var faults []mailtest.Fault
	for _, arg := range args {
		name, address, _ := strings.Cut(arg, ":")
		switch name {
		case "refuse":
			faults = append(faults, mailtest.RefuseRecipient(address, 550, "5.1.1", "no mailbox of that name"))
		case "later":
			faults = append(faults, mailtest.RefuseRecipient(address, 452, "4.2.2", "mailbox full"))
		case "vanish":
			faults = append(faults, mailtest.Fault{Stage: mailtest.StageDot, Drop: true, Captured: true})
		default:
			ts.Fatalf("there is no fault %q", arg)
		}
	}
	found.(*mailtest.Server).Script(faults...)
}

// abandonedCommand is `abandoned FILE MESSAGE-ID`: it leaves a message of a store
// as a process does that was killed while sending it, more than a minute ago.
func abandonedCommand(ts *testscript.TestScript, _ bool, args []string) {
	ctx := context.Background()
	path := ts.MkAbs(args[0])
	st, err := store.Open(ctx, path)
	ts.Check(err)
	m, err := st.MessageByMessageID(ctx, args[1])
	ts.Check(err)
	_, err = st.Claim(ctx, m.ID, email.StateSent, email.StatePartial, email.StateFailed)
	ts.Check(err)
	ts.Check(st.Close())
	database, err := sql.Open("sqlite", path)
	ts.Check(err)
	defer database.Close()
	_, err = database.ExecContext(ctx, "UPDATE messages SET claimed_until = claimed WHERE id = $1", m.ID)
	ts.Check(err)
}

// messageIDCommand is `messageid FILE`: it sets MESSAGE_ID to the first one in a
// document.
func messageIDCommand(ts *testscript.TestScript, _ bool, args []string) {
	var document struct {
		Messages []struct{ MessageID string }
	}
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &document))
	ts.Setenv("MESSAGE_ID", document.Messages[0].MessageID)
}

// nothingCommand is `nothing FOLDER`: the folder is empty.
func nothingCommand(ts *testscript.TestScript, _ bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, entry := range entries {
		ts.Fatalf("%s has %s", args[0], entry.Name())
	}
}
