package flows_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestNumbersOfCategories: two digits, the first never 1, each once, and those
// too far down the list have none.
func TestNumbersOfCategories(t *testing.T) {
	const from = "categories:\n"
	var more strings.Builder
	for i := range 12 {
		fmt.Fprintf(&more, "  c%d:\n    name: {kk: Тақырып, ru: Тема}\n    announce: {kk: Бір., ru: Один.}\n    sub:\n", i)
		for j := range 11 {
			fmt.Fprintf(&more, "      s%d: {name: {kk: Екі, ru: Два}}\n", j)
		}
	}
	if !strings.Contains(small, from) {
		t.Fatal("the small flow has no categories")
	}
	f := loadText(t, strings.Replace(small, from, from+more.String(), 1))
	for code, want := range map[string]string{
		"c0": "20", "c0/s0": "21", "c0/s8": "29", "c0/s9": "", "c7": "90", "c8": "00", "c8/s0": "01", "c9": "", "c11/s0": "",
	} {
		c, ok := f.Category(code)
		if !ok || c.Number != want {
			t.Errorf("%s has the number %q, want %q", code, c.Number, want)
		}
	}
	seen := map[string]string{}
	for _, c := range f.Categories() {
		if c.Number == "" {
			continue
		}
		if other := seen[c.Number]; other != "" || c.Number[0] == '1' {
			t.Errorf("%s has the number %s, as has %q", c.Code, c.Number, other)
		}
		seen[c.Number] = c.Code
	}
}
