package flows

import (
	"fmt"
	"slices"
	"strings"
)

// edge is one line of a picture between two nodes.
type edge struct {
	from, to string
	outside  bool   // from is no node of the flow
	on       string // several reasons for the same way are one line
	implied  bool
}

// edges lists the ways of a flow, those between the same two nodes together.
// What every answer has is not among them: a star of lines would tell nothing.
func (f *Flow) edges() []edge {
	var all []edge
	for _, name := range f.order {
		at := map[edge]int{}
		for _, w := range f.Ways(name) {
			if w.Implied && f.KindOf(name) == kindAnswer {
				continue
			}
			e := edge{from: name, to: w.To, implied: w.Implied}
			i, again := at[e]
			if !again {
				at[e] = len(all)
				e.on = w.On
				all = append(all, e)
				continue
			}
			all[i].on += ", " + w.On
		}
	}
	return all
}

const kindAnswer = "answer"

// everywhere lists the ways that start from no node in particular: the call
// itself, the keys that work anywhere, and what every answer has.
func (f *Flow) everywhere() []edge {
	all := []edge{{from: "call", outside: true, to: f.start}, {from: "anywhere", outside: true, to: f.operator, on: "0", implied: true}}
	seen := map[Way]bool{}
	for _, name := range f.order {
		for _, w := range f.Ways(name) {
			if w.Implied && f.KindOf(name) == kindAnswer && !seen[w] {
				seen[w] = true
				all = append(all, edge{from: "any answer", outside: true, to: w.To, on: w.On, implied: true})
			}
		}
	}
	return all
}

// sources are the names, in brackets as no node's can be, of where these start.
func (f *Flow) sources() []string {
	var all []string
	for _, e := range f.everywhere() {
		all = append(all, "("+e.from+")")
	}
	return slices.Compact(all)
}

// title is what stands above a picture.
func (f *Flow) title() string { return "flow " + f.name }

// Mermaid draws the flow as a Mermaid flowchart: each node with its kind, each
// way with its keys or reasons, dotted where the author did not write it.
func (f *Flow) Mermaid() string {
	ids := f.numbered()
	var b strings.Builder
	fmt.Fprintf(&b, "flowchart TD\n  %%%% %s\n", mermaidComment(f.title()))
	for i, from := range f.sources() {
		ids[from] = fmt.Sprintf("x%d", i+1)
		fmt.Fprintf(&b, "  %s>%s]\n", ids[from], mermaidText(strings.Trim(from, "()")))
	}
	for _, name := range f.order {
		opening, closing := mermaidShape(f.KindOf(name))
		fmt.Fprintf(&b, "  %s%s%s%s\n", ids[name], opening, mermaidText(name, f.KindOf(name)), closing)
	}
	for _, e := range append(f.everywhere(), f.edges()...) {
		line := "-->"
		if e.implied {
			line = "-.->"
		}
		label := ""
		if e.on != "" {
			label = "|" + mermaidText(e.on) + "|"
		}
		from := ids[e.from]
		if e.outside {
			from = ids["("+e.from+")"]
		}
		fmt.Fprintf(&b, "  %s %s%s %s\n", from, line, label, ids[e.to])
	}
	return b.String()
}

// numbered gives each node a name in the picture: its own could be a word of
// the picture's language, such as end.
func (f *Flow) numbered() map[string]string {
	ids := make(map[string]string, len(f.order))
	for i, name := range f.order {
		ids[name] = fmt.Sprintf("n%d", i+1)
	}
	return ids
}

func mermaidShape(kind string) (opening, closing string) {
	switch kind {
	case "menu", "language":
		return "{{", "}}"
	case "queue":
		return "[(", ")]"
	case "end":
		return "([", "])"
	default:
		return "[", "]"
	}
}

// mermaidText quotes lines of text. Signs that mean something to Mermaid, or to
// the page it stands in, are written by their numbers.
func mermaidText(lines ...string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i, line := range lines {
		if i > 0 {
			b.WriteString("<br/>")
		}
		for _, r := range line {
			if strings.ContainsRune("\"#&<>`\\|{}[]()%;*_~$", r) || r < ' ' {
				fmt.Fprintf(&b, "#%d;", r)
			} else {
				b.WriteRune(r)
			}
		}
	}
	b.WriteByte('"')
	return b.String()
}

// mermaidComment keeps a remark in its line, and free of braces, which even in
// a remark are taken for settings.
func mermaidComment(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune("{}%<>", r) {
			return ' '
		}
		return r
	}, s)
}

// DOT draws the flow for Graphviz, as Mermaid does.
func (f *Flow) DOT() string {
	var b strings.Builder
	fmt.Fprintf(&b, "digraph %s {\n  rankdir=TB;\n  node [shape=box];\n", dotText(f.title()))
	for _, name := range f.order {
		fmt.Fprintf(&b, "  %s [label=%s%s];\n", dotText(name), dotText(name, f.KindOf(name)), dotShape(f.KindOf(name)))
	}
	for _, from := range f.sources() {
		fmt.Fprintf(&b, "  %s [shape=plaintext];\n", dotText(from))
	}
	for _, e := range f.everywhere() {
		fmt.Fprintf(&b, "  %s -> %s [label=%s, style=dashed];\n", dotText("("+e.from+")"), dotText(e.to), dotText(e.on))
	}
	for _, e := range f.edges() {
		style := ""
		if e.implied {
			style = ", style=dashed"
		}
		fmt.Fprintf(&b, "  %s -> %s [label=%s%s];\n", dotText(e.from), dotText(e.to), dotText(e.on), style)
	}
	b.WriteString("}\n")
	return b.String()
}

func dotShape(kind string) string {
	switch kind {
	case "menu", "language":
		return ", shape=hexagon"
	case "queue":
		return ", shape=cylinder"
	case "end":
		return ", shape=oval"
	default:
		return ""
	}
}

// dotText quotes lines of text for Graphviz.
func dotText(lines ...string) string {
	var quoted []string
	for _, line := range lines {
		quoted = append(quoted, strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", " ", "\r", " ").Replace(line))
	}
	return `"` + strings.Join(quoted, `\n`) + `"`
}
