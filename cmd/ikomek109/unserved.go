package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"ikomek109/asterisk"
	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

// A caller who asks about what no agent knows, or speaks a language that none
// does, waits in vain whatever the agents do: that is told before they call.

// unserved tells of which callers of a menu nobody on the roster can serve; nothing
// while there is nobody on it. Who presses 0 may ask about anything.
func unserved(menu *flows.Flow, s config.Settings, agents []queue.Agent) (found []string) {
	if menu == nil || len(agents) == 0 {
		return nil
	}
	for _, name := range menu.Queues() {
		serve := slices.DeleteFunc(slices.Clone(agents), func(a queue.Agent) bool { return !has(a.Queues, name) })
		if len(serve) == 0 {
			found = append(found, fmt.Sprintf("nobody serves the queue %s", name))
			continue
		}
		var without []string
		if name == menu.OperatorQueue() {
			without = topicsWithout(menu, serve)
		}
		if !menu.OtherLanguage(name) || s.Queue.OtherLanguageAfter == 0 {
			without = append(without, languagesWithout(serve)...)
		}
		if len(without) > 0 {
			found = append(found, fmt.Sprintf("of those who serve the queue %s nobody has %s", name, strings.Join(without, ", ")))
		}
	}
	return found
}

// has tells whether a list names something; an empty one means everything.
func has(list []string, one string) bool { return len(list) == 0 || slices.Contains(list, one) }

// topicsWithout are the topics that none of some agents knows.
func topicsWithout(menu *flows.Flow, agents []queue.Agent) (without []string) {
	for _, category := range menu.Categories() {
		topic, _, second := strings.Cut(category.Code, "/")
		if !second && !slices.ContainsFunc(agents, func(a queue.Agent) bool { return has(a.Topics, topic) }) {
			without = append(without, topic)
		}
	}
	return without
}

// languagesWithout are the languages that none of some agents speaks.
func languagesWithout(agents []queue.Agent) (without []string) {
	for _, l := range flows.Languages() {
		if !slices.ContainsFunc(agents, func(a queue.Agent) bool { return slices.Contains(a.Languages, l) }) {
			without = append(without, string(l))
		}
	}
	return without
}

// giveSkills is the cure for callers whom nobody can serve.
const giveSkills = "give agents the queues, topics and languages: `ikomek109 agent edit NAME --help`"

// warnUnserved tells the log of callers whom nobody can serve.
func (o *serviceOptions) warnUnserved(ctx context.Context) {
	agents, _, err := o.store.Staff().Agents(ctx)
	if err != nil {
		o.log.Debug("the agents' skills were not looked at", "err", err)
	}
	for _, why := range unserved(o.menus.Flow(), o.settings, agents) {
		o.log.Warn("callers wait in vain", "why", why, "cure", giveSkills)
	}
}

// checkAgents looks whether every caller of the live menu can be served.
func checkAgents(ctx context.Context, s config.Settings) asterisk.Finding {
	f := asterisk.Finding{Name: "agents", OK: true, Cure: giveSkills}
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, ReadOnly: true})
	if err != nil { // why is said by the check of the store
		f.Detail = "not looked at: the store cannot be read"
		return f
	}
	defer store.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	agents, _, err := store.Staff().Agents(ctx)
	if err != nil {
		f.Detail = "not looked at: " + err.Error()
		return f
	}
	f.Detail = fmt.Sprintf("%d on the roster, who can serve every caller of the menu", len(agents))
	if len(agents) == 0 {
		f.Detail = "nobody is on the roster: callers wait until `ikomek109 agent add` puts somebody there"
	}
	if found := unserved(liveOrDisk(ctx, s), s, agents); len(found) > 0 {
		f.OK, f.Detail = false, strings.Join(found, "; ")+": such callers wait in vain"
	}
	return f
}
