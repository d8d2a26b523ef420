package flows

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
	"go.yaml.in/yaml/v4/plugin/loaderlimits"
)

// readFile reads at most MaxFile bytes of a file.
func readFile(fsys fs.FS, name string, l *log) ([]byte, bool) {
	at := place{file: name}
	f, err := fsys.Open(name)
	if err != nil {
		l.add(at, CodeUnreadable, "the file cannot be opened: "+withoutPath(err), "check its name and that it may be read")
		return nil, false
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, MaxFile+1))
	if err != nil {
		l.add(at, CodeUnreadable, "the file cannot be read: "+withoutPath(err), "check that it is a file and may be read")
		return nil, false
	}
	if len(data) > MaxFile {
		l.add(at, CodeTooBig, fmt.Sprintf("the file is larger than %d MB", MaxFile>>20), "split it, or remove what is not a flow")
		return nil, false
	}
	return data, true
}

// withoutPath is an error's text without the name of the file, which the
// finding tells already.
func withoutPath(err error) string {
	var one *fs.PathError
	if errors.As(err, &one) {
		return one.Err.Error()
	}
	return err.Error()
}

// parse turns the bytes of one file into its YAML tree. What a flow must not
// use is reported; the tree is nil when there is nothing to go on with.
func parse(name string, data []byte, l *log) *yaml.Node {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !checkEncoding(name, data, l) {
		return nil
	}
	if parts(data) > maxParts {
		l.add(place{file: name, line: 1, column: 1}, CodeTooBig, fmt.Sprintf("the file has more than %d keys, values and items in it", maxParts), "split it, or remove what is not a flow")
		return nil
	}
	var doc yaml.Node
	err := yaml.Load(data, &doc, yaml.WithPlugin(loaderlimits.New(loaderlimits.DepthValue(maxDepth))))
	if err != nil {
		addLoadError(name, err, l)
		return nil
	}
	if len(doc.Content) == 0 || doc.Content[0].Tag == "!!null" {
		l.add(place{file: name, line: 1, column: 1}, CodeEmpty, "the file is empty", "write a flow into it, or remove it")
		return nil
	}
	if !checkTree(name, doc.Content[0], l) {
		return nil
	}
	return doc.Content[0]
}

// parts is at least the number of keys, values and items in a YAML text, told
// by the signs that part them. Sentences have such signs too, but few.
func parts(data []byte) int {
	n := 0
	for _, c := range data {
		switch c {
		case ':', '?':
			n += 2
		case ',', '-', '[', '{':
			n++
		}
	}
	return n
}

// checkEncoding accepts UTF-8 without control characters.
func checkEncoding(name string, data []byte, l *log) bool {
	line, column := 1, 1
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		at := place{name, line, column}
		switch {
		case r == utf8.RuneError && size <= 1:
			l.add(at, CodeEncoding, "the text is not UTF-8 here", "save the file as UTF-8")
			return false
		case r == '\n':
			line, column = line+1, 0
		case mute(r):
			addMute(at, r, l)
			return false
		}
		column++
		i += size
	}
	return true
}

// mute tells of a character that cannot be read out, and may do harm where a
// text is shown.
func mute(r rune) bool {
	return unicode.IsControl(r) && r != '\t' && r != '\r' && r != '\n' || r == utf8.RuneError || r == '\u2028' || r == '\u2029'
}

func addMute(at place, r rune, l *log) {
	l.add(at, CodeEncoding, fmt.Sprintf("there is a character here that cannot be read out (U+%04X)", r), "delete it")
}

// addLoadError reports what the YAML parser did not take.
func addLoadError(name string, err error, l *log) {
	at, from := place{file: name, line: 1, column: 1}, place{}
	message := err.Error()
	var one *yaml.LoadError
	if errors.As(err, &one) {
		message = one.Message
		if one.Mark.Line > 0 {
			at.line, at.column = one.Mark.Line, max(1, one.Mark.Column)
		}
		if one.ContextMark.Line > 0 {
			from = place{name, one.ContextMark.Line, max(1, one.ContextMark.Column)}
		}
	}
	has := func(part string) bool { return strings.Contains(message, part) }
	switch {
	case has("no documents"):
		l.add(at, CodeEmpty, "the file is empty", "write a flow into it, or remove it")
	case has("multiple"):
		l.add(at, CodeForbidden, "the file holds more than one document", `remove the lines "---" within it`)
	case has("depth"):
		l.add(at, CodeTooBig, fmt.Sprintf("the file is nested deeper than %d levels", maxDepth), "write it flatter: a flow needs seven")
	case has("end of stream") && from.line > 0:
		l.add(from, CodeSyntax, "what is opened here is never closed", "close the quote or bracket")
	case has("expected alphabetic or numeric"):
		l.add(at, CodeSyntax, "no value can begin with * or & alone", "put it in quotes; in a test, write star for the key *")
	case has("cannot start any token"):
		l.add(at, CodeSyntax, "no value can begin like this", "indent with spaces, not tabs; put quotes around a text that begins with a sign such as % or @")
	case has("expected key") || has("expected '-'"):
		l.add(at, CodeSyntax, "the indentation does not fit the lines above", "let the line begin below the key that it belongs beside")
	case has("mapping values are not allowed"):
		l.add(at, CodeSyntax, "there is a colon where none can be", "put the whole text in quotes if the colon belongs to it; if not, let the line begin below the key that it belongs beside")
	default:
		l.add(at, CodeSyntax, "this is not YAML: "+strings.TrimPrefix(message, "yaml: "), "look at the indentation, quotes and colons here and in the line above")
	}
}

// checkTree refuses YAML that can hide what a flow says or make it grow:
// anchors, aliases, tags of its own, and characters that cannot be read out and
// are written as "\e".
func checkTree(name string, n *yaml.Node, l *log) bool {
	at := place{name, n.Line, n.Column}
	switch {
	case n.Kind == yaml.AliasNode:
		l.add(at, CodeForbidden, fmt.Sprintf("*%s repeats a part of the file", n.Value), "write the part out, or point to one node from both places")
		return false
	case n.Anchor != "":
		l.add(at, CodeForbidden, fmt.Sprintf("&%s names a part of the file", n.Anchor), "remove it: a flow has no anchors")
		return false
	case n.Style&yaml.TaggedStyle != 0:
		l.add(at, CodeForbidden, fmt.Sprintf("%q is a YAML tag", n.Tag), "remove it: a flow has no tags")
		return false
	}
	if i := strings.IndexFunc(n.Value, mute); i >= 0 {
		r, _ := utf8.DecodeRuneInString(n.Value[i:])
		addMute(at, r, l)
		return false
	}
	ok := true
	for _, c := range n.Content {
		ok = checkTree(name, c, l) && ok
	}
	return ok
}
