package flows

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

func callbackResults() []string {
	return []string{string(CallbackTaken), string(CallbackAlready), string(CallbackFailed)}
}

// maxGiven bounds the numbers of what is given.
const maxGiven = 1_000_000

// givenWorld reads what conditions and services answer in a case.
func (r *suiteReader) givenWorld(f fields, g *Given) {
	if one, ok := f.byKey["calls_today"]; ok {
		g.Env.CallsToday = one.count(0, maxGiven)
	}
	if one, ok := f.byKey["caller_known"]; ok {
		g.Env.CallerKnown = one.truth()
	}
	if one, ok := f.byKey["queues"]; ok {
		g.Env.Queue = r.givenQueues(one)
	}
	if one, ok := f.byKey["demand"]; ok {
		g.Env.Demand = r.givenDemand(one)
	}
	if one, ok := f.byKey["vars"]; ok {
		g.Start.Vars = r.givenVars(one)
	}
	if one, ok := f.byKey["lookups"]; ok {
		g.Start.Answers.Lookups = r.givenLookups(one)
	}
	if one, ok := f.byKey["callback"]; ok {
		g.Start.Answers.Callback = CallbackResult(r.known(one, namesOf(callbackResults()...), CodeBadValue))
	}
	if one, ok := f.byKey["message"]; ok {
		g.Start.Answers.Message = r.known(one, namesOf("kept", OnFailed), CodeBadValue)
	}
}

func (r *suiteReader) givenQueues(e entry) func(string) QueueState {
	all := map[string]QueueState{}
	for _, one := range e.entries() {
		f := one.fields(queueFields()...)
		n := func(key string) int {
			if number, ok := f.byKey[key]; ok {
				return number.count(0, maxGiven)
			}
			return 0
		}
		all[one.key] = QueueState{Waiting: n("waiting"), Free: n("free"), OnDuty: n("on_duty"), Wait: time.Duration(n("wait")) * time.Minute}
	}
	return func(name string) QueueState { return all[name] }
}

func (r *suiteReader) givenDemand(e entry) func(string) map[string]int {
	all := map[string]map[string]int{}
	for _, menu := range e.entries() {
		n, ok := r.suite.flow.nodes[menu.key].(*menuNode)
		if !ok {
			e.log.add(menu.at, CodeUnknownTarget, fmt.Sprintf("%s names %q, which is no menu", e.what, clip(menu.key)), e.log.cureName(menu.key, r.nodes.list))
			continue
		}
		all[menu.key] = map[string]int{}
		ids := map[string]string{}
		for _, o := range n.options {
			ids[o.id] = o.name
		}
		for _, one := range menu.entries() {
			if _, known := ids[one.key]; !known {
				e.log.add(one.at, CodeUnknownTarget, fmt.Sprintf("%s is no option of the menu", one.what), e.log.cureName(one.key, slices.Sorted(maps.Keys(ids))))
				continue
			}
			all[menu.key][ids[one.key]] = one.count(0, maxGiven)
		}
	}
	return func(menu string) map[string]int { return all[menu] }
}

// givenVars reads variables and their values.
func (r *suiteReader) givenVars(e entry) map[string]string {
	all := map[string]string{}
	for _, one := range e.entries() {
		v := r.suite.flow.vars[one.key]
		s, ok := one.str()
		switch {
		case v == nil:
			e.log.add(one.at, CodeUnknownVariable, fmt.Sprintf("%s names the variable %q, which is not declared", e.what, clip(one.key)), e.log.cureName(one.key, slices.Sorted(maps.Keys(r.suite.flow.vars))))
		case !ok:
		default:
			all[v.name] = s
			if _, fits := valueTypes()[v.kind].take(s); !fits && s != none {
				e.log.add(one.here(), CodeBadValue, fmt.Sprintf("%s is %q, which is no %s", one.what, clip(s), v.kind), "write "+valueTypes()[v.kind].form)
			}
		}
	}
	return all
}

// givenLookups reads what lookups find, by node.
func (r *suiteReader) givenLookups(e entry) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, one := range e.entries() {
		if _, ok := r.suite.flow.nodes[one.key].(*lookupNode); !ok {
			e.log.add(one.at, CodeUnknownTarget, fmt.Sprintf("%s names %q, which is no lookup", e.what, clip(one.key)), e.log.cureName(one.key, r.nodes.list))
			continue
		}
		if one.value.Value == OnFailed {
			continue
		}
		all[one.key] = r.givenVars(one)
	}
	return all
}

// values reads the variables that are expected, as name=value.
func (r *suiteReader) values(e entry) []string {
	var all []string
	for name, value := range r.givenVars(e) {
		all = append(all, name+"="+value)
	}
	slices.Sort(all)
	if len(all) == 0 {
		e.log.add(e.here(), CodeMissingKey, e.what+" lists nothing, so it can never fail", "name what is expected, or remove it")
	}
	return all
}
