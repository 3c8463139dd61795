package peertest

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
)

// answerLogins lets in the one user, over a socket on which postfix asks as it asks
// dovecot (version 1.1 of dovecot's protocol for authentication, for PLAIN).
func answerLogins(t testing.TB, path string) {
	t.Helper()
	listener, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	if err := os.Chmod(path, 0o666); err != nil {
		t.Fatal(err)
	}
	go func() {
		for number := 1; ; number++ {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answerLogin(conn, number)
		}
	}()
}

func answerLogin(conn net.Conn, number int) {
	defer conn.Close()
	fmt.Fprintf(conn, "VERSION\t1\t1\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t%d\nCOOKIE\t%032x\nDONE\n", number, number)
	asked := bufio.NewScanner(conn)
	for asked.Scan() {
		words := strings.Split(asked.Text(), "\t")
		if words[0] != "AUTH" || len(words) < 2 {
			continue
		}
		_, response, _ := strings.Cut(asked.Text(), "\tresp=")
		given, _ := base64.StdEncoding.DecodeString(response)
		answer := "FAIL"
		if string(given) == "\x00"+login+"\x00"+password {
			answer = "OK"
		}
		io.WriteString(conn, answer+"\t"+words[1]+"\tuser="+login+"\n")
	}
}
