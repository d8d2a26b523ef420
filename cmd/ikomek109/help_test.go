package main

import (
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
)

// widestHelp is what is still read on a small terminal.
const widestHelp = 90

// TestEveryCommandHasItsHelp holds each command to a sentence, and an example
// that calls this very command.
func TestEveryCommandHasItsHelp(t *testing.T) {
	p := &program{stdio: stdio{out: io.Discard, err: io.Discard}}
	root := p.root()
	if n := len(root.Commands()); n < 8 {
		t.Fatalf("only %d commands", n)
	}
	var look func(*cobra.Command)
	look = func(cmd *cobra.Command) {
		for _, c := range cmd.Commands() {
			look(c)
		}
		if cmd == root {
			return
		}
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s: the short help is %q", cmd.CommandPath(), cmd.Short)
		}
		for line := range strings.Lines(cmd.Example) {
			if !strings.HasPrefix(line, "  "+cmd.Root().Name()+" ") {
				t.Errorf("%s: the example %q calls something else", cmd.CommandPath(), line)
			}
		}
		for line := range strings.Lines(cmd.Long) {
			if n := utf8.RuneCountInString(line); n > widestHelp {
				t.Errorf("%s: a line of the help has %d signs: %q", cmd.CommandPath(), n, line)
			}
		}
		if !strings.Contains(cmd.Example, "  "+cmd.CommandPath()) {
			t.Errorf("%s has no example of itself", cmd.CommandPath())
		}
	}
	look(root)
}
