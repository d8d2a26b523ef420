package flows

import (
	"fmt"
	"strings"
)

// menuNode offers up to MaxOptions ways on. The author writes the purpose of
// each; the key is added when it is said, and follows the order unless given.
//
//	topics:
//	  kind: menu
//	  text: {kk: Тақырыпты таңдаңыз., ru: Выберите тему.}   # may be left out
//	  order: {heightened: demand, emergency: [water]}       # may be left out: see below
//	  options:
//	    - text: {kk: Су туралы білу үшін, ru: Чтобы узнать о воде}
//	      to: water
//	      category: utilities/water   # may be left out
//	      name: water                 # of its phrase; by default the node it leads to
//
// An option may have a key of its own ("key: 2") where the menu has no order.
//
// The options are offered as they stand in the file, unless "order" says
// otherwise: demand puts first what callers chose most in the last hours, a
// list puts its options first, each in the modes that have it; "order: demand"
// is for all modes. The keys follow the order. A caller is told when it is not
// that of the file. Demand is asked once in a call: a key that was heard means
// the same until the end.
type menuNode struct {
	base
	text    *Text // nil when the menu has no words of its own
	options []option
	order   menuOrder // nil for that of the file in every mode
}

type option struct {
	key      rune
	keyed    bool   // the author gave it
	wrote    rune   // the key in the file, when the order is another; 0 otherwise
	name     string // of its phrase
	id       string // by which an order names it
	text     Text
	to       ref
	category ref // empty name when the option sets none
	at       place
}

func readMenu(f fields, b base) node {
	n := &menuNode{base: b}
	n.text = f.ownText()
	list, ok := f.need("options", CodeDeadEnd, "add options: a caller cannot go on from here")
	if !ok {
		return n
	}
	for i, e := range list.items() {
		e.what = fmt.Sprintf("option %d of %s", i+1, b.what())
		n.options = append(n.options, readOption(e, i))
	}
	n.check(list)
	if e, ok := f.byKey["order"]; ok {
		n.readOrder(e)
	}
	return n
}

func readOption(e entry, i int) option {
	f := e.fields("text", "to", "category", "key", "name")
	o := option{at: e.at, key: rune("123456789"[min(i, 8)])}
	o.text = f.purpose()
	o.to = f.needTarget("to", CodeDeadEnd, "say which node it leads to")
	o.category = f.category()
	o.name, o.id = "to-"+o.to.name, o.to.name
	if one, ok := f.byKey["name"]; ok {
		if s, good := one.name(); good {
			o.name, o.id = s, s
		}
	}
	if one, ok := f.byKey["key"]; ok {
		s, good := one.str()
		switch {
		case good && len(s) == 1 && s[0] >= '1' && s[0] <= '9':
			o.key, o.keyed = rune(s[0]), true
		case good && (s == "0" || s == "*" || s == "#"):
			e.log.add(one.here(), CodeKeys, fmt.Sprintf("%s takes the key %s, which means the same in every menu", e.what, s), "0 is an operator, # repeats, * goes back: use 1 to 9")
		case good:
			e.log.add(one.here(), CodeKeys, fmt.Sprintf("%s has the key %q", e.what, clip(s)), "use one of 1 to 9")
		}
	}
	return o
}

// check looks at the options together.
func (n *menuNode) check(list entry) {
	switch {
	case len(n.options) == 0:
		list.log.add(list.at, CodeDeadEnd, n.what()+" has no options", "add some: a caller cannot go on from here")
	case len(n.options) > MaxOptions:
		list.log.add(list.at, CodeTooManyOptions, fmt.Sprintf("%s has %d options, more than %d", n.what(), len(n.options), MaxOptions), "put some of them into a menu of their own")
		return
	}
	byKey, byName := map[rune]int{}, map[string]int{"text": 0}
	for i, o := range n.options {
		if first, twice := byKey[o.key]; twice {
			list.log.add(o.at, CodeKeys, fmt.Sprintf("options %d and %d of %s both have the key %c", first, i+1, n.what(), o.key), "give each its own, or leave the keys out")
		}
		if first, twice := byName[o.name]; twice {
			list.log.add(o.at, CodeDuplicate, fmt.Sprintf("option %d of %s has the same phrase name as %s", i+1, n.what(), ordinal(first)), `give it a "name" of its own`)
		}
		byKey[o.key], byName[o.name] = i+1, i+1
	}
	var missing []string
	for i := range n.options {
		if key := '1' + rune(i); byKey[key] == 0 {
			missing = append(missing, string(key))
		}
	}
	if len(missing) > 0 && len(byKey) == len(n.options) {
		list.log.add(list.at, CodeKeys, fmt.Sprintf("the keys of %s have a gap: nothing on %s", n.what(), strings.Join(missing, ", ")), fmt.Sprintf("use 1 to %d, or leave the keys out", len(n.options)))
	}
}

func ordinal(option int) string {
	if option == 0 {
		return "the menu's own text"
	}
	return fmt.Sprintf("option %d", option)
}

func (n *menuNode) refs() []ref {
	var all []ref
	for _, o := range n.options {
		all = append(all, o.to)
		if o.category.name != "" {
			all = append(all, o.category)
		}
	}
	return all
}

func (n *menuNode) phrases() []Phrase {
	var all []Phrase
	if n.text != nil {
		all = append(all, n.phrase("text", *n.text))
	}
	for _, o := range n.options {
		all = append(all, n.phrase(o.name, o.text))
	}
	return all
}

func (n *menuNode) prompt(t *turn) {
	if n.text != nil {
		t.say(true, t.text(n.phrase("text", *n.text))...)
	}
	if len(t.state.Order) > 0 && t.state.Tries == 0 {
		t.say(true, t.system("menu/changed")...)
	}
	for _, o := range n.ordered(t.state.Order) {
		t.offer(n.phrase(o.name, o.text), o.key)
	}
	if !t.state.Hinted || t.state.Tries > 0 {
		t.hint()
	}
	t.listen(ListenTimeout)
}

func (n *menuNode) take(t *turn, in Input) bool {
	key, ok := in.(Key)
	if !ok {
		return false
	}
	for _, o := range n.ordered(t.state.Order) {
		if o.key == key.Digit {
			e := Event{Kind: EventChosen, Key: string(key.Digit), To: o.to.name, Option: o.name}
			if o.wrote != 0 && o.wrote != o.key {
				e.Way = string(o.wrote)
			}
			t.event(e)
			t.category(o.category.name)
			t.goTo(o.to.name)
			return true
		}
	}
	return false
}

func (n *menuNode) ways(*Flow) []Way {
	all := make([]Way, 0, len(n.options))
	for _, o := range n.options {
		all = append(all, Way{On: string(o.key), To: o.to.name})
	}
	return all
}
