package runtime_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"flowrun/runtime"
)

// orderSample has what the flows here take for input.
const orderSample = `{ "order": {
  "id": 7, "total": "12.50", "weight": 1.5, "paid": true, "note": null, "tags": [],
  "customer": { "name": "Ann", "address": { "city": "Kyiv" } },
  "items": [ { "name": "pen", "price": 2, "sale": true }, { "name": "ink", "price": 3.5, "gift": "yes" } ],
  "codes": { "a": 1, "b": 2 }
} }`

// checkedWith compiles a flow and gives what a sample of its inputs shows to be
// wrong with it, as `line:column: summary (hint)`.
func checkedWith(t testing.TB, flow, sample string) []string {
	t.Helper()
	program := compile(t, newEngine(t, &recorder{}), flow)
	inputs, err := program.ReadInputs([]byte(sample), nil)
	if err != nil {
		t.Fatal(err)
	}
	found, err := program.CheckInputs(inputs)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, d := range found {
		at := d.Range().Start
		line := fmt.Sprintf("%d:%d: %s", at.Line, at.Column, d.Summary)
		if d.Hint != "" {
			line += " (" + d.Hint + ")"
		}
		lines = append(lines, line)
	}
	return lines
}

// mistakes are flows over the input order with what the sample shows to be wrong.
var mistakes = map[string]string{
	// keys
	`x = order.emial`:                            `2:11: the map has no key "emial" (?.emial gives nil when it is missing)`,
	`x = order.totl`:                             `2:11: the map has no key "totl" (did you mean "total"?)`,
	`x = order.customer.adress.city`:             `2:20: the map has no key "adress" (did you mean "address"?)`,
	`x = order.customer.address.cty`:             `2:28: the map has no key "cty" (did you mean "city"?)`,
	`x = "Dear ${order.customer.nmae},"`:         `2:28: the map has no key "nmae" (did you mean "name"?)`,
	`x = order.items[0].nam`:                     `2:20: the map has no key "nam" (did you mean "name"?)`,
	`x = order["customer"].nam`:                  `2:23: the map has no key "nam" (did you mean "name"?)`,
	`x = first(order.items).nam`:                 `2:24: the map has no key "nam" (did you mean "name"?)`,
	`x = filter(order.items, .prise > 3)`:        `2:26: the map has no key "prise" (did you mean "price"?)`,
	`x = filter(order.items, #.prise > 3)`:       `2:27: the map has no key "prise" (did you mean "price"?)`,
	`x = map(order.items, "${#.nam}")`:           `2:27: the map has no key "nam" (did you mean "name"?)`,
	`x = map(order.items, .name)[0].x`:           `2:32: a string has no field "x"`,
	`x = order.items | sortBy(.prise) | first()`: `2:27: the map has no key "prise" (did you mean "price"?)`,
	`x = find(order.items, .price > 2).nam`:      `2:35: the map has no key "nam" (did you mean "name"?)`,
	`x = order.items.name`:                       `2:17: a list has no field "name" (write list[0].name, or map(list, .name))`,
	`x = order.total.amount`:                     `2:17: a string has no field "amount"`,
	`show < value: order.customer.nmae >`:        `2:30: the map has no key "nmae" (did you mean "name"?)`,
	`if order.payd { stop }`:                     `2:10: the map has no key "payd" (did you mean "paid"?)`,
	`while order.payd { stop }`:                  `2:13: the map has no key "payd" (did you mean "paid"?)`,
	`switch order.idd { case 1 { stop } }`:       `2:14: the map has no key "idd" (did you mean "id"?)`,
	`for x in order.item { stop }`:               `2:16: the map has no key "item" (did you mean "items"?)`,
	`return order.idd`:                           `2:14: the map has no key "idd" (did you mean "id"?)`,
	`order.customer["x"] = order.idd`:            `2:29: the map has no key "idd" (did you mean "id"?)`,
	`x = true ? order.idd : 0`:                   `2:18: the map has no key "idd" (did you mean "id"?)`,
	`x = {a: order.customer}.a.nmae`:             `2:27: the map has no key "nmae" (did you mean "name"?)`,

	// variables
	`for item in order.items { x = item.nmae }`:                         `2:36: the map has no key "nmae" (did you mean "name"?)`,
	`for i, item in order.items { x = item.nmae }`:                      `2:39: the map has no key "nmae" (did you mean "name"?)`,
	"c = order.customer\nx = c.nmae":                                    `3:7: the map has no key "nmae" (did you mean "name"?)`,
	"c = order.customer\na = c.address\nx = a.cit":                      `4:7: the map has no key "cit" (did you mean "city"?)`,
	"for i in order.items {\n c = i\n x = c.nam\n}":                     `4:8: the map has no key "nam" (did you mean "name"?)`,
	"function f < > {\n x = order.idd\n}\nf < >":                        `3:12: the map has no key "idd" (did you mean "id"?)`,
	"function f < > {\n c = order.customer\n x = c.nam\n}\nf < >":       `4:8: the map has no key "nam" (did you mean "name"?)`,
	"order.extra = 1\nx = order.extrra":                                 `3:11: the map has no key "extrra" (did you mean "extra"?)`,
	"both = order.paid ? order.items[0] : order.items[1]\nx = both.nam": `3:10: the map has no key "nam" (did you mean "name"?)`,

	// operands of which nothing is known
	"xs = []\nfor item in order.items { xs = xs + [item] }": `3:32: cannot add a list and a list (concat(a, b) joins lists)`,

	// kinds
	`x = order.total > 100`:                           `2:5: cannot order a string and an int (int(x) and float(x) make a number of a string)`,
	`x = order.total + 1`:                             `2:5: cannot add a string and an int (write "…${x}…", or string(x))`,
	`x = order.customer * 2`:                          `2:5: cannot multiply a map by an int`,
	`x = -order.total`:                                "2:6: `-` needs a number, not a string",
	`x = upper(order.id)`:                             `2:11: upper needs a string, not an int (string(x) makes a string of a number)`,
	`x = order.id contains "7"`:                       "2:5: `contains` needs a string, not an int (string(x) makes a string of a number)",
	`x = order.id matches "7"`:                        "2:5: `matches` needs a string, not an int (string(x) makes a string of a number)",
	`x = "a" in order.total`:                          "2:12: `in` needs a list or a map on its right, not a string (for a part of a string write: text contains part)",
	`x = filter(order.customer, true)`:                `2:12: filter needs a list, not a map`,
	`x = filter(order.items, .name)`:                  `2:25: the condition of filter is a string, want true or false (compare it: x != "")`,
	`x = map(order.items, .name > 3)`:                 `2:22: cannot order a string and an int (int(x) and float(x) make a number of a string)`,
	`x = order.id[0]`:                                 `2:5: an int has no elements`,
	`x = order.items["a"]`:                            `2:17: the index of a list is an int, not a string`,
	`x = order.customer[0]`:                           `2:20: the keys of a map are strings, not ints`,
	`x = order.id.Year()`:                             `2:5: an int has no method "Year"`,
	`x = order.total ? 1 : 2`:                         `2:5: the condition is a string, want true or false (compare it: x != "")`,
	`x = not order.id`:                                "2:9: `not` needs true or false, not an int (`not` takes what stands next to it: write not (a == b))",
	`x = order.paid and order.id`:                     `2:20: the condition is an int, want true or false (compare it: x != 0)`,
	`if order.customer.name { stop }`:                 `2:4: the condition is a string, want true or false`,
	`for x in order.customer.name { stop }`:           `2:10: cannot loop over a string, want a list, a map or a range (split(text, "") gives the characters, split(text, "\n") the lines)`,
	`try < break: order.total >`:                      `2:14: break is a string, want true or false`,
	`try < timeout: order.id >`:                       `2:16: timeout is an int, want a duration (write the unit: "${x}s", "${x}m" or "${x}h")`,
	`try < limit: order.total > failover { }`:         `2:14: limit is a string, want an int or { max: int }`,
	"function f < n: int > { }\nf < n: order.total >": `3:8: n is a string, want an int`,
	`try < port: order.total >`:                       `2:13: port is a string, want an int`,
	`try < wait: order.id >`:                          `2:13: wait is an int, want a duration (write the unit: "${x}s", "${x}m" or "${x}h")`,
	`try < level: order.customer >`:                   `2:14: level is a map, want a string`,
	`try < login: order.total >`:                      `2:14: login is a string, want a map with "user" or "password"`,
	`order.custmer.name = "x"`:                        `2:1: order.custmer.name cannot be assigned: there is no order.custmer (did you mean "customer"?)`,
	`order.items[0].nme.x = 1`:                        `2:1: order.items[0].nme.x cannot be assigned: there is no order.items[0].nme (did you mean "name"?)`,
	`for x in order.id { stop }`:                      "2:10: cannot loop over an int, want a list, a map or a range (write a range: `for i in 1..n`)",
	`for k, v in order.codes { x = v + "a" }`:         `2:31: cannot add an int and a string (write "…${x}…", or string(x))`,
}

func TestSampleShowsWhatIsCertainlyWrong(t *testing.T) {
	for flow, want := range mistakes {
		got := checkedWith(t, "input order\n"+flow, orderSample)
		if !slices.Equal(got, []string{want}) {
			t.Errorf("%s\ngot  %s\nwant %s", flow, strings.Join(got, "\n     "), want)
		}
	}
}

// TestRunFailsWhereASampleShowsIt runs the same flows: each fails where CheckInputs
// says, with its words but for a value that they may show.
func TestRunFailsWhereASampleShowsIt(t *testing.T) {
	for flow := range mistakes {
		program := compile(t, newEngine(t, &recorder{}), "input order\n"+flow)
		inputs, err := program.ReadInputs([]byte(orderSample), nil)
		if err != nil {
			t.Fatal(err)
		}
		problems, _ := program.CheckInputs(inputs)
		_, err = program.Run(t.Context(), inputs)
		failed := failure(t, err)
		words := strings.NewReplacer(`the string "12.50"`, "a string", `the string "Ann"`, "a string", `the string "pen"`, "a string", "the int 7", "an int")
		unit := strings.NewReplacer("7s", "${x}s", "7m", "${x}m", "7h", "${x}h")
		if len(problems) != 1 || failed.Range() != problems[0].Range() || words.Replace(failed.Message) != problems[0].Summary || unit.Replace(failed.Hint) != problems[0].Hint {
			t.Errorf("%s\nruns to %v (%s), and CheckInputs finds %v", flow, failed, failed.Hint, problems)
		}
	}
}

func TestSampleRaisesNoFalseAlarm(t *testing.T) {
	for _, flow := range []string{
		`x = order?.emial`, `x = order["emial"]`, `x = order.emial ?? ""`, `x = order.customer.a.b.c ?? ""`,
		"if \"emial\" in order { x = order.emial }",
		"if order?.emial != nil { x = order.emial }",
		"e = get(order, \"emial\")\nif e != nil { x = order.emial }",
		"order.emial = \"a\"\nx = order.emial",
		"order[\"emial\"] = \"a\"\nx = order.emial",
		"k = \"emial\"\norder[k] = \"a\"\nx = order.emial",
		"order.customer.zip = 1\nx = order.customer.zip + 1",
		"order.items[0].tax = 1\nx = order.items[0].tax",
		"order.total = 100\nx = order.total > 100",
		"order = { emial: 1 }\nx = order.emial",
		"function f < > { global order = {b: 1} }\nf < >\nx = order.b",
		`x = order.note.text`, `x = order.note + 1`, `x = order.tags[0].name`, `x = map(order.tags, .name)`,
		`x = filter(order.items, .sale)`, `x = map(order.items, .gift)`, `x = sum(map(order.items, .price))`,
		`x = order.weight > 1`, `x = order.id > 1.5`, `x = order.id / 2 + order.weight`, `x = order.id == "7"`,
		`x = type(order.total) == "string" ? "" : order.total > 100`,
		"c = order.customer\nc = order.items[0]\nx = c.price",
		"c = order.customer\nc.zip = 1\nx = c.zip",
		"for item in order.items { item.tax = 1\n x = item.tax }",
		"for item in order.items { item = {a: 1}\n x = item.a }",
		"for k in order.codes { x = k + \"a\" }",
		"for i in 1..order.id { x = i + 1 }",
		"x = order.customer\nx = 1\nif x > 2 { stop }",
		`x = first(order.items)?.price`, `x = find(order.items, .price > 9) == nil`,
		`x = {a: order.id}["a"] + 1`, `x = "${order.items} ${order.id} ${order.customer}"`,
		`x = len(order.total) + len(order.items) + len(order)`, `x = order.total[0] + order.total[1:]`,
		`x = order.items[1:][0].price`, `x = max(order.id, order.weight)`, `x = join(map(order.items, .name), ", ")`,
		`x = int(order.total) + 1`, `x = reduce(order.items, #acc + .price, 0)`,
		`x = groupBy(order.items, .name)["pen"][0].price`, `x = keys(order.codes)[0] + "a"`,
		"function f < n: int > { return n + 1 }\nx = f < n: order.id >",
		`x = order.paid and order.id > 1 or not order.paid`, `x = order.paid ? order.id : order.total`,
		"order.customer.address = \"Kyiv\"\nx = order.customer.address + \"\"",
		"order.extra = order?.extra ?? {}\norder.extra.a = 1\nx = order.extra.a",
		"step: x = order?.extra\norder.extra = 1\ngoto step",
		"if order.paid { order = { emial: 1 } }\nx = order.emial",
		"if order.customer.name == nil { order = { name: \"x\" } }\nx = order.total",
		"for item in order.items { order = { emial: 1 } }\nx = order.emial",
		"input lang: map = {code: 1}\nif order.paid { lang = {kode: 1} }\nx = lang.code",
		"function f < > { global order = {b: 1} }\nx = order.b + order.id",
		"if false { late = \"a\" }\nx = late?.code",
		"for item in [] { late = item.name }\nx = late?.code",
		"goto after\nlate = \"a\"\nafter: x = late?.code",
		"if false {\n a = order.total\n late = order.total\n if true { here: b = 1 }\n}\nx = late?.code",
		"function f < > { global late = \"a\" }\nx = late?.code\nf < >",
	} {
		if got := checkedWith(t, "input order\n"+flow, orderSample); len(got) > 0 {
			t.Errorf("%s\n%s", flow, strings.Join(got, "\n"))
		}
	}
}

func TestGlobalsThatAFlowAssignsRaiseNoFalseAlarm(t *testing.T) {
	engine := newEngine(t, &recorder{}, runtime.WithGlobals(map[string]any{"shop": map[string]any{"name": "Tea"}}))
	for flow, want := range map[string]int{
		"x = shop.nmae": 1,
		"if shop.name == \"\" { shop = \"closed\" }\nx = shop.name":             0,
		"function f < > { global shop = {nmae: 1} }\nx = shop.nmae + shop.name": 0,
		"input shop\nx = shop.nmae":                                             1,
		"input shop\nif false { shop = {nmae: 1} }\nx = shop.nmae":              0,
	} {
		program, diagnostics := engine.Compile("test.flow", flow)
		if program == nil {
			t.Fatal(diagnostics)
		}
		inputs := runtime.Inputs{}
		if strings.HasPrefix(flow, "input") {
			inputs["shop"] = map[string]any{"name": "Ink"}
		}
		if found, err := program.CheckInputs(inputs); err != nil || len(found) != want {
			t.Errorf("%s\nhas %v, %v, want %d problems", flow, found, err, want)
		}
	}
}

func TestEveryMistakeThatASampleShowsIsToldAtOnce(t *testing.T) {
	got := checkedWith(t, "input order\nx = order.a1 + order.b1\nif order.total { y = order.c1 }\n", orderSample)
	if len(got) != 4 {
		t.Errorf("got %s", strings.Join(got, "\n"))
	}
}

func TestSampleShowsWrongItemsOfASettingAtTheirPlaces(t *testing.T) {
	got := checkedWith(t, "input order\ntry < login: { user: order.id, password: order.paid } >", orderSample)
	want := []string{`2:22: user is an int, want a string`, `2:42: password: is a bool, want a string or secret("NAME")`}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestSampleThatDoesNotFitIsToldAndTheRestIsLookedAt(t *testing.T) {
	program := compile(t, newEngine(t, &recorder{}), "input order: map\ninput count: int\ninput lang: string = \"en\"\nx = order.idd\ny = lang + 1")
	found, err := program.CheckInputs(runtime.Inputs{"order": map[string]any{"id": 1}, "count": "x", "lng": "de"})
	const want = "input \"count\" is the string \"x\", want an int\nunknown input \"lng\", did you mean \"lang\"?"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if len(found) != 2 || found[0].Hint != `did you mean "id"?` || found[1].Summary != "cannot add a string and an int" {
		t.Errorf("got %v", found)
	}
}

func TestSampleMayHaveStructsThatLeadBackToThemselves(t *testing.T) {
	type node struct {
		Name       string
		Next, Back *node
	}
	first, second := &node{Name: "a"}, &node{Name: "b"}
	first.Next, first.Back, second.Next, second.Back = second, second, first, first
	program := compile(t, newEngine(t, &recorder{}), "input node\nx = node.Next.Back.Next.Nam\ny = node.Name + 1")
	found, err := program.CheckInputs(runtime.Inputs{"node": first})
	if err != nil || len(found) != 2 || found[0].Hint != `did you mean "Name"?` {
		t.Errorf("got %v, %v", found, err)
	}
}

func TestSampleMayHaveStructsOfTheHost(t *testing.T) {
	type person struct{ Name string }
	type parcel struct {
		To     *person
		Weight float64
	}
	program := compile(t, newEngine(t, &recorder{}), "input parcel\nx = parcel.To.Nmae\ny = parcel.Weight + parcel.To.Name\nz = parcel.Wieght ?? 1")
	found, err := program.CheckInputs(runtime.Inputs{"parcel": parcel{To: &person{"Ann"}}})
	if err != nil || len(found) != 2 || found[0].Summary != `the struct has no field "Nmae"` || found[1].Summary != "cannot add a float and a string" {
		t.Errorf("got %v, %v", found, err)
	}
}
