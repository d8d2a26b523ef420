package flows

import (
	"fmt"
	"slices"
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
		b.log.add(b.parts[0].top.byKey[want.key].here(), want.code,
			fmt.Sprintf("%q of the flow is %s, which is of kind %s", want.key, n.head().what(), n.head().kind),
			"name a node of kind "+want.kind)
	}
}

// checkQueues looks at the queues that conditions ask of: those of the settings,
// or, where these are not known, those that callers are sent to.
func (b *builder) checkQueues() {
	used := b.flow.Queues()
	for _, asking := range b.log.queues {
		if b.log.known.Queues != nil {
			asking.checkQueue(asking.key)
		} else if !slices.Contains(used, asking.key) {
			b.log.add(asking.here(), CodeUnknownQueue, fmt.Sprintf("%s is %q, to which nobody is sent", asking.what, clip(asking.key)), b.log.cureName(asking.key, used))
		}
	}
}

// checkRefs looks for names that nothing has.
func (b *builder) checkRefs() {
	nodes := append(slices.Clone(b.flow.order), b.lost...)
	codes := make([]string, 0, len(b.flow.categories))
	for _, c := range b.flow.categories {
		codes = append(codes, c.Code)
	}
	isNode, isCode := set(nodes), set(codes)
	b.meant = map[string]bool{}
	for _, r := range b.allRefs() {
		switch {
		case r.category && !isCode[r.name]:
			b.log.add(r.at, CodeUnknownCategory, fmt.Sprintf("%s has the category %q, which does not exist", r.what, clip(r.name)), b.log.cureName(r.name, codes))
		case r.category:
		case isNode[r.name]:
			b.meant[r.name] = true
		default:
			b.meant[b.log.nearest(r.name, nodes)] = true
			b.log.add(r.at, CodeUnknownTarget, fmt.Sprintf("%s goes to %q, which does not exist", r.what, clip(r.name)), b.log.cureName(r.name, nodes))
		}
	}
}

// allRefs lists the names used in the file, as far as they were given.
func (b *builder) allRefs() []ref {
	all := slices.Clone(b.refs)
	for _, name := range b.flow.order {
		all = append(all, b.flow.nodes[name].refs()...)
	}
	return slices.DeleteFunc(all, func(r ref) bool { return r.name == "" })
}

func set(names []string) map[string]bool {
	all := make(map[string]bool, len(names))
	for _, name := range names {
		all[name] = true
	}
	return all
}

// checkGraph looks for nodes that no caller reaches and circles that no key
// leaves. While a way is missing because of a mistake found already, only the
// nodes that nothing names at all are told.
func (b *builder) checkGraph() {
	whole := len(b.lost) == 0 && !slices.ContainsFunc(b.log.found, func(f Finding) bool { return f.Code.cutsWays() })
	reached := b.reach()
	for _, name := range b.flow.order {
		if !reached[name] && (whole || !b.meant[name]) {
			b.log.add(b.flow.nodes[name].head().at, CodeUnreachable, fmt.Sprintf("nothing leads to node %q", name), "lead an option to it, or remove it")
		}
	}
	b.checkLoops()
}

// reach lists the nodes to which a caller can get.
func (b *builder) reach() map[string]bool {
	reached := map[string]bool{}
	todo := []string{b.flow.start, b.flow.operator, b.flow.goodbye}
	if b.flow.nodes[b.flow.start] == nil && len(b.flow.order) > 0 {
		todo[0] = b.flow.order[0] // the start is told to be wrong; this is most likely meant
	}
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
