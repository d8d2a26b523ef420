package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// SingleQueue is the rules of waiting that are others in one queue.
type SingleQueue struct {
	Queue string
	Differs
}

var singleType = reflect.TypeFor[[]SingleQueue]()

// String shows the rules of a queue as the list of settings does.
func (s SingleQueue) String() string {
	texts := s.texts()
	parts := []string{"queue: " + s.Queue}
	for _, key := range singleKeys()[1:] {
		if text := *texts[key]; text != "" {
			parts = append(parts, key+": "+text)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// singleKeys are the keys of one queue's rules, in the order of the sample.
func singleKeys() []string {
	return []string{
		"queue", "ring_timeout", "announce_every", "other_language_after", "capacity", "longest_wait",
		"choose", "ring_at_once", "place_kept",
	}
}

// single reads the list of single queues.
func (f *fileReader) single(s setting, node *yaml.Node) (any, bool) {
	if node.Kind != yaml.SequenceNode || node.ShortTag() != "!!seq" {
		f.wrong(node, s.key, "must be a list", `write it as - {queue: police, choose: ring-all}`)
		return nil, false
	}
	all, ok := make([]SingleQueue, 0, len(node.Content)), true
	for _, item := range node.Content {
		var one SingleQueue
		to := one.texts()
		to["queue"] = &one.Queue
		ok = f.texts(s, item, "queue", singleKeys(), to) && ok
		all = append(all, one)
	}
	return all, ok
}

// texts reads a mapping of texts: one item of a list of what it is called.
func (f *fileReader) texts(s setting, node *yaml.Node, what string, keys []string, to map[string]*string) (ok bool) {
	known := "known: " + strings.Join(keys, ", ")
	if node.Kind != yaml.MappingNode || node.ShortTag() != "!!map" {
		f.wrong(node, s.key, "each "+what+" must hold keys", known)
		return false
	}
	ok = true
	for i := 0; i+1 < len(node.Content); i += 2 {
		key := node.Content[i]
		field, is := to[key.Value]
		if !is || key.Kind != yaml.ScalarNode {
			cure := known
			if near := nearest(key.Value, keys); near != "" {
				cure = fmt.Sprintf("did you mean %q?", near)
			}
			f.note(key.Line, key.Column, "", "unknown key "+quote(join(s.key, key.Value)), cure)
			ok = false
			continue
		}
		if *field != "" {
			f.wrong(key, join(s.key, key.Value), "is set twice", "keep one of them")
			ok = false
		}
		text, good := f.text(s, node.Content[i+1])
		*field, ok = text, ok && good
	}
	return ok
}

// checkSingle checks the rules of each queue, in every mode.
func (l *loading) checkSingle() {
	const key = "queue.single"
	seen := map[string]bool{}
	for _, s := range l.settings.Queue.Single {
		switch {
		case !slices.Contains(l.settings.Queues, s.Queue):
			l.problem(key, "there is no queue "+quote(s.Queue), "choose one of those under queues: "+strings.Join(l.settings.Queues, ", "))
			continue
		case seen[s.Queue]:
			l.problem(key, "queue "+s.Queue+" stands there twice", "keep one")
			continue
		}
		seen[s.Queue] = true
		rules, wrong := l.settings.Queue.with(s.Differs)
		for name, err := range wrong {
			l.problem(key+"."+name, s.Queue+": "+err.Error(), "")
		}
		if len(wrong) == 0 {
			l.checkRules(key+".", rules)
		}
	}
}
