// Package ikomek109_test holds what is true of the module as a whole.
package ikomek109_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "ikomek109/"

// arrows tells what each room's code may import of ours; its own folders count
// as itself. A room that is not here may not exist: think first, then add it.
var arrows = map[string][]string{ //nolint:gochecknoglobals // a table that nothing changes
	// Leaves: they know nothing of the rest.
	"flows": {}, "config": {}, "speech": {}, "phone": {}, "deploy": {},
	// The domain.
	"ivr":      {"flows"},
	"queue":    {"ivr", "flows"},
	"revision": {"ivr", "flows"},
	// Modes and bulletins; who may set them by telephone.
	"notice": {"ivr", "flows", "pin"},
	"pin":    {"ivr"},
	"studio": {"ivr", "pin", "speech"},
	// Messages that agents see to by telephone.
	"tasks": {"ivr", "flows"},
	// What no citizen called about.
	"incident": {"ivr"},
	// Who looked at personal data.
	"audit": {"ivr"},
	// Adapters know the domain, and never each other.
	"asterisk": {"ivr", "queue", "flows"},
	"sqlite":   {"audit", "incident", "ivr", "notice", "pin", "queue", "revision", "tasks", "flows"},
	"lookup":   {"ivr", "flows"},
	"web":      {"ivr", "notice", "queue", "flows"},
	// A real Asterisk for the tests and the bench.
	"lab": {"asterisk", "deploy"},
	// Those who put it together.
	"cmd":   {"asterisk", "audit", "config", "deploy", "docs", "flows", "incident", "ivr", "lookup", "notice", "phone", "pin", "queue", "revision", "speech", "sqlite", "studio", "tasks", "web"},
	"bench": {"asterisk", "config", "deploy", "flows", "ivr", "lab", "lookup", "notice", "phone", "pin", "queue", "revision", "speech", "sqlite", "studio", "web"},
	"chaos": {"bench", "ivr", "phone", "queue", "sqlite"},
	"docs":  {},
	"e2e":   {"asterisk", "config", "deploy", "flows", "ivr", "lab", "lookup", "notice", "phone", "pin", "queue", "revision", "speech", "sqlite", "studio", "web"},
}

// pkg is what `go list` tells of a package.
type pkg struct {
	ImportPath string
	Imports    []string // of the code, without its tests
}

func room(path string) string {
	name, _, _ := strings.Cut(strings.TrimPrefix(path, module), "/")
	return name
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(p.ImportPath, module) {
			all = append(all, p)
		}
	}
}

func TestArrowsBetweenRooms(t *testing.T) {
	unseen := maps.Clone(arrows)
	for _, p := range packages(t) {
		from := room(p.ImportPath)
		may, known := arrows[from]
		if !known {
			t.Errorf("%s: the table of arrows has no room %q", p.ImportPath, from)
		}
		delete(unseen, from)
		for _, imported := range p.Imports {
			to := room(imported)
			if strings.HasPrefix(imported, module) && to != from && !slices.Contains(may, to) {
				t.Errorf("%s imports %s, and %s may import only itself and %v", p.ImportPath, imported, from, may)
			}
		}
	}
	delete(unseen, "bench") // the only room that need not be there
	if len(unseen) > 0 {
		t.Errorf("rooms in the table that do not exist: %v", slices.Collect(maps.Keys(unseen)))
	}
}

// TestHelpersOfTestsStayInTests keeps fakes out of the program.
func TestHelpersOfTestsStayInTests(t *testing.T) {
	for _, p := range packages(t) {
		for _, imported := range p.Imports {
			if strings.HasPrefix(imported, module) && strings.HasSuffix(imported, "test") {
				t.Errorf("%s imports %s, which is for tests", p.ImportPath, imported)
			}
		}
	}
}
