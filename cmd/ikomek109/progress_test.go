package main

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestProgressOfPrompts has a bar drawn on a terminal, and nothing that moves
// where nobody looks on. What is there is not rendered again.
func TestProgressOfPrompts(t *testing.T) {
	dir := t.TempDir()
	prompts := filepath.Join(dir, "prompts")
	linkPrompts(t, prompts)
	menu := filepath.Join(dir, "menu.yaml")
	build := func(words string) *exec.Cmd {
		text := strings.Replace(`flow: a
start: operator
operator: operator
goodbye: bye
nodes:
  operator: {kind: queue, queue: main, text: {kk: "Сынақ: WORDS.", ru: "Проба: WORDS."}}
  bye: {kind: end}
`, "WORDS", words, 2)
		if err := os.WriteFile(menu, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), "ikomek109", "prompts", "build", "--set", "line.flow="+menu, //nolint:gosec // files of this test
			"--set", "speech.cache="+prompts, "--set", "store.path="+filepath.Join(dir, "x.db"))
		return cmd
	}

	out, err := build("ақпан").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if want := regexp.MustCompile(`^rendering prompts in Kazakh and Russian …\n\d+ prompts, \d+ draft, in [0-9.]+ s\n$`); !want.Match(out) {
		t.Errorf("without a terminal it prints %q", out)
	}
	out, err = build("ақпан").CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("rendering")) {
		t.Errorf("nothing has changed, and it prints %q, %v", out, err)
	}

	cmd := build("наурыз")
	shown := shownOnTerminal(t, cmd)
	for _, want := range []string{
		"\r\x1b[K[" + strings.Repeat("░", barWidth) + "]   0 % rendering prompts in Kazakh and Russian",
		"[" + strings.Repeat("█", barWidth) + "] 100 % rendering",
		"\r\x1b[K", " draft, in ",
	} {
		at := strings.Index(shown, want)
		if at < 0 {
			t.Fatalf("on a terminal it prints %q, without %q", shown, want)
		}
		shown = shown[at+len(want):]
	}
}

// linkPrompts makes a folder with the prompts that this machine has already.
func linkPrompts(t *testing.T, to string) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	from := filepath.Join(cache, "ikomek109", "prompts")
	err = filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil //nolint:nilerr // then they are rendered
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		return copyFile(path, filepath.Join(to, name))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func copyFile(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	data, err := os.ReadFile(from) //nolint:gosec // a prompt
	if err != nil {
		return err
	}
	return os.WriteFile(to, data, 0o600) //nolint:gosec // in a folder of the test
}

// shownOnTerminal runs a command that must succeed, and gives what a terminal was
// sent on its standard error.
func shownOnTerminal(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	master, slave := openTerminal(t)
	defer master.Close() //nolint:errcheck // a terminal of this test
	cmd.Stderr = slave
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := slave.Close(); err != nil {
		t.Fatal(err)
	}
	var shown bytes.Buffer
	_, _ = shown.ReadFrom(master) // it ends with an error when the last who has the terminal goes
	if err := cmd.Wait(); err != nil {
		t.Fatalf("%v\n%q", err, shown.String())
	}
	return shown.String()
}
