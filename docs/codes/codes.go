// Package codes holds a page for each kind of finding of the checker: what it
// means, why it matters to a caller, and a wrong and a right example. Tests run
// the examples.
package codes

import (
	"embed"
	"strings"
)

//go:embed *.md
var pages embed.FS

// Page is the page of a kind of finding, in Markdown; false when there is none.
func Page(code string) (string, bool) {
	if code != strings.ToLower(code) { // names of files, where README has no code
		return "", false
	}
	text, err := pages.ReadFile(code + ".md")
	return string(text), err == nil
}
