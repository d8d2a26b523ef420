package flows

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/expr-lang/expr/ast"
)

// conditionReader looks at the parts of a condition: what is not of the small
// language is refused, what is asked for is noted.
type conditionReader struct {
	entry
	text    string
	failed  bool
	asked   []string // names, and "open office", "queue main waiting"
	texts   []string // written in it
	numbers []int    // likewise
	vague   bool     // no choice of worlds covers it: see checkAlways
}

// read looks at one part and those within it. How deep they can lie is bounded
// by the length of a condition.
func (r *conditionReader) read(node ast.Node) {
	switch n := node.(type) {
	case *ast.BoolNode:
	case *ast.FloatNode:
		r.float(n.Value)
	case *ast.IntegerNode:
		r.numbers = append(r.numbers, n.Value)
	case *ast.StringNode:
		r.texts = append(r.texts, n.Value)
	case *ast.ArrayNode:
		for _, one := range n.Nodes {
			r.read(one)
		}
	case *ast.UnaryNode:
		if n.Operator != "not" && n.Operator != "!" && n.Operator != "-" {
			r.refuse(n, fmt.Sprintf("%q is no sign that can be used", n.Operator), "")
		}
		r.read(n.Node)
	case *ast.BinaryNode:
		r.binary(n)
		r.read(n.Left)
		r.read(n.Right)
	case *ast.IdentifierNode:
		r.identifier(n)
	case *ast.MemberNode:
		r.member(n)
	case *ast.CallNode:
		r.call(n)
	default:
		r.refuse(n, "it has something in it that no condition needs", "")
	}
}

func (r *conditionReader) refuse(n ast.Node, message, cure string) {
	if r.failed {
		return
	}
	r.failed = true
	if cure == "" {
		cure = "use comparisons, in [...], and, or, not, and the names of the description of switch"
	}
	r.log.add(r.within(r.text, n.Location().From), CodeCondition, fmt.Sprintf("%s cannot be used: %s", r.what, message), cure)
}

func (r *conditionReader) binary(n *ast.BinaryNode) {
	switch n.Operator {
	case "and", "or", "&&", "||":
	case "+", "-", "*", "/", "%":
		r.vague = true
	case "contains", "startsWith", "endsWith":
		r.vague = r.vague || !few(n.Left) || !few(n.Right)
	case "==", "!=", "<", "<=", ">", ">=", "in":
		r.vague = r.vague || !written(n.Left) && !written(n.Right)
		r.compared(n.Left, n.Right)
		r.compared(n.Right, n.Left)
	default:
		r.refuse(n, fmt.Sprintf("%q is no sign that can be used", n.Operator), "")
	}
}

// float notes the whole numbers on both sides of a broken one: all that can be
// asked for is whole.
func (r *conditionReader) float(x float64) {
	if x > -1 && x < maxSpokenNumber+1 {
		r.numbers = append(r.numbers, int(math.Floor(x)), int(math.Ceil(x)))
	}
}

// written tells whether a part of a condition is the same in all worlds.
func written(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode, *ast.BoolNode:
		return true
	case *ast.UnaryNode:
		return written(n.Node)
	case *ast.ArrayNode:
		return !slices.ContainsFunc(n.Nodes, func(one ast.Node) bool { return !written(one) })
	}
	return false
}

// few tells whether all texts that a part can be are tried: parts of others
// come in too many kinds.
func few(n ast.Node) bool {
	name, ok := n.(*ast.IdentifierNode)
	return written(n) || ok && slices.Contains([]string{"mode", "language", "category"}, name.Value)
}

// compared checks texts that a name is compared with: one that the name never
// is would make the condition lie in wait for something that never comes.
func (r *conditionReader) compared(a, b ast.Node) {
	name, ok := a.(*ast.IdentifierNode)
	if !ok {
		return
	}
	against := []ast.Node{b}
	if list, isList := b.(*ast.ArrayNode); isList {
		against = list.Nodes
	}
	for _, one := range against {
		if text, isText := one.(*ast.StringNode); isText {
			r.comparedText(name.Value, text)
		}
	}
}

func (r *conditionReader) comparedText(name string, n *ast.StringNode) {
	form := name
	if v := r.log.vars[name]; v != nil {
		form = v.kind
	}
	known := map[string][]string{"mode": Modes(), "language": {string(Kazakh), string(Russian)}, "category": r.log.categories}[name]
	good, fits := "", true
	if form == "time" || form == "date" {
		good, fits = valueTypes()[form].take(n.Value)
	}
	switch {
	case known != nil && n.Value != "" && !slices.Contains(known, n.Value):
		r.refuse(n, fmt.Sprintf("%q is no %s", clip(n.Value), name), r.log.cureName(n.Value, known))
	case n.Value != "" && (!fits || good != "" && good != n.Value):
		r.refuse(n, fmt.Sprintf("%q is no %s", clip(n.Value), form), "write "+map[string]string{"time": `"08:30"`, "date": `"2026-12-16"`}[form])
	}
}

func (r *conditionReader) identifier(n *ast.IdentifierNode) {
	names := emptyWorld(r.log.vars)
	if _, known := names[n.Value]; !known {
		r.refuse(n, fmt.Sprintf("it asks for %q, which there is not", clip(n.Value)), r.log.cureName(n.Value, slices.Sorted(maps.Keys(names))))
	}
	r.asked = append(r.asked, n.Value)
}

// member is queue("main").waiting and nothing else.
func (r *conditionReader) member(n *ast.MemberNode) {
	call, isCall := n.Node.(*ast.CallNode)
	field, isField := n.Property.(*ast.StringNode)
	if !isCall || !isField || n.Optional || callee(call) != "queue" || !slices.Contains(queueFields(), field.Value) {
		r.refuse(n, "there is no such thing", `ask for queue("main").waiting, .free, .on_duty or .wait`)
		return
	}
	name, ok := literal(call)
	if !ok {
		r.refuse(n, "queue() needs one name in double quotes", `write queue("main")`)
		return
	}
	asking := r.entry
	asking.key, asking.what = name, "queue() in "+r.what
	r.log.queues = append(r.log.queues, asking)
	r.asked = append(r.asked, "queue "+name+" "+field.Value)
}

func queueFields() []string { return []string{"waiting", "free", "on_duty", "wait"} }

// call is open("office").
func (r *conditionReader) call(n *ast.CallNode) {
	name, ok := literal(n)
	switch {
	case callee(n) == "queue":
		r.refuse(n, "a queue by itself answers nothing", `ask for queue("main").waiting, .free, .on_duty or .wait`)
		return
	case callee(n) != "open":
		r.refuse(n, "there is no such function", `there are open("office") and queue("main")`)
		return
	case !ok:
		r.refuse(n, "open() needs one name in double quotes", `write open("office")`)
		return
	}
	r.asked = append(r.asked, "open "+name)
	if _, known := r.log.calendars[name]; !known {
		r.log.add(r.within(r.text, n.Location().From), CodeUnknownCalendar, fmt.Sprintf("%s asks the calendar %q, which is not declared", r.what, clip(name)), r.log.cureCalendar(name))
	}
}

func (l *log) cureCalendar(name string) string {
	if len(l.calendars) == 0 {
		return "declare it at the top of the flow: calendars: {office: office.calendar.yaml}"
	}
	return l.cureName(name, slices.Sorted(maps.Keys(l.calendars)))
}

// callee is the name of what is called; empty when it has none.
func callee(n *ast.CallNode) string {
	if name, ok := n.Callee.(*ast.IdentifierNode); ok {
		return name.Value
	}
	return ""
}

// literal is the one text that a function is called with.
func literal(n *ast.CallNode) (string, bool) {
	if len(n.Arguments) != 1 {
		return "", false
	}
	s, ok := n.Arguments[0].(*ast.StringNode)
	if !ok {
		return "", false
	}
	return s.Value, true
}
