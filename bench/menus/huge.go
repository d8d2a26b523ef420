// Package menus makes menus that nobody would write, for the bench and for tests.
package menus

import (
	"fmt"
	"strings"
)

// Head begins a huge menu that is in order; its nodes follow, the first is n0.
const Head = `flow: huge
start: n0
operator: operator
goodbye: goodbye
nodes:
  operator: {kind: queue, queue: main}
  goodbye: {kind: end}
`

// What each menu of a huge one offers, in three lines: the node after it, or
// what is wrong in three ways.
const (
	inOrder = "- text: {kk: Су үшін, ru: Для воды}\n        to: n%d\n        name: water"
	wrong   = "- text: {kk: Су үшін}\n        to: m%d\n        category: watre"
)

// Huge is a menu of a hundred thousand lines, in order or all wrong: sixteen
// thousand menus of one option each.
func Huge(ordered bool) string {
	const nodes = 16_667
	option := wrong
	if ordered {
		option = inOrder
	}
	var b strings.Builder
	b.WriteString(Head)
	for i := range nodes {
		fmt.Fprintf(&b, "  n%d:\n    kind: menu\n    options:\n      "+option+"\n", i, (i+1)%nodes)
	}
	return b.String()
}
