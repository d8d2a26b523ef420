package docs_test

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// guides are the two languages of the page for those who change the menu.
func guides(t *testing.T) []page {
	t.Helper()
	all := pages(t)
	all = slices.DeleteFunc(all, func(p page) bool { return !strings.HasPrefix(p.path, "admin.") })
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
	for _, g := range guides(t) {
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

var program = regexp.MustCompile(`bin/ikomek109 [a-z]+( [a-z]+)?`)

// TestGuidesSayTheSame wants the two to have the same sections and commands.
func TestGuidesSayTheSame(t *testing.T) {
	var sections []int
	var commands []string
	for _, g := range guides(t) {
		sections = append(sections, strings.Count(g.text, "\n## "))
		commands = append(commands, strings.Join(program.FindAllString(g.text, -1), "\n"))
	}
	if sections[0] != sections[1] || sections[0] < 5 {
		t.Errorf("they have %d and %d sections", sections[0], sections[1])
	}
	if commands[0] != commands[1] {
		t.Errorf("one has the commands\n%s\nand the other\n%s", commands[0], commands[1])
	}
}
