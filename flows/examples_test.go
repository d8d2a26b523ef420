package flows_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ikomek109/flows"
)

// TestExamples holds the flows in examples to the checker and to the tests
// beside them, which must walk everything.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob("examples/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, file := range files {
		name := filepath.Base(file)
		if strings.HasSuffix(name, ".test.yaml") {
			continue
		}
		seen++
		t.Run(name, func(t *testing.T) {
			known := flows.Known{Queues: []string{"main"}, Partners: []string{}, Hosts: []string{}}
			f, found := flows.Load(os.DirFS("examples"), name, known)
			for _, one := range found {
				t.Error(one)
			}
			if f == nil {
				t.FailNow()
			}
			s, found := flows.LoadSuite(os.DirFS("examples"), flows.TestsName(name), f)
			if s == nil {
				t.Fatal(found)
			}
			holds(t, s.Run())
		})
	}
	if seen == 0 {
		t.Error("there are no examples")
	}
}
