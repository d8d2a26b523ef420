package flows

import (
	"fmt"
	"slices"
	"strings"
)

// checkVariables tells of variables that nothing ever sets, and of values that
// a caller may come to before anything has set them.
func (b *builder) checkVariables() {
	vars := b.log.variables()
	if len(vars) == 0 {
		return
	}
	bit := map[string]uint64{}
	var whole uint64
	for i, v := range vars {
		bit[v.name] = 1 << i
		whole |= 1 << i
	}
	known := b.knownAt(bit, whole)
	for _, name := range b.flow.order {
		n := b.flow.nodes[name]
		for _, used := range valuesUsed(n) {
			v := b.log.vars[used]
			switch at, reached := known[name]; {
			case v == nil || v.kind == "": // told already
			case !v.filled && b.misspelt(): // which may be why
			case !v.filled:
				b.log.add(n.head().at, CodeUnknownValue, fmt.Sprintf("%s uses {%s}, which nothing ever sets", n.head().what(), used), "set it by an input or a lookup, or give it a start")
			case reached && at&bit[used] == 0 && !b.log.found.HasErrors(): // which may be why
				b.log.add(n.head().at, CodeUnsetValue, fmt.Sprintf("a caller can come to %s before anything has set {%s}", n.head().what(), used),
					"lead all callers past what sets it, or give it a start: it is left unsaid while unset")
			}
		}
	}
}

// misspelt tells whether some variable was named that is not declared.
func (b *builder) misspelt() bool {
	return slices.ContainsFunc(b.log.found, func(f Finding) bool { return f.Code == CodeUnknownVariable })
}

// valuesUsed lists the variables that a node says or asks with.
func valuesUsed(n node) []string {
	var all []string
	for _, p := range n.phrases() {
		for _, v := range valuesIn(p.Text.KK + p.Text.RU) {
			name, _, _ := strings.Cut(v, ":")
			all = append(all, name)
		}
	}
	if l, ok := n.(*lookupNode); ok {
		for _, p := range l.url {
			if p.variable != "" {
				all = append(all, p.variable)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// knownAt gives, for each node that callers reach, the variables that are set
// on every way there.
func (b *builder) knownAt(bit map[string]uint64, whole uint64) map[string]uint64 {
	known := map[string]uint64{}
	todo := []string{b.flow.start}
	known[b.flow.start] = 0
	for _, v := range b.log.variables() {
		if v.start != "" {
			known[b.flow.start] |= bit[v.name]
		}
	}
	reach := func(name string, with uint64) {
		have, seen := known[name]
		if !seen {
			have = whole
		}
		if b.flow.nodes[name] != nil && (!seen || have&with != have) {
			known[name] = have & with
			todo = append(todo, name)
		}
	}
	for len(todo) > 0 {
		name := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		n := b.flow.nodes[name]
		if n == nil {
			continue
		}
		for _, w := range n.ways(b.flow) {
			with := known[name]
			if s, ok := n.(setter); ok {
				if on, vars := s.sets(); on == w.On {
					for _, v := range vars {
						with |= bit[v]
					}
				}
			}
			reach(w.To, with)
		}
		reach(b.flow.operator, known[name]) // by 0
	}
	return known
}

// setter is a node that sets variables when it is left by one of its ways.
type setter interface {
	sets() (on string, vars []string)
}
