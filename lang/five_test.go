package lang_test

import (
	"strings"
	"testing"

	"flowrun/lang"
)

func TestAFileWithFiveMistakesReportsThoseFive(t *testing.T) {
	text := `flow service "Order shipped"
input order: map

total = order.price *
if total = 0 {
  stop
}
again: sendEmail <
  to: "${order.email"
  message: """
    Dear ${order.name},
    your order is on its way.
    """
  subject: "Order" limit: 2
>
goto agian
`
	want := `order.flow:4:21: error: the expression ends after ` + "`*`" + `
    4 | total = order.price *
      |                     ^
order.flow:5:10: error: ` + "`=`" + ` cannot stand in an expression
    5 | if total = 0 {
      |          ^ use == to compare
order.flow:9:8: error: the ${ is never closed
    9 |   to: "${order.email"
      |        ^^ add } where the expression ends
order.flow:14:20: error: missing comma before "limit"
   14 |   subject: "Order" limit: 2
      |                    ^^^^^ separate settings by commas or line breaks
order.flow:16:6: error: there is no label "agian"
   16 | goto agian
      |      ^^^^^ did you mean "again"?
`
	_, diagnostics := lang.Parse("order.flow", text)
	var out strings.Builder
	diagnostics.Render(&out, lang.RenderOptions{})
	if out.String() != want {
		t.Errorf("got\n%s\nwant\n%s", out.String(), want)
	}
}
