package flows

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// entry is one "key: value" of a file. key is empty for an item of a list.
type entry struct {
	file  string
	key   string
	what  string // how a person would call it: `node "topics"`
	at    place  // of the key
	value *yaml.Node
	log   *log
}

// fields are the entries of a mapping with a fixed set of keys.
type fields struct {
	entry
	byKey map[string]entry
}

func newEntry(file string, key, value *yaml.Node, l *log) entry {
	e := entry{file: file, value: value, log: l, at: place{file, value.Line, value.Column}}
	if key != nil {
		e.key, e.at = key.Value, place{file, key.Line, key.Column}
	}
	return e
}

// here is where the value stands.
func (e entry) here() place { return place{e.file, e.value.Line, e.value.Column} }

// form is what the value is, in a person's words.
func (e entry) form() string {
	switch e.value.Kind {
	case yaml.MappingNode:
		return "a set of keys"
	case yaml.SequenceNode:
		return "a list"
	default:
		if e.value.Tag == "!!null" {
			return "empty"
		}
		return fmt.Sprintf("%q", clip(e.value.Value))
	}
}

func (e entry) wrongType(want, cure string) {
	e.log.add(e.here(), CodeWrongType, fmt.Sprintf("%s must be %s, but is %s", e.what, want, e.form()), cure)
}

// entries reads a mapping whose keys the author chooses.
func (e entry) entries() []entry {
	if e.value.Kind != yaml.MappingNode {
		e.wrongType("a set of keys", `write "key: value" lines under it`)
		return nil
	}
	all := make([]entry, 0, len(e.value.Content)/2)
	first := make(map[string]int, len(e.value.Content)/2)
	for i := 0; i+1 < len(e.value.Content); i += 2 {
		key, value := e.value.Content[i], e.value.Content[i+1]
		one := newEntry(e.file, key, value, e.log)
		one.what = fmt.Sprintf("%s of %s", strconv.Quote(clip(one.key)), e.what)
		line, twice := first[one.key]
		switch {
		case key.Kind != yaml.ScalarNode:
			e.log.add(one.at, CodeWrongType, "a key must be a plain word here", "write a name before the colon")
		case key.Tag == "!!merge":
			e.log.add(one.at, CodeForbidden, "<< copies keys from elsewhere", "write the keys out: a flow has no merging")
		case twice:
			e.log.add(one.at, CodeDuplicate, fmt.Sprintf("%s is given twice, first in line %d", one.what, line), "remove one of the two")
		default:
			first[one.key] = one.at.line
			all = append(all, one)
		}
	}
	return all
}

// peek finds one key of a mapping before it is known what else it may hold.
func (e entry) peek(key string) (entry, bool) {
	if e.value.Kind != yaml.MappingNode {
		return entry{}, false
	}
	for i := 0; i+1 < len(e.value.Content); i += 2 {
		if e.value.Content[i].Kind == yaml.ScalarNode && e.value.Content[i].Value == key {
			one := newEntry(e.file, e.value.Content[i], e.value.Content[i+1], e.log)
			one.what = fmt.Sprintf("%q of %s", key, e.what)
			return one, true
		}
	}
	return entry{}, false
}

// fields reads a mapping that has the given keys and no others.
func (e entry) fields(known ...string) fields {
	f := fields{entry: e, byKey: map[string]entry{}}
	for _, one := range e.entries() {
		if !slices.Contains(known, one.key) {
			e.log.add(one.at, CodeUnknownKey, fmt.Sprintf("%s has no key %q", e.what, clip(one.key)), e.log.cureName(one.key, known))
			continue
		}
		f.byKey[one.key] = one
	}
	return f
}

// items reads a list.
func (e entry) items() []entry {
	if e.value.Kind != yaml.SequenceNode {
		e.wrongType("a list", `write "- " before each item`)
		return nil
	}
	all := make([]entry, 0, len(e.value.Content))
	for i, n := range e.value.Content {
		one := newEntry(e.file, nil, n, e.log)
		one.what = fmt.Sprintf("item %d of %s", i+1, e.what)
		all = append(all, one)
	}
	return all
}

// str reads a plain text.
func (e entry) str() (string, bool) {
	if e.value.Kind != yaml.ScalarNode || e.value.Tag == "!!null" {
		e.wrongType("a text", "write it after the colon, in quotes where it has a colon of its own")
		return "", false
	}
	return strings.TrimSpace(e.value.Value), true
}

// truth reads true or false.
func (e entry) truth() bool {
	if e.value.Kind != yaml.ScalarNode || e.value.Tag != "!!bool" {
		e.wrongType("true or false", "write true or false")
		return false
	}
	b, err := strconv.ParseBool(strings.ToLower(e.value.Value))
	return err == nil && b
}

// has reports whether the key is given.
func (f fields) has(key string) bool { _, ok := f.byKey[key]; return ok }

// need returns the entry of a key, or reports that it is missing.
func (f fields) need(key string, code Code, cure string) (entry, bool) {
	e, ok := f.byKey[key]
	if !ok && f.value.Kind == yaml.MappingNode {
		f.log.add(f.at, code, fmt.Sprintf("%s has no %q", f.what, key), cure)
	}
	return e, ok
}

// name reads a short name that may stand in a file name and a log.
func (e entry) name() (string, bool) {
	s, ok := e.str()
	if !ok {
		return "", false
	}
	return s, checkName(e.here(), s, e.log)
}

// checkName accepts small Latin letters, digits and dashes.
func checkName(at place, s string, l *log) bool {
	good := s != "" && len(s) <= MaxName && s[0] >= 'a' && s[0] <= 'z'
	for _, r := range s {
		good = good && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-')
	}
	if !good {
		l.add(at, CodeBadValue, fmt.Sprintf("%q cannot be a name", clip(s)),
			fmt.Sprintf("use small Latin letters, digits and dashes, a letter first, at most %d", MaxName))
	}
	return good
}

// clip shortens what an author wrote to what fits in a message.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// span reads a length of time, such as 20s or 2m, within two limits.
func (e entry) span(least, most time.Duration) time.Duration {
	s, ok := e.str()
	if !ok {
		return least
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < least || d > most {
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s is %q, which is no time that can be used", e.what, clip(s)),
			fmt.Sprintf("write from %s to %s", short(least), short(most)))
		return least
	}
	return d
}

// short writes a length of time as a person would: 2m for 2m0s.
func short(d time.Duration) string {
	return strings.TrimSuffix(d.String(), "m0s") + map[bool]string{true: "m"}[strings.HasSuffix(d.String(), "m0s")]
}

// count reads a whole number within two limits.
func (e entry) count(least, most int) int {
	s, ok := e.str()
	if !ok {
		return least
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < least || n > most {
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s is %q", e.what, clip(s)), fmt.Sprintf("write a number from %d to %d", least, most))
		return least
	}
	return n
}
