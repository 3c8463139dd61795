// Command attach sends files by one of the clients of package mail and tells how
// much memory that took. It is built and run by Attach of that package.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"os"
	"regexp"

	"flowrun/bench/mail"
)

func main() {
	var order mail.Order
	if err := json.NewDecoder(os.Stdin).Decode(&order); err != nil {
		log.Fatal(err)
	}
	if err := carryOut(order); err != nil {
		log.Fatal(err)
	}
	kilobytes, err := peak()
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(kilobytes)
}

func carryOut(order mail.Order) error {
	for _, client := range mail.Attachers() {
		if client.Name() == order.Client {
			return client.SendFiles(order.To, order.Folder, order.Attachments)
		}
	}
	return fmt.Errorf("there is no client %q", order.Client)
}

var highWater = regexp.MustCompile(`VmHWM:\s+(\d+) kB`)

// peak is the most memory that this process has had, in kB.
func peak() (string, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return "", err
	}
	found := highWater.FindSubmatch(status)
	if found == nil {
		return "", fmt.Errorf("there is no VmHWM in /proc/self/status")
	}
	return string(found[1]), nil
}
