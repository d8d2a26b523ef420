package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadTokens(t *testing.T) {
	good := strings.Repeat("a1", 12)
	for name, c := range map[string]struct {
		text string
		mode os.FileMode
		want string // of the message; empty: taken
	}{
		"two":            {"# who\nакимат " + good + "\n\nпресс қызметі  " + good + "b\n", 0o600, ""},
		"others read it": {"a " + good, 0o640, "chmod 600"},
		"no name":        {good, 0o600, ":1: no name before the token"},
		"short":          {"a short", 0o600, ":1: the token has 5 signs"},
		"twice":          {"a " + good + "\na " + good + "b", 0o600, ":2: the name stands there twice"},
		"shared":         {"a " + good + "\nb " + good, 0o600, ":2: the token is another's too"},
		"steering":       {"a\x1b[2J " + good, 0o600, ":1: no name"},
	} {
		path := filepath.Join(t.TempDir(), "tokens")
		if err := os.WriteFile(path, []byte(c.text), c.mode); err != nil {
			t.Fatal(err)
		}
		tokens, err := readTokens(path)
		if c.want == "" {
			if err != nil || len(tokens) != 2 || tokens["пресс қызметі"] != good+"b" {
				t.Errorf("%s: %v, %v", name, tokens, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), good) {
			t.Errorf("%s: %v, want %q and no token", name, err, c.want)
		}
	}
	if tokens, err := readTokens(""); tokens != nil || err != nil {
		t.Errorf("no file: %v, %v", tokens, err)
	}
	if _, err := readTokens(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a file that is not there was read")
	}
}
