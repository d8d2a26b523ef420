package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ikomek109/bench/menus"
)

// hostile is a file that a checker may choke on, made when it is needed: the
// system counts the memory of the test to that of the commands it runs.
type hostile struct {
	text func() string
	exit int // code that the command must end with
}

func hostileMenus() map[string]hostile {
	const found = exitFindings
	return map[string]hostile{
		"100,000 lines in order":       {func() string { return menus.Huge(true) }, 0},
		"100,000 lines, all wrong":     {func() string { return menus.Huge(false) }, found},
		"100,000 unknown keys":         {each(100_000, "", "a%[1]d:\n"), found},
		"as many nodes as may be":      {each(29_000, menus.Head, "  n%[1]d: {kind: end}\n"), found},
		"159,000 nodes":                {each(159_000, menus.Head, "  n%[1]d:\n"), found},
		"as many options as may be":    {each(24_000, menus.Head+"  n0:\n    kind: menu\n    options:\n", "      - {to: n%[1]d, text: {kk: Су, ru: Вода}}\n"), found},
		"as many categories as may be": {each(24_000, strings.Replace(menus.Head, "nodes:", "x:", 1)+"categories:\n", "  c%[1]d: {name: {kk: Су, ru: Вода}}\n"), found},
		"aliases that explode":         {bomb, found},
		"a thousand steps inwards":     {func() string { return steps(1000) }, found},
		"100,000 times the same key":   {again("", "a:\n", 100_000), found},
		"a list of 100,000 items":      {again("", "- a\n", 100_000), found},
		"8 MB of question marks":       {again("", "?\n", 4<<20), found},
		"8 MB of items":                {again("a: [", "1,", 4<<20-8), found},
		"8 MB of lines":                {again("", "\n", 8<<20), found},
		"8 MB of remarks":              {again("", "#\n", 4<<20), found},
		"8 MB in one text":             {again("flow: ", "x", 8<<20-9), found},
		"more than 8 MB":               {again("", "x", 9<<20), found},
		"a million documents":          {again("", "---\n", 1<<20), found},
		"100,000 brackets":             {again("", "[", 100_000), found},
		"100,000 braces":               {again("", "{a: ", 80_000), found},
		"a million dashes":             {again("", "- ", 1<<20), found},
		"100,000 bytes, not UTF-8":     {again("a: ", "\xff", 100_000), found},
		"100,000 zero bytes":           {again("", "\x00", 100_000), found},
		"a byte order mark, in order":  {again("\xef\xbb\xbf"+strings.Replace(menus.Head, "n0", "operator", 1), "", 0), 0},
		"a byte order mark alone":      {again("\xef\xbb\xbf", "", 0), found},
		"UTF-16":                       {again("\xff\xfe", "l\x00", 9), found},
		"empty":                        {again("", "", 0), found},
	}
}

// again is a beginning, and a part repeated.
func again(head, part string, n int) func() string {
	return func() string { return head + strings.Repeat(part, n) }
}

// each is a beginning, and a part for each number from 0, which also gets the
// next number, of the last one 0.
func each(n int, head, part string) func() string {
	return func() string {
		var b strings.Builder
		b.WriteString(head)
		for i := range n {
			fmt.Fprintf(&b, part, i, (i+1)%n)
		}
		return b.String()
	}
}

func bomb() string {
	var b strings.Builder
	b.WriteString("a0: &a0 [x]\n")
	for i := range 30 {
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(fmt.Sprintf("*a%d,", i), 9))
	}
	return b.String()
}

func steps(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

// TestCheckIsBounded checks hostile menus by the command, as a process of its
// own, and holds its memory to 200 MB. How long it took is printed: no more
// than 2 s on a machine with nothing else to do.
func TestCheckIsBounded(t *testing.T) {
	const most = 200 << 20
	for name, tc := range hostileMenus() {
		t.Run(name, func(t *testing.T) {
			text := tc.text()
			file := filepath.Join(t.TempDir(), "menu.yaml")
			if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			cmd := exec.CommandContext(t.Context(), "ikomek109", "check", file) //nolint:gosec // a file of this test
			out, err := cmd.CombinedOutput()
			var ended *exec.ExitError
			if err != nil && !errors.As(err, &ended) {
				t.Fatal(err)
			}
			used, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
			if !ok {
				t.Fatal("the system does not tell what a process used")
			}
			t.Logf("%d lines, %d MB, %s of processor time", strings.Count(text, "\n"), used.Maxrss>>10, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
			if used.Maxrss<<10 > most && !underRace {
				t.Errorf("it took %d MB", used.Maxrss>>10)
			}
			if got := cmd.ProcessState.ExitCode(); got != tc.exit {
				t.Errorf("exit code %d, want %d:\n%.2000s", got, tc.exit, out)
			}
			if strings.Contains(string(out), "goroutine ") {
				t.Errorf("it panics:\n%.4000s", out)
			}
		})
	}
}
