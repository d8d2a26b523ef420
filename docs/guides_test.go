package docs_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// guides are the two languages of a page: admin, for those who change the menu, or
// agent.
func guides(t *testing.T, whose string) []page {
	t.Helper()
	all := pages(t)
	all = slices.DeleteFunc(all, func(p page) bool { return !strings.HasPrefix(p.path, whose+".") })
	if len(all) != 2 {
		t.Fatalf("%d guides, want one in Kazakh and one in Russian", len(all))
	}
	return all
}

var yamlBlock = regexp.MustCompile("(?ms)^```yaml\n(.*?)^```$")

// TestGuidesQuoteTheMenu wants each piece of a menu in the guides to stand in
// the one that ships, word for word.
func TestGuidesQuoteTheMenu(t *testing.T) {
	menu, err := os.ReadFile("../flows/109.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, g := range guides(t, "admin") {
		quotes := yamlBlock.FindAllStringSubmatch(g.text, -1)
		if len(quotes) == 0 {
			t.Errorf("%s quotes nothing", g.path)
		}
		for _, m := range quotes {
			if !strings.Contains(string(menu), "\n"+m[1]) {
				t.Errorf("%s: this does not stand in 109.yaml:\n%s", g.path, m[1])
			}
		}
	}
}

// told are the commands and the keys that a page tells of.
var told = regexp.MustCompile(`bin/ikomek109 [a-z]+( [a-z]+)?|` + "`[0-9*#]+`")

// TestGuidesSayTheSame wants the two languages to have the same sections, commands
// and keys.
func TestGuidesSayTheSame(t *testing.T) {
	for whose, least := range map[string]int{"admin": 5, "agent": 4} {
		var sections []int
		var commands []string
		for _, g := range guides(t, whose) {
			sections = append(sections, strings.Count(g.text, "\n## "))
			found := told.FindAllString(g.text, -1)
			slices.Sort(found) // the order of words is the language's
			commands = append(commands, strings.Join(found, "\n"))
		}
		if sections[0] != sections[1] || sections[0] < least {
			t.Errorf("%s: they have %d and %d sections", whose, sections[0], sections[1])
		}
		if commands[0] != commands[1] {
			t.Errorf("%s: one has\n%s\nand the other\n%s", whose, commands[0], commands[1])
		}
	}
}
