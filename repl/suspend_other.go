//go:build !unix

package repl

func suspendable() bool { return false }

func suspend() {}
