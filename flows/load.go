package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"slices"
	"strings"
)

// Load reads a flow file and checks it, also against what is known of the
// settings. It reports everything it finds in one run, sorted by line; the flow
// is nil when any finding is an error.
func Load(fsys fs.FS, name string, known Known) (*Flow, Findings) {
	l := newLog()
	l.known = known
	f := load(fsys, name, l)
	l.found.sort()
	if f == nil || l.found.HasErrors() {
		return nil, l.found
	}
	return f, l.found
}

func load(fsys fs.FS, name string, l *log) *Flow {
	own := readSystem(l)
	data, ok := readFile(fsys, name, l)
	if !ok {
		return nil
	}
	b := &builder{
		log: l, fsys: fsys, files: map[string]place{name: {}}, size: len(data), count: parts(data), hash: sha256.New(),
		flow:     &Flow{nodes: map[string]node{}, phrases: own, vars: l.vars, asks: l.asks, calendars: l.calendars, modes: map[string]Phrase{}},
		own:      set(slices.Collect(maps.Keys(own))),
		phraseAt: map[string]place{}, categoryAt: map[string]place{},
	}
	_, _ = b.hash.Write(data)
	b.readParts(name, data, 0)
	if len(b.parts) == 0 {
		return nil
	}
	b.build()
	_, _ = b.hash.Write(systemYAML)
	b.flow.id = b.flow.name + "@" + hex.EncodeToString(b.hash.Sum(nil)[:8])
	return b.flow
}

// builder puts a flow together from the keys of its files.
type builder struct {
	log   *log
	flow  *Flow
	fsys  fs.FS
	hash  hash.Hash        // of all files
	files map[string]place // those read, and where each is named; nowhere for the flow's own
	size  int              // of the files, in bytes
	count int              // of the files, in parts; see maxParts
	parts []part           // the flow's own file first
	own   map[string]bool  // ids of the program's phrases
	lost  []string         // nodes that are there but could not be read
	refs  []ref            // start, operator, goodbye
	meant map[string]bool  // nodes that something names, or nearly names

	phraseAt, categoryAt map[string]place // where each is given
}

func (b *builder) build() {
	top := b.parts[0].top
	if e, ok := top.need("flow", CodeMissingKey, "give the flow a name, such as flow: \"109\""); ok {
		b.flow.name, _ = e.str()
	}
	b.each("vars", "the variables", b.readVariables)
	b.each("calendars", "the calendars", b.readCalendars)
	b.each("categories", "the categories", b.readCategories)
	b.each("modes", `"modes" of the flow`, b.readModes)
	b.each("phrases", "the phrases", b.replacePhrases)
	if len(b.parts) == 1 {
		top.need("nodes", CodeDeadEnd, "add nodes: there is nothing for a caller to hear")
	}
	b.each("nodes", "the nodes", b.readNodes)
	b.flow.start = b.entrance("start", CodeMissingKey, "say at which node a call begins")
	b.flow.operator = b.entrance("operator", CodeNoOperator, "name the node of kind queue to which 0 leads")
	b.flow.goodbye = b.entrance("goodbye", CodeMissingKey, "name the node of kind end that closes a call")
	b.checkQueues()
	b.checkEntrances()
	b.checkRefs()
	b.checkGraph()
	b.checkVariables()
}

// each reads a key of all files that have it.
func (b *builder) each(key, what string, read func(entry)) {
	for _, p := range b.parts {
		if e, ok := p.top.byKey[key]; ok {
			e.what = what
			read(e)
		}
	}
}

// entrance reads a key at the top of the file that names a node.
func (b *builder) entrance(key string, code Code, cure string) string {
	r := b.parts[0].top.needTarget(key, code, cure)
	if r.name != "" {
		r.what = fmt.Sprintf("%q of the flow", key)
		b.refs = append(b.refs, r)
	}
	return r.name
}

func (b *builder) readNodes(e entry) {
	if n := len(e.value.Content) / 2; n > maxNodes {
		b.log.add(e.at, CodeTooBig, fmt.Sprintf("there are %d nodes, more than %d", n, maxNodes), "split the flow, or remove what is not a node")
		return
	}
	reserved := reservedNames(b.own)
	for _, one := range e.entries() {
		if first := b.flow.nodes[one.key]; first != nil {
			b.log.twice(one.at, fmt.Sprintf("node %q", clip(one.key)), first.head().at)
			continue
		}
		n := readNode(one)
		if n == nil {
			b.lost = append(b.lost, one.key)
			continue
		}
		if reserved[one.key] {
			b.log.add(one.at, CodeBadValue, fmt.Sprintf("%q is taken by the program's own phrases", one.key), "give the node another name")
		}
		b.flow.nodes[one.key] = n
		b.flow.order = append(b.flow.order, one.key)
		for _, p := range n.phrases() {
			if b.own[p.ID] {
				b.log.add(one.at, CodeBadValue, fmt.Sprintf("%q is a phrase of the program's own", p.ID), "give the node or its option another name")
			}
			b.flow.phrases[p.ID] = p
		}
	}
}

func (b *builder) readCategories(e entry) {
	for i, one := range e.entries() {
		one.what = fmt.Sprintf("category %q", clip(one.key))
		if !checkName(one.at, one.key, b.log) {
			continue
		}
		f := one.fields("name", "announce", "sub")
		c := Category{Code: one.key, Number: firstLevel(i)}
		c.Name = f.needPhrase("name", "write its name: name: {kk: …, ru: …}")
		c.Announce = f.needPhrase("announce", "write the word or two that the agent hears: announce: {kk: …, ru: …}")
		b.addCategory(c, one.at)
		if sub, ok := f.byKey["sub"]; ok {
			b.readSubcategories(sub, c)
		}
	}
}

func (b *builder) readSubcategories(e entry, parent Category) {
	for i, one := range e.entries() {
		code := parent.Code + "/" + one.key
		one.what = fmt.Sprintf("category %q", clip(code))
		if !checkName(one.at, one.key, b.log) {
			continue
		}
		f := one.fields("name", "announce")
		c := Category{Code: code, Announce: parent.Announce, Number: secondLevel(parent.Number, i)}
		c.Name = f.needPhrase("name", "write its name: name: {kk: …, ru: …}")
		if f.has("announce") {
			c.Announce = f.needPhrase("announce", "")
		}
		b.addCategory(c, one.at)
	}
}

func (b *builder) addCategory(c Category, at place) {
	if first, twice := b.categoryAt[c.Code]; twice {
		b.log.twice(at, fmt.Sprintf("category %q", clip(c.Code)), first)
		return
	}
	b.categoryAt[c.Code] = at
	b.log.categories = append(b.log.categories, c.Code)
	b.flow.categories = append(b.flow.categories, c)
	id := "category/" + c.Code
	b.flow.phrases[id] = Phrase{ID: id, Text: c.Announce}
	if strings.Contains(c.Code, "/") {
		b.flow.phrases[nameOf(c.Code)] = Phrase{ID: nameOf(c.Code), Text: c.Name}
	}
}

// needPhrase reads a key that must hold a text in both languages.
func (f fields) needPhrase(key, cure string) Text {
	e, ok := f.need(key, CodeMissingKey, cure)
	if !ok {
		return Text{}
	}
	t, _ := e.text()
	return t
}
