package flows

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// variable is a value that a call carries along: typed by the caller or looked
// up. Variables are declared at the top of a flow, by name:
//
//	vars:
//	  account: digits                      # what it is
//	  left: {type: minutes, start: 0}      # and what it is until something sets it
//
// The types are those of ValueTypes.
type variable struct {
	name   string
	kind   string
	start  string // empty when it begins without a value
	at     place
	filled bool // has a start, or some node sets it
}

// readVariables reads "vars" of one file into the flow's.
func (b *builder) readVariables(e entry) {
	for _, one := range e.entries() {
		one.what = fmt.Sprintf("variable %q", clip(one.key))
		v := &variable{name: one.key, at: one.at}
		switch first := b.log.vars[one.key]; {
		case !checkVariableName(one):
			continue
		case first != nil:
			b.log.twice(one.at, one.what, first.at)
			continue
		case len(b.log.vars) >= MaxVars:
			b.log.add(one.at, CodeTooBig, fmt.Sprintf("there are more than %d variables", MaxVars), "a call has no use for so many: remove some")
			return
		}
		v.read(one)
		b.log.vars[v.name] = v
	}
}

func (v *variable) read(e entry) {
	named := e
	if e.value.Kind == yaml.MappingNode {
		f := e.fields("type", "start")
		one, ok := f.need("type", CodeMissingKey, "say what it is: type: "+strings.Join(ValueTypes(), ", "))
		if !ok {
			return
		}
		defer v.readStart(f)
		named = one
	}
	s, ok := named.str()
	if !ok {
		return
	}
	if _, known := valueTypes()[s]; !known {
		e.log.add(named.here(), CodeBadValue, fmt.Sprintf("%s is of type %q, which does not exist", e.what, clip(s)), e.log.cureName(s, ValueTypes()))
		return
	}
	v.kind = s
}

func (v *variable) readStart(f fields) {
	one, ok := f.byKey["start"]
	if !ok {
		return
	}
	s, good := one.str()
	if !good || v.kind == "" {
		return
	}
	value, fits := valueTypes()[v.kind].take(s)
	if !fits {
		f.log.add(one.here(), CodeBadValue, fmt.Sprintf("%s is %q, which is no %s", one.what, clip(s), v.kind), "write "+valueTypes()[v.kind].form)
		return
	}
	v.start, v.filled = value, true
}

// checkVariableName accepts what is a name in a condition, too.
func checkVariableName(e entry) bool {
	s := e.key
	good := s != "" && len(s) <= MaxName && s[0] >= 'a' && s[0] <= 'z'
	for _, r := range s {
		good = good && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_')
	}
	switch {
	case !good:
		e.log.add(e.at, CodeBadValue, fmt.Sprintf("%q cannot be the name of a variable", clip(s)),
			fmt.Sprintf("use small Latin letters, digits and _, a letter first, at most %d", MaxName))
	case slices.Contains(reservedWords(), s):
		good = false
		e.log.add(e.at, CodeBadValue, fmt.Sprintf("%q means something in conditions already", s), "give the variable another name")
	}
	return good
}

// variable reads a key that names a variable; nil when there is none of that name.
func (e entry) variable() *variable {
	s, ok := e.str()
	if !ok {
		return nil
	}
	return e.variableNamed(s)
}

func (e entry) variableNamed(s string) *variable {
	v := e.log.vars[s]
	if v == nil {
		e.log.add(e.here(), CodeUnknownVariable, fmt.Sprintf("%s names the variable %q, which is not declared", e.what, clip(s)),
			e.log.cureVariable(s))
	}
	return v
}

// cureVariable is the advice for a variable that there is not.
func (l *log) cureVariable(s string) string {
	if len(l.vars) == 0 {
		return "declare it at the top of the flow: vars: {account: digits}"
	}
	return l.cureName(s, slices.Sorted(maps.Keys(l.vars)))
}

// variables lists the flow's variables by name.
func (l *log) variables() []*variable {
	all := make([]*variable, 0, len(l.vars))
	for _, name := range slices.Sorted(maps.Keys(l.vars)) {
		all = append(all, l.vars[name])
	}
	return all
}

// value is what a variable is in a call; false while nothing has set it.
func (t *turn) value(name string) (string, bool) {
	if s, ok := t.state.Vars[name]; ok {
		return s, true
	}
	v := t.flow.vars[name]
	if v == nil || v.start == "" {
		return "", false
	}
	return v.start, true
}

// set gives a variable a value, unless it is none of its type.
func (t *turn) set(name, value string) bool {
	v := t.flow.vars[name]
	if v == nil {
		return false
	}
	good, ok := valueTypes()[v.kind].take(value)
	if !ok {
		return false
	}
	if t.state.Vars == nil {
		t.state.Vars = map[string]string{}
	}
	t.state.Vars[name] = good
	return true
}
