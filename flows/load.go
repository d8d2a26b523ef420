package flows

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
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
	root := parse(name, data, l)
	if root == nil {
		return nil
	}
	e := newEntry(name, nil, root, l)
	e.what = "the flow"
	top := e.fields("flow", "start", "operator", "goodbye", "vars", "categories", "phrases", "nodes")
	b := &builder{log: l, flow: &Flow{nodes: map[string]node{}, phrases: own, vars: l.vars}, own: map[string]bool{}, top: top}
	for id := range own {
		b.own[id] = true
	}
	b.build()
	sum := sha256.Sum256(append(data, systemYAML...))
	b.flow.id = b.flow.name + "@" + hex.EncodeToString(sum[:8])
	return b.flow
}

// builder puts a flow together from the keys of its file.
type builder struct {
	log   *log
	flow  *Flow
	top   fields
	own   map[string]bool // ids of the program's phrases
	lost  []string        // nodes that are there but could not be read
	refs  []ref           // start, operator, goodbye
	meant map[string]bool // nodes that something names, or nearly names
}

func (b *builder) build() {
	if e, ok := b.top.need("flow", CodeMissingKey, "give the flow a name, such as flow: \"109\""); ok {
		b.flow.name, _ = e.str()
	}
	if e, ok := b.top.byKey["vars"]; ok {
		e.what = "the variables"
		b.readVariables(e)
	}
	if e, ok := b.top.byKey["categories"]; ok {
		e.what = "the categories"
		b.readCategories(e)
	}
	if e, ok := b.top.byKey["phrases"]; ok {
		e.what = "the phrases"
		b.replacePhrases(e)
	}
	if e, ok := b.top.need("nodes", CodeDeadEnd, "add nodes: there is nothing for a caller to hear"); ok {
		e.what = "the nodes"
		b.readNodes(e)
	}
	b.flow.start = b.entrance("start", CodeMissingKey, "say at which node a call begins")
	b.flow.operator = b.entrance("operator", CodeNoOperator, "name the node of kind queue to which 0 leads")
	b.flow.goodbye = b.entrance("goodbye", CodeMissingKey, "name the node of kind end that closes a call")
	b.checkEntrances()
	b.checkRefs()
	b.checkGraph()
}

// entrance reads a key at the top of the file that names a node.
func (b *builder) entrance(key string, code Code, cure string) string {
	r := b.top.needTarget(key, code, cure)
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
	for _, one := range e.entries() {
		one.what = fmt.Sprintf("category %q", clip(one.key))
		if !checkName(one.at, one.key, b.log) {
			continue
		}
		f := one.fields("name", "announce", "sub")
		c := Category{Code: one.key}
		c.Name = f.needPhrase("name", "write its name: name: {kk: …, ru: …}")
		c.Announce = f.needPhrase("announce", "write the word or two that the agent hears: announce: {kk: …, ru: …}")
		b.addCategory(c)
		if sub, ok := f.byKey["sub"]; ok {
			b.readSubcategories(sub, c)
		}
	}
}

func (b *builder) readSubcategories(e entry, parent Category) {
	for _, one := range e.entries() {
		code := parent.Code + "/" + one.key
		one.what = fmt.Sprintf("category %q", clip(code))
		if !checkName(one.at, one.key, b.log) {
			continue
		}
		f := one.fields("name", "announce")
		c := Category{Code: code, Announce: parent.Announce}
		c.Name = f.needPhrase("name", "write its name: name: {kk: …, ru: …}")
		if f.has("announce") {
			c.Announce = f.needPhrase("announce", "")
		}
		b.addCategory(c)
	}
}

func (b *builder) addCategory(c Category) {
	b.flow.categories = append(b.flow.categories, c)
	id := "category/" + c.Code
	b.flow.phrases[id] = Phrase{ID: id, Text: c.Announce}
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
