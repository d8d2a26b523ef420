package flows

import (
	"cmp"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v4"
)

// byDemand orders the options of a menu by how often they were chosen.
const byDemand = "demand"

// menuOrder says in which order the options of a menu are offered: by mode, a
// list of those that come first, or by demand. A mode that is not there has the
// order of the file.
type menuOrder map[string]orderRule

type orderRule struct {
	demand bool
	first  []string // options by the name of their phrase
}

// readOrder reads "order" of a menu.
func (n *menuNode) readOrder(e entry) {
	n.order = menuOrder{}
	for _, o := range n.options {
		if o.keyed {
			e.log.add(o.at, CodeKeys, fmt.Sprintf("an option of %s has a key of its own, but the menu has an order", n.what()), "leave the key out: the keys follow the order")
		}
	}
	if e.value.Kind != yaml.MappingNode {
		if rule, ok := n.readRule(e); ok {
			for _, mode := range Modes() {
				n.order[mode] = rule
			}
		}
		return
	}
	for _, one := range e.fields(Modes()...).given(Modes()) {
		if rule, ok := n.readRule(one); ok {
			n.order[one.key] = rule
		}
	}
}

func (n *menuNode) readRule(e entry) (orderRule, bool) {
	if e.value.Kind == yaml.SequenceNode {
		return n.readFirst(e), true
	}
	s, ok := e.str()
	if ok && s != byDemand {
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s is %q", e.what, clip(s)), "write demand, or for each mode a list of the options that come first: {emergency: [curfew]}")
	}
	return orderRule{demand: true}, ok && s == byDemand
}

func (n *menuNode) readFirst(e entry) orderRule {
	var rule orderRule
	var ids []string
	for _, o := range n.options {
		ids = append(ids, o.id)
	}
	for _, one := range e.items() {
		s, ok := one.str()
		i := slices.Index(ids, s)
		switch {
		case !ok:
		case i < 0:
			e.log.add(one.here(), CodeUnknownTarget, fmt.Sprintf("%s is %q, which is no option of the menu", one.what, clip(s)), e.log.cureName(s, ids))
		case slices.Contains(rule.first, n.options[i].name):
			e.log.add(one.here(), CodeDuplicate, fmt.Sprintf("%s is %q, which is in the list already", one.what, s), "remove one of the two")
		default:
			rule.first = append(rule.first, n.options[i].name)
		}
	}
	return rule
}

// visit settles the order for the visit: keys must not move while they are
// offered. What demand says is settled for the whole call.
func (n *menuNode) visit(t *turn) {
	rule, ok := n.order[t.env.Mode]
	if !ok {
		return
	}
	first, why := rule.first, t.env.Mode
	if settled, again := t.state.Demand[n.name]; rule.demand && (again || t.env.Demand != nil) {
		if first, why = settled, byDemand; !again {
			first = n.demanded(t.env.Demand(n.name))
			t.state.Demand = with(t.state.Demand, n.name, first)
		}
	}
	if names := optionNames(n.ordered(first)); !slices.Equal(names, optionNames(n.options)) {
		t.state.Order = names
		t.event(Event{Kind: EventOrdered, Reason: why})
	}
}

// demanded names the options, those first that were chosen most.
func (n *menuNode) demanded(chosen map[string]int) []string {
	offered := slices.Clone(n.options)
	slices.SortStableFunc(offered, func(a, b option) int { return cmp.Compare(chosen[b.name], chosen[a.name]) })
	return optionNames(offered)
}

func optionNames(options []option) []string {
	names := make([]string, 0, len(options))
	for _, o := range options {
		names = append(names, o.name)
	}
	return names
}

func with(orders map[string][]string, menu string, order []string) map[string][]string {
	if orders == nil {
		orders = map[string][]string{}
	}
	orders[menu] = order
	return orders
}

// ordered lists the options in an order that names those to come first, each
// with the key of its place.
func (n *menuNode) ordered(first []string) []option {
	if len(first) == 0 {
		return n.options
	}
	var all []option
	for _, name := range first {
		i := slices.IndexFunc(n.options, func(o option) bool { return o.name == name })
		if i >= 0 && !slices.ContainsFunc(all, func(o option) bool { return o.name == name }) {
			all = append(all, n.options[i])
		}
	}
	for _, o := range n.options {
		if !slices.ContainsFunc(all, func(have option) bool { return have.name == o.name }) {
			all = append(all, o)
		}
	}
	for i := range all {
		all[i].wrote, all[i].key = all[i].key, '1'+rune(i)
	}
	return all
}
