package flows

import (
	"slices"
	"strings"
)

// checkLoops looks for circles that no key of the caller's leaves. Two kinds
// of way are followed: those taken without a key, for a caller is caught where
// they all lead on to one another; and of these the ones on which nothing is
// even heard, for nothing changes on them, and a condition that led round once
// leads round for ever.
func (b *builder) checkLoops() {
	caught := b.caught(func(r ref) bool { return r.passive }, false)
	b.tellCircles(caught, func(r ref) bool { return r.passive },
		"a caller never gets out of ", "let one of these lead to a menu or to the operator")
	spun := b.caught(func(r ref) bool { return r.instant }, true)
	for name := range caught {
		delete(spun, name)
	}
	b.tellCircles(spun, func(r ref) bool { return r.instant },
		"nothing is heard on the way round ", "let one of these lead elsewhere, or say something on the way")
}

// caught lists the nodes that followed ways keep among themselves. A node is
// out when one of its ways leads out, or, with every, when all of them do.
func (b *builder) caught(followed func(ref) bool, every bool) map[string]bool {
	from := map[string][]string{} // by node: those with a way to it
	left := map[string]int{}      // by node that is in: its ways that must yet lead out
	for _, name := range b.flow.order {
		ways := 0
		for _, r := range b.flow.nodes[name].refs() {
			if followed(r) && b.flow.nodes[r.name] != nil {
				from[r.name] = append(from[r.name], name)
				ways++
			}
		}
		if ways > 0 && (every || !b.leaves(name)) {
			left[name] = ways
		}
	}
	var out []string
	for to := range from {
		if left[to] == 0 {
			out = append(out, to)
		}
	}
	for len(out) > 0 {
		name := out[len(out)-1]
		out = out[:len(out)-1]
		for _, f := range from[name] {
			if left[f] == 0 {
				continue
			}
			if left[f]--; left[f] == 0 || !every {
				left[f] = 0
				out = append(out, f)
			}
		}
	}
	in := map[string]bool{}
	for name, ways := range left {
		if ways > 0 {
			in[name] = true
		}
	}
	return in
}

// leaves tells whether a node has a way out that no name in the file shows.
func (b *builder) leaves(name string) bool {
	n := b.flow.nodes[name]
	if h, ok := n.(*handoverNode); ok && len(h.results) < len(handoverResults()) {
		return true
	}
	return slices.ContainsFunc(n.refs(), func(r ref) bool { return r.passive && b.flow.nodes[r.name] == nil })
}

// tellCircles reports the circles among nodes, each once.
func (b *builder) tellCircles(in map[string]bool, followed func(ref) bool, message, cure string) {
	done := map[string]bool{}
	for _, from := range b.flow.order {
		var path []string
		at := map[string]int{}
		name := from
		for ; in[name] && !done[name]; name = b.nextAmong(name, in, followed) {
			done[name] = true
			at[name] = len(path)
			path = append(path, name)
		}
		if i, again := at[name]; again {
			circle := append(slices.Clone(path[i:]), name)
			b.log.add(b.flow.nodes[name].head().at, CodeLoop, message+clip(strings.Join(circle, " → ")), cure)
		}
	}
}

func (b *builder) nextAmong(name string, in map[string]bool, followed func(ref) bool) string {
	for _, r := range b.flow.nodes[name].refs() {
		if followed(r) && in[r.name] {
			return r.name
		}
	}
	return ""
}
