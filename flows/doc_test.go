package flows_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"

	"ikomek109/flows"
)

// TestThePackageCommentIsTrue loads the example in the package comment.
func TestThePackageCommentIsTrue(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	f, found := loadBytes(example(file.Doc))
	for _, one := range found {
		t.Error(one)
	}
	if f == nil || len(f.Nodes()) != 6 {
		t.Fatalf("the example does not load")
	}
	for _, kind := range flows.Kinds() {
		if !strings.Contains(file.Doc.Text(), "\n  - "+kind+" ") {
			t.Errorf("the kind %s is not told of", kind)
		}
	}
}

// TestTheExamplesOfTheKindsAreTrue loads the example above each kind of node,
// put into a flow in the place of the node of that name.
func TestTheExamplesOfTheKindsAreTrue(t *testing.T) {
	doc, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	frame := example(doc.Doc)
	frame, _, _ = strings.Cut(frame, "\nnodes:")
	frame = strings.Replace(frame, "categories:", "categories:\n  other:\n    name: {kk: Басқа, ru: Другое}\n    announce: {kk: Басқа., ru: Другое.}", 1)
	frame = strings.NewReplacer("vars: {}", "vars: {account: {type: digits, start: '1'}, left: days}",
		"calendars: {}", "calendars: {office: office.calendar.yaml}").Replace(frame)
	for _, kind := range flows.Kinds() {
		file, err := parser.ParseFile(token.NewFileSet(), kind+".go", nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		text := example(typeDoc(file, kind+"Node"))
		if !strings.Contains(text, "kind: "+kind+"\n") {
			t.Errorf("%s.go shows no node of its kind", kind)
			continue
		}
		_, found := loadBytes(frame + "\nnodes:\n" + others(doc.Doc, text) + indented(text))
		for _, one := range found {
			if one.Code != flows.CodeUnreachable {
				t.Errorf("the example of %s: %s", kind, one)
			}
		}
	}
}

// example is the YAML of a comment: its indented lines.
func example(doc *ast.CommentGroup) string {
	var b strings.Builder
	for line := range strings.Lines(doc.Text()) {
		if bare, ok := strings.CutPrefix(line, "\t"); ok {
			b.WriteString(bare)
		} else if line == "\n" {
			b.WriteString(line)
		}
	}
	return b.String()
}

func typeDoc(file *ast.File, name string) *ast.CommentGroup {
	for _, d := range file.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE && g.Specs[0].(*ast.TypeSpec).Name.Name == name {
			return g.Doc
		}
	}
	return &ast.CommentGroup{}
}

func indented(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("  " + line)
	}
	return b.String()
}

// others are the nodes of the package comment without the one of an example.
func others(doc *ast.CommentGroup, text string) string {
	name, _, _ := strings.Cut(strings.TrimSpace(text), ":")
	_, nodes, _ := strings.Cut(example(doc), "\nnodes:\n")
	var b strings.Builder
	keep := true
	for line := range strings.Lines(nodes) {
		if strings.HasPrefix(line, "  ") && !strings.HasPrefix(line, "   ") {
			keep = !strings.HasPrefix(line, "  "+name+":")
		}
		if keep {
			b.WriteString(line)
		}
	}
	return b.String()
}
