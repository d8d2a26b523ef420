package codes_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/docs/codes"
	"ikomek109/flows"
	"ikomek109/speech"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write what codes mean, and what is found in the examples, into the pages")

func TestEveryCodeHasAPage(t *testing.T) {
	index, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, code := range flows.Codes() {
		all = append(all, string(code))
	}
	for _, code := range speech.FlawCodes() {
		all = append(all, string(code))
	}
	for _, code := range all {
		page, ok := codes.Page(code)
		if !ok || !strings.HasPrefix(page, "# "+code+"\n") {
			t.Errorf("docs/codes/%s.md: there is none, or it begins otherwise", code)
		}
		if !strings.Contains(string(index), "["+code+"]("+code+".md)") {
			t.Errorf("docs/codes/README.md does not list %s", code)
		}
	}
	if slices.Sort(all); !slices.Equal(all, codes.Names()) {
		t.Errorf("there are pages of\n%v\nand the codes\n%v", codes.Names(), all)
	}
	for _, none := range []string{"README", "none", "", "../pages", "codes.go"} {
		if _, ok := codes.Page(none); ok {
			t.Errorf("%q has a page", none)
		}
	}
}

// TestPages holds each page to the checker: the wrong example has findings of
// this code and no other, exactly those on the page; the right one has none.
func TestPages(t *testing.T) {
	for _, code := range flows.Codes() {
		t.Run(string(code), func(t *testing.T) {
			p := readPage(t, code)
			found := p.wrong.findings(t, "wrong.yaml")
			var want strings.Builder
			for _, f := range found {
				if f.Code != code {
					t.Errorf("the wrong example has another finding: %s", f)
				}
				want.WriteString(f.String() + "\n")
			}
			if len(found) == 0 {
				t.Error("nothing is found in the wrong example")
			}
			for _, f := range p.right.findings(t, "right.yaml") {
				t.Errorf("the right example has a finding: %s", f)
			}
			if *update {
				p.write(t, code.Describe(), want.String())
				return
			}
			if diff := cmp.Diff(want.String(), p.found); diff != "" {
				t.Errorf("what the page says is found (-real +page):\n%s", diff)
			}
			if p.meaning != code.Describe() {
				t.Errorf("the page says %q, the checker %q", p.meaning, code.Describe())
			}
		})
	}
}

// page is a page in its parts.
type page struct {
	file, text   string
	meaning      string // its first sentence
	found        string // what it says is found in the wrong example
	wrong, right example
}

// shape is what every page looks like; it may go on after that.
var shape = regexp.MustCompile("(?s)^# [a-z-]+\n\n([^\n]+)\n\n.+?\n\n## Wrong\n\n(```.*?\n```\n)\n```text\n(.*?)```\n\n## Right\n\n(```.*?\n```\n)")

func readPage(t *testing.T, code flows.Code) page {
	t.Helper()
	text, _ := codes.Page(string(code))
	m := shape.FindStringSubmatch(text)
	if m == nil {
		t.Fatalf("docs/codes/%s.md is not like the others: a sentence, why, Wrong, its findings, Right", code)
	}
	return page{file: string(code) + ".md", text: text, meaning: m[1], found: m[3], wrong: readExample(t, m[2]), right: readExample(t, m[4])}
}

func (p page) write(t *testing.T, meaning, found string) {
	t.Helper()
	at := shape.FindStringSubmatchIndex(p.text)
	text := p.text[:at[2]] + meaning + p.text[at[3]:at[6]] + found + p.text[at[7]:]
	if err := os.WriteFile(p.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

var link = regexp.MustCompile(`\]\(([^):#]+)[^)]*\)`)

func TestLinksLeadSomewhere(t *testing.T) {
	files, err := filepath.Glob("*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file) //nolint:gosec // a page of ours
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(m[1]); err != nil { //nolint:gosec // a page of ours
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// day is when the examples are checked: answers have a term.
func day() time.Time { return time.Date(2026, time.June, 1, 12, 0, 0, 0, time.UTC) }
