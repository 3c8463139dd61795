// Package builtins registers the standard components.
package builtins

import (
	"flowrun/builtins/email"
	"flowrun/builtins/fail"
	"flowrun/builtins/log"
	"flowrun/builtins/sleep"
	"flowrun/runtime"
)

// Config is what the host decides about the standard components. Its zero value
// works: the log goes to slog.Default(), and mail to whatever public server a
// flow names.
type Config struct {
	Email email.Config
	Log   log.Config
}

// Standard makes the standard components: sendEmail, log, sleep and fail.
//
//	engine, err := runtime.New(runtime.WithComponents(builtins.Standard(builtins.Config{})...))
func Standard(config Config) []*runtime.Component {
	return []*runtime.Component{
		email.New(config.Email),
		log.New(config.Log),
		sleep.New(),
		fail.New(),
	}
}
