package main

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"flowrun/bench/mail"
	"flowrun/bench/script"
)

// describe describes the machine, what it does besides, and the peers' versions.
func describe() string {
	text := fmt.Sprintf("Measured on %s on %s with %d cores, %s, %s/%s%s.", time.Now().UTC().Format("2 January 2006"),
		processor(), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, load())
	if versions := peerVersions(); versions != "" {
		text += "\nThe peers are " + versions + "."
	}
	return text
}

var processorName = regexp.MustCompile(`model name\s*: (.+)`)

func processor() string {
	told, _ := os.ReadFile("/proc/cpuinfo")
	if found := processorName.FindSubmatch(told); found != nil {
		return string(found[1])
	}
	return "an unknown processor"
}

// load tells how many processes wanted to run on average in the minute before.
func load() string {
	told, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	minute, _, _ := strings.Cut(string(told), " ")
	return "; the load was " + minute + " when it began"
}

// peerVersions lists the peers with the versions that this program is built with.
func peerVersions() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	var modules []string
	for _, engine := range script.Engines() {
		modules = append(modules, engine.Module())
	}
	for _, client := range mail.Clients() {
		modules = append(modules, client.Module())
	}
	var all []string
	for _, dependency := range build.Deps {
		if dependency.Replace == nil && slices.Contains(modules, dependency.Path) {
			all = append(all, dependency.Path+" "+dependency.Version)
		}
	}
	if version := mail.PostfixVersion(); version != "" {
		all = append(all, "postfix "+version)
	}
	return strings.Join(all, ", ")
}
