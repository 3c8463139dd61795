package script

import (
	"fmt"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// HCL is HashiCorp's configuration language, which has expressions, templates and
// blocks, but runs nothing.
type HCL struct{}

func (HCL) Name() string   { return "hcl" }
func (HCL) Module() string { return "github.com/hashicorp/hcl/v2" }

func (HCL) Statement(n int) string {
	switch n % 4 {
	case 0:
		return fmt.Sprintf("label_%d = \"Order ${order.id} of ${customer.name} is on its way to ${customer.city}, row %d\"\n", n, n)
	case 1:
		return fmt.Sprintf("total_%d = (order.price + order.shipping * %d) * (100 - order.discount) / 100 + order.tax\n", n, n)
	case 2:
		return fmt.Sprintf("level_%d = order.total > %d && contains([\"DE\", \"FR\", \"UA\"], order.country) ? \"silver\" : \"none\"\n", n, n)
	default:
		return fmt.Sprintf("quote \"quote_%d\" {\n  kind    = \"freight\"\n  amount  = order.items + %d\n  country = order.country\n  fast    = true\n}\n", n, n)
	}
}

func (HCL) Parse(source string) error {
	_, diagnostics := hclsyntax.ParseConfig([]byte(source), "parse.hcl", hcl.InitialPos)
	if diagnostics.HasErrors() {
		return diagnostics
	}
	return nil
}
