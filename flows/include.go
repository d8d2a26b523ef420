package flows

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// part is one file of a flow: its own, or one that it includes.
type part struct {
	name string
	top  fields
}

// Limits of a flow in several files.
const (
	// MaxFiles bounds the files of a flow, calendars among them.
	MaxFiles = 64
	// maxIncludeDepth bounds how deep one file includes another.
	maxIncludeDepth = 8
)

// keys of the file of a flow, and of one that is included: a partner keeps up
// what is said, and not where a call begins.
func flowKeys() []string {
	return append([]string{"flow", "start", "operator", "goodbye", "modes"}, partKeys()...)
}

func partKeys() []string {
	return []string{"include", "vars", "calendars", "categories", "phrases", "nodes"}
}

// readParts reads a file and those that it includes, each once, in their order.
func (b *builder) readParts(name string, data []byte, depth int) {
	root := parse(name, data, b.log)
	if root == nil {
		return
	}
	e := newEntry(name, nil, root, b.log)
	e.what = "the flow"
	keys := flowKeys()
	if depth > 0 {
		e.what, keys = fmt.Sprintf("the included file %q", clip(name)), partKeys()
	}
	p := part{name, e.fields(keys...)}
	b.parts = append(b.parts, p)
	list, ok := p.top.byKey["include"]
	if !ok {
		return
	}
	for _, one := range list.items() {
		if depth >= maxIncludeDepth {
			b.log.add(one.here(), CodeInclude, fmt.Sprintf("%s is more than %d files deep", one.what, maxIncludeDepth), "include it from the flow's own file")
			continue
		}
		if name, data, ok := b.open(one); ok {
			b.readParts(name, data, depth+1)
		}
	}
}

// open reads the file that an entry names, relative to its own. It must lie
// beside it or below, and be a part of the flow only once.
func (b *builder) open(e entry) (name string, data []byte, ok bool) {
	s, good := e.str()
	if !good {
		return "", nil, false
	}
	name = path.Join(path.Dir(e.file), s)
	switch line, twice := b.files[name]; {
	case s == "" || path.IsAbs(s) || strings.Contains(s, "\\") || !fs.ValidPath(name) || outside(path.Dir(e.file), name):
		b.log.add(e.here(), CodeInclude, fmt.Sprintf("%s is %q, which is not beside this file or below it", e.what, clip(s)), "write it as partners/water.yaml, with no .. and no / before it")
	case twice:
		b.log.add(e.here(), CodeInclude, fmt.Sprintf("%s is %q, which is a part of the flow already%s", e.what, clip(s), line.before()), "name each file once")
	case len(b.files) >= MaxFiles:
		b.log.add(e.here(), CodeInclude, fmt.Sprintf("the flow has more than %d files", MaxFiles), "put some of them together")
	default:
		b.files[name] = e.here()
		data, ok = b.readFile(e, name)
	}
	return name, data, ok
}

// outside tells whether a file is neither in a folder nor below it.
func outside(dir, name string) bool {
	return dir != "." && !strings.HasPrefix(name, dir+"/")
}

// before tells where a file was named first.
func (p place) before() string {
	if p.line == 0 {
		return ": it is the flow's own"
	}
	return fmt.Sprintf(": see %s, line %d", p.file, p.line)
}

// readFile reads a file that an entry names. All files of a flow together may
// have as many bytes as one.
func (b *builder) readFile(e entry, name string) ([]byte, bool) {
	l := newLog()
	data, ok := readFile(b.fsys, name, l)
	for _, f := range l.found {
		b.log.add(e.here(), CodeInclude, fmt.Sprintf("%q cannot be included: %s", clip(name), f.Message), f.Cure)
	}
	if b.size += len(data); ok && b.size > MaxFile {
		b.log.add(e.here(), CodeTooBig, fmt.Sprintf("the flow's files are larger than %d MB together", MaxFile>>20), "remove what is not a flow")
		return nil, false
	}
	if b.count += parts(data); ok && b.count > maxParts {
		b.log.add(e.here(), CodeTooBig, fmt.Sprintf("the flow's files have more than %d keys, values and items in them", maxParts), "remove what is not a flow")
		return nil, false
	}
	_, _ = fmt.Fprintf(b.hash, "\x00%s\x00%d\x00", name, len(data))
	_, _ = b.hash.Write(data)
	return data, ok
}
