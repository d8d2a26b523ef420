package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

// TestNothingReachesTheTerminalRaw gives files names that would move the cursor
// of a terminal, and has every command that reads menus tell of them.
func TestNothingReachesTheTerminalRaw(t *testing.T) {
	const menu = "flow: a\nstart: operator\noperator: operator\ngoodbye: bye\nnodes:\n" +
		"  operator: {kind: queue, queue: main}\n  bye: {kind: end}\n"
	home := t.TempDir()
	dir := filepath.Join(home, "h\x1b[31m\u009b2J\u202ex")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"good.yaml":        menu,
		"good.test.yaml":   "given: {time: 2026-06-01T12:00}\ncases:\n  - {case: a, do: 0, queue: main, at: bye}\n",
		"bad.yaml":         strings.Replace(menu, "queue: main", "queue: nobody", 1),
		"bad.test.yaml":    "cases: []\n",
		"escape.yaml":      strings.Replace(menu, "flow: a", `flow: "a\e[31m"`, 1),
		"settings.yaml":    "nonsense: 1\n",
		"n\x1b[31m-1.wav":  "no sound",
		"escape.test.yaml": `cases: [{case: "\e[31m"}]`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	for _, line := range [][]string{
		{"check", at("good.yaml"), at("bad.yaml"), at("escape.yaml"), at("none.yaml"), at("good.test.yaml"), at("escape.test.yaml")},
		{"check", "--config", at("settings.yaml")},
		{"check", "--set", "line.flow=" + at("bad.yaml")},
		{"test", dir},
		{"test", at("none.yaml")},
		{"sim", at("bad.yaml")},
		{"graph", at("escape.yaml")},
		{"flow", "publish", "--dry-run", at("bad.yaml")},
		{"flow", "publish", "--dry-run", at("good.yaml")},
		{"\x1b[31m"},
		{"mode", "set", "\x1b[31m"},
	} {
		cmd := exec.CommandContext(t.Context(), "ikomek109", line...) //nolint:gosec // the lines above
		cmd.Env = append(os.Environ(), "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_DATA_HOME="+home, "XDG_CACHE_HOME="+home)
		out, err := cmd.CombinedOutput()
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			t.Errorf("%q must fail: %v", line, err)
		}
		if i := strings.IndexFunc(string(out), func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }); i >= 0 || len(out) == 0 {
			t.Errorf("%q prints %q", line, out)
		}
	}
}
