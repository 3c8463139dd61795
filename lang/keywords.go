package lang

import (
	"slices"
	"strings"
)

// The words that name no variable, label, input, parameter, function or
// component. After `.` and `?.`, as a setting's key and as a bare map key every
// word is allowed.
var (
	keywords = []string{
		"flow", "input", "if", "else", "switch", "case", "default", "while", "for", "in",
		"break", "continue", "function", "return", "goto", "stop", "failover", "catch",
		"global", "true", "false", "nil", "and", "or", "not",
	}
	reservedWords = []string{"let", "matches", "contains", "startsWith", "endsWith"}
	testKeywords  = []string{"test", "run", "expect"}

	// statementKeywords begin a statement or one of its later parts, so a line
	// inside brackets that starts with one shows that a bracket is not closed.
	statementKeywords = []string{
		"flow", "input", "if", "else", "switch", "case", "default", "while", "for", "break",
		"continue", "function", "return", "goto", "stop", "failover", "catch", "global",
	}
	// operatorWords are the words that stand between two operands.
	operatorWords = []string{"in", "and", "or", "matches", "contains", "startsWith", "endsWith"}
	// negatedWords are the operator words that may follow `not`.
	negatedWords = []string{"in", "matches", "contains", "startsWith", "endsWith"}
)

type wordClass uint8

const (
	wordReserved wordClass = 1 << iota
	wordStatement
	wordOperator
	wordNegated
)

var wordClasses = classifyWords()

func classifyWords() map[string]wordClass {
	classes := map[string]wordClass{}
	for class, words := range map[wordClass][]string{
		wordReserved:  append(slices.Clone(keywords), reservedWords...),
		wordStatement: statementKeywords,
		wordOperator:  operatorWords,
		wordNegated:   negatedWords,
	} {
		for _, word := range words {
			classes[word] |= class
		}
	}
	return classes
}

// wordBeginnings are the letters that words of the lists begin with, by length: most
// other words need not be looked up.
var wordBeginnings = func() (letters [11]uint32) {
	for word := range wordClasses {
		letters[len(word)] |= 1 << (word[0] - 'a')
	}
	return letters
}()

// classOf looks a word up; every word of the lists has two to ten small letters.
func classOf(word string) wordClass {
	if len(word) < 2 || len(word) > 10 || word[0] < 'a' || wordBeginnings[len(word)]>>(word[0]-'a')&1 == 0 {
		return 0
	}
	return wordClasses[word]
}

// Keywords lists the words of the language that name nothing else.
func Keywords() []string { return slices.Clone(keywords) }

// ReservedWords lists the words that are no keywords of statements and yet
// name nothing, because expressions use them.
func ReservedWords() []string { return slices.Clone(reservedWords) }

// TestKeywords lists the words that are keywords in *_test.flow files only.
func TestKeywords() []string { return slices.Clone(testKeywords) }

// IsKeyword reports whether a word is a keyword or reserved in every file.
func IsKeyword(word string) bool { return classOf(word)&wordReserved != 0 }

// IsTestFile reports whether test, run and expect are keywords in a file.
func IsTestFile(name string) bool { return strings.HasSuffix(name, "_test.flow") }
