package lang

import (
	"slices"

	"github.com/alecthomas/participle/v2/lexer"
)

// plainHead is a head that reads its window itself when all of it fits, which is
// the common case and needs no reflection. Every other window is for participle,
// which knows where it stops to fit.
type plainHead interface {
	plain(window plainWindow) bool
}

// plainWindow is what is left of a window.
type plainWindow []lexer.Token

// take reads a token of this type.
func (w *plainWindow) take(kind lexer.TokenType, into *lexer.Token) bool {
	if len(*w) == 0 || (*w)[0].Type != kind {
		return false
	}
	*into = (*w)[0]
	*w = (*w)[1:]
	return true
}

// skip reads a keyword or a mark.
func (w *plainWindow) skip(text string) bool {
	if len(*w) == 0 || (*w)[0].Value != text || (*w)[0].Type != tokenKeyword && (*w)[0].Type != tokenMark {
		return false
	}
	*w = (*w)[1:]
	return true
}

// ended reports whether nothing is left.
func (w *plainWindow) ended() bool { return len(*w) == 0 }

func (h *callHead) plain(w plainWindow) bool {
	return w.take(tokenName, &h.Component) && w.skip("<") && h.Settings.plain(&w) && w.closed(&h.Close) && w.ended()
}

// closed reads the `>` of settings.
func (w *plainWindow) closed(into *lexer.Token) bool {
	return len(*w) > 0 && (*w)[0].Value == ">" && w.take(tokenMark, into)
}

func (h *inputHead) plain(w plainWindow) bool {
	return w.skip("input") && w.take(tokenName, &h.Name) &&
		(!w.skip(":") || w.take(tokenName, &h.Type)) &&
		(!w.skip("=") || w.take(tokenExpression, &h.Default)) && w.ended()
}

func (h *conditionHead) plain(w plainWindow) bool {
	return (w.skip("if") || w.skip("while") || w.skip("switch")) &&
		w.take(tokenExpression, &h.Condition) && w.skip("{") && w.ended()
}

func (h *caseHead) plain(w plainWindow) bool {
	if !w.skip("case") {
		return false
	}
	for {
		var value caseValue
		if !w.take(tokenExpression, &value.Token) {
			return false
		}
		h.Values = append(h.Values, value)
		if !w.skip(",") {
			return w.skip("{") && w.ended()
		}
	}
}

func (h *forHead) plain(w plainWindow) bool {
	return w.skip("for") && w.take(tokenName, &h.First) &&
		(!w.skip(",") || w.take(tokenName, &h.Second)) &&
		w.skip("in") && w.take(tokenExpression, &h.Collection) && w.skip("{") && w.ended()
}

func (h *returnHead) plain(w plainWindow) bool {
	return w.skip("return") && (w.ended() || w.take(tokenExpression, &h.Value)) && w.ended()
}

func (h *gotoHead) plain(w plainWindow) bool {
	return w.skip("goto") && w.take(tokenName, &h.Label) && w.ended()
}

func (h *catchHead) plain(w plainWindow) bool {
	return w.skip("catch") && (w.skip("{") || w.take(tokenName, &h.Name) && w.skip("{")) && w.ended()
}

// plain reads settings as far as they fit.
func (s *settingList) plain(w *plainWindow) bool {
	keys := 0
	for _, token := range *w {
		if token.Type == tokenKey {
			keys++
		}
	}
	if keys == 0 {
		return true
	}
	s.pairs = slices.Grow(s.pairs, keys)
	for len(*w) > 0 {
		var pair settingTokens
		switch {
		case w.take(tokenSeparator, &pair.key):
		case w.take(tokenKey, &pair.key):
			if !w.take(tokenExpression, &pair.value) {
				return false
			}
			s.pairs = append(s.pairs, pair)
		default:
			return true
		}
	}
	return true
}
