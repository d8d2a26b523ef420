package flows

import (
	"fmt"
	"slices"
	"strings"
)

// checkEntrances looks at the kinds of the nodes that the line relies on.
func (b *builder) checkEntrances() {
	for _, want := range []struct {
		key, name, kind string
		code            Code
	}{
		{"operator", b.flow.operator, "queue", CodeNoOperator},
		{"goodbye", b.flow.goodbye, "end", CodeBadValue},
	} {
		n := b.flow.nodes[want.name]
		if n == nil || n.head().kind == want.kind {
			continue
		}
		b.log.add(b.top.byKey[want.key].here(), want.code,
			fmt.Sprintf("%q of the flow is %s, which is of kind %s", want.key, n.head().what(), n.head().kind),
			"name a node of kind "+want.kind)
	}
}

// checkRefs looks for names that nothing has.
func (b *builder) checkRefs() {
	nodes := append(slices.Clone(b.flow.order), b.lost...)
	var codes []string
	for _, c := range b.flow.categories {
		codes = append(codes, c.Code)
	}
	refs := b.refs
	for _, name := range b.flow.order {
		refs = append(refs, b.flow.nodes[name].refs()...)
	}
	for _, r := range refs {
		switch {
		case r.name == "":
		case r.category && !slices.Contains(codes, r.name):
			b.log.add(r.at, CodeUnknownCategory, fmt.Sprintf("%s has the category %q, which does not exist", r.what, clip(r.name)), cureName(r.name, codes))
		case !r.category && !slices.Contains(nodes, r.name):
			b.log.add(r.at, CodeUnknownTarget, fmt.Sprintf("%s goes to %q, which does not exist", r.what, clip(r.name)), cureName(r.name, nodes))
		}
	}
}

// checkGraph looks for nodes that no caller reaches and circles that no key
// leaves.
func (b *builder) checkGraph() {
	if b.flow.nodes[b.flow.start] != nil && len(b.lost) == 0 {
		reached := b.reach()
		for _, name := range b.flow.order {
			if !reached[name] {
				b.log.add(b.flow.nodes[name].head().at, CodeUnreachable, fmt.Sprintf("nothing leads to node %q", name), "lead an option to it, or remove it")
			}
		}
	}
	b.checkLoops()
}

// reach lists the nodes to which a caller can get.
func (b *builder) reach() map[string]bool {
	reached := map[string]bool{}
	todo := []string{b.flow.start, b.flow.operator, b.flow.goodbye}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := b.flow.nodes[name]
		if n == nil || reached[name] {
			continue
		}
		reached[name] = true
		for _, r := range n.refs() {
			if !r.category {
				todo = append(todo, r.name)
			}
		}
	}
	return reached
}

// checkLoops follows the ways that are taken without the caller doing anything.
// Each node has at most one of these.
func (b *builder) checkLoops() {
	done := map[string]bool{}
	for _, from := range b.flow.order {
		var path []string
		for name := from; name != "" && !done[name]; name = b.passiveNext(name) {
			if i := slices.Index(path, name); i >= 0 {
				circle := append(slices.Clone(path[i:]), name)
				b.log.add(b.flow.nodes[name].head().at, CodeLoop,
					"a caller never gets out of "+strings.Join(circle, " → "), "let one of these lead to a menu or to the operator")
				break
			}
			path = append(path, name)
		}
		for _, name := range path {
			done[name] = true
		}
	}
}

func (b *builder) passiveNext(name string) string {
	n := b.flow.nodes[name]
	if n == nil {
		return ""
	}
	for _, r := range n.refs() {
		if r.passive {
			return r.name
		}
	}
	return ""
}
