package lang_test

import (
	"fmt"

	"flowrun/lang"
)

func ExampleFormat() {
	formatted, diagnostics := lang.Format("order.flow", `
input order:map // id, email
sendEmail<to:order.email,subject:"Order ${order.id}"
  message:"It is on its way.">
`)
	if diagnostics.HasErrors() {
		fmt.Println(diagnostics)
		return
	}
	fmt.Print(formatted)
	// Output:
	// input order: map // id, email
	// sendEmail <
	//   to:      order.email
	//   subject: "Order ${order.id}"
	//   message: "It is on its way."
	// >
}
