// Package hostiletest holds the command to what section 9 of docs/language.md
// promises about hostile flows: whatever a flow, or the inputs of one, asks for,
// the command ends soon with an error that says why, within bounded memory, and
// never dies. Each row of the tables is a flow that the command runs in a process
// of its own, with the limits that it has by default and a limit of the kernel on
// the memory of the process:
//
//	syntax_test.go     what nests or goes on without end in the source
//	files_test.go      files that are no flows, or too large
//	loops_test.go      what never ends: loops, jumps, predicates
//	recursion_test.go  functions that call themselves
//	texts_test.go      texts that grow
//	lists_test.go      lists and maps that grow
//	work_test.go       expressions that take long each
//	statements_test.go statements that take long each
//	patterns_test.go   regular expressions
//	json_test.go       JSON, in flows and as inputs
//	failures_test.go   errors without end
//
// -v shows the time and the memory that each took. The race detector is for the
// packages of the command themselves: it would not see into the processes, so the
// tables are not built with it.
package hostiletest
