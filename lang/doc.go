// Package lang reads the flow language: text becomes a syntax tree and a list of
// diagnostics. It knows no component and runs nothing, and an expression is to
// it a text whose brackets match, whose strings are read and whose operands and
// operators alternate.
//
// Parse goes over a source once. parser.go holds its state and statement.go the
// loop over statements, which owns blocks (block.go, switch.go) and recovery
// (recovery.go). The heads of statements are split into windows of tokens
// (headtokens.go, call.go) that participle reads (head.go). expression.go and
// the files that continue it (operand.go, operator.go, bracket.go, number.go)
// capture expressions; string.go, escape.go and textblock.go read strings. What
// the structure of the whole file forbids is found last, in check_*.go.
package lang
