package docs_test

import (
	"os"
	"strings"
	"testing"

	"ikomek109/flows"
)

// TestTheLanguageIsWhole wants every kind of node and type of value on the
// page of the language. That its menu is in order, TestBlocksRun shows.
func TestTheLanguageIsWhole(t *testing.T) {
	raw, err := os.ReadFile("menu.md")
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	for _, kind := range flows.Kinds() {
		if !strings.Contains(page, "kind: "+kind+",") && !strings.Contains(page, "kind: "+kind+"\n") && !strings.Contains(page, "kind: "+kind+"}") {
			t.Errorf("no node of the kind %s is shown", kind)
		}
	}
	for _, kind := range flows.ValueTypes() {
		if !strings.Contains(page, "`"+kind+"`") {
			t.Errorf("the type %s is not named", kind)
		}
	}
}
