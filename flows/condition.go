package flows

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// condition is a question about the call and the world that is answered by yes
// or no, in the language of expr-lang.org, of which only this is taken:
//
//	==  !=  <  <=  >  >=  in [...]  and  or  not  +  -  *  /  %  ( )
//	contains  startsWith  endsWith
//
// and which may ask for:
//
//	mode            "daily", "heightened" or "emergency"
//	language        "kk" or "ru"; "kk" until the caller chooses
//	category        the topic, such as "utilities/water"; "" while unknown
//	time            of day, as "08:30"; compare it with such
//	date            as "2026-12-16"
//	hour, minute    0 to 23, 0 to 59
//	weekday         1 (Monday) to 7
//	open("office")  whether a calendar of the flow is open now
//	queue("main")   how a queue stands: .waiting callers, .free agents, .on_duty
//	                agents, .wait in minutes, rounded up, 0 when it cannot be told
//	calls_today     how often this number has called today, this call included
//	caller_known    whether the caller's number is known
//
// and for the flow's variables by name: those that count are numbers, 0 while
// unset, the others texts, "" while unset. All times are the city's.
//
//	mode == "emergency" and queue("main").waiting > 20
//	not open("office") or time >= "18:00"
//
// There are no loops and no other functions, so that working one out takes
// microseconds. One that fails, such as by a division by zero, counts as false.
type condition struct {
	text    string
	program *vm.Program
}

// Limits of conditions.
const (
	maxCondition      = 300  // characters
	maxConditionNodes = 100  // names, values and signs
	maxConditions     = 1000 // of one flow
)

// queueView is what queue("main") gives in a condition.
type queueView struct {
	Waiting int `expr:"waiting"`
	Free    int `expr:"free"`
	OnDuty  int `expr:"on_duty"`
	Wait    int `expr:"wait"`
}

// world is what conditions may ask for, by name.
type world map[string]any

// reservedWords are those that mean something in a condition.
func reservedWords() []string {
	words := slices.Sorted(maps.Keys(emptyWorld(nil)))
	return append(words, "in", "not", "and", "or", "if", "else", "let", "true", "false", "nil", "matches", "contains", "startsWith", "endsWith")
}

// emptyWorld has everything a condition may ask for, at its zero.
func emptyWorld(vars map[string]*variable) world {
	w := world{
		"mode": "", "language": "", "category": "", "time": "", "date": "",
		"hour": 0, "minute": 0, "weekday": 0, "calls_today": 0, "caller_known": false,
		"open":  func(string) bool { return false },
		"queue": func(string) queueView { return queueView{} },
	}
	for name, v := range vars {
		w[name] = v.in("")
	}
	return w
}

// in is a value of the variable as conditions see it.
func (v *variable) in(value string) any {
	if !valueTypes()[v.kind].number {
		return value
	}
	n := 0
	for _, r := range value {
		n = n*10 + int(r-'0')
	}
	return n
}

// condition reads one; nil when it cannot be worked out.
func (e entry) condition() *condition {
	s, ok := e.str()
	if !ok {
		return nil
	}
	s = strings.Join(strings.Fields(s), " ")
	if e.log.conditions++; e.log.conditions > maxConditions {
		if e.log.conditions == maxConditions+1 {
			e.log.add(e.here(), CodeTooBig, fmt.Sprintf("there are more than %d conditions", maxConditions), "put some of them together")
		}
		return nil
	}
	if len(s) > maxCondition {
		e.log.add(e.here(), CodeCondition, fmt.Sprintf("%s is longer than %d characters", e.what, maxCondition), "split it into two cases")
		return nil
	}
	c := &condition{text: s}
	tree, err := parser.Parse(s)
	if err != nil {
		e.addConditionError(s, err)
		return nil
	}
	r := &conditionReader{entry: e, text: s}
	if r.read(tree.Node); r.failed {
		return nil
	}
	c.program, err = expr.Compile(s, expr.Env(map[string]any(emptyWorld(e.log.vars))), expr.AsBool(), expr.DisableAllBuiltins(), expr.MaxNodes(maxConditionNodes))
	if err != nil {
		e.addConditionError(s, err)
		return nil
	}
	for _, one := range r.asked {
		e.log.asks[one] = true
	}
	r.checkAlways(c)
	return c
}

// addConditionError reports what the expression language did not take.
func (e entry) addConditionError(s string, err error) {
	at, message := e.here(), err.Error()
	var one *file.Error
	if errors.As(err, &one) {
		at, message = e.within(s, one.From), one.Message
	}
	message, _, _ = strings.Cut(message, "\n")
	cure := "see what conditions can ask for in the description of switch; texts stand in double quotes: mode == \"daily\""
	switch {
	case strings.Contains(message, "expected bool"):
		message, cure = "it is no question with yes or no for an answer", "compare it with something, such as calls_today > 3"
	case strings.Contains(message, `Operator("=")`):
		message, cure = "a single = asks nothing", "write =="
	case strings.Contains(message, "token EOF"):
		message, cure = "it ends too early", "complete it; where it has a # or a colon, put the whole of it in single quotes"
	}
	e.log.add(at, CodeCondition, fmt.Sprintf("%s cannot be understood: %s", e.what, clip(message)), cure)
}

// within is where a part of a one-line value stands; the value itself where it
// is not written in one line as it is.
func (e entry) within(s string, offset int) place {
	at := e.here()
	switch {
	case e.value.Value != s:
	case e.value.Style == 0:
		at.column += offset
	case !strings.ContainsAny(s, `"'\`):
		at.column += 1 + offset
	}
	return at
}

// holds works the condition out.
func (c *condition) holds(w world) (bool, error) {
	out, err := expr.Run(c.program, map[string]any(w))
	if err != nil {
		return false, fmt.Errorf("work out %q: %w", c.text, err)
	}
	yes, ok := out.(bool)
	if !ok {
		return false, fmt.Errorf("work out %q: it gives %T", c.text, out)
	}
	return yes, nil
}
