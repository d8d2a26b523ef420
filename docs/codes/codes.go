// Package codes holds a page for each kind of finding of the checker: what it
// means, why it matters to a caller, and a wrong and a right example. Tests run
// the examples: those of menus here, those of recordings beside the commands.
package codes

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

//go:embed *.md
var pages embed.FS

// index is the page that lists the others, and no code.
const index = "README.md"

// Page is the page of a kind of finding, in Markdown; false when there is none.
func Page(code string) (string, bool) {
	name := code + ".md"
	text, err := pages.ReadFile(name)
	return string(text), err == nil && name != index
}

// Names lists the kinds of findings that have a page, sorted.
func Names() []string {
	var all []string
	files, _ := fs.Glob(pages, "*.md") // the pattern is right
	for _, file := range files {
		if file != index {
			all = append(all, strings.TrimSuffix(file, ".md"))
		}
	}
	slices.Sort(all)
	return all
}
