package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ikomek109/deploy"
	"ikomek109/docs/codes"
	"ikomek109/speech"
)

// recordedMenu is the menu of the pages about recordings.
const recordedMenu = `flow: example
start: welcome
operator: operator
goodbye: goodbye
nodes:
  welcome:
    kind: say
    text:
      kk: Қайырлы күн! Бұл қаланың анықтама қызметі.
      ru: Добрый день! Это справочная служба города.
    to: operator
  operator: {kind: queue, queue: main}
  goodbye: {kind: end}
`

// recPage is what a page about recordings looks like.
var recPage = regexp.MustCompile("(?s)## Wrong\n\n```sh\n(.*?)```\n\n```text\n(.*?)```\n\n## Right\n\n```sh\n(.*?)```\n")

// TestRecordingPages runs the examples of the pages about recordings: the wrong
// one fails as the page says, but for the figures; the right one succeeds.
func TestRecordingPages(t *testing.T) {
	for _, code := range speech.FlawCodes() {
		t.Run(string(code), func(t *testing.T) {
			text, _ := codes.Page(string(code))
			m := recPage.FindStringSubmatch(text)
			if m == nil {
				t.Fatalf("docs/codes/%s.md is not like the others: Wrong, what it prints, Right", code)
			}
			out, err := inStudio(t, m[1])
			if err == nil || !strings.Contains(out, string(code)) {
				t.Errorf("the wrong example: %v\n%s", err, out)
			}
			for _, other := range speech.FlawCodes() {
				if other != code && strings.Contains(out, string(other)) {
					t.Errorf("the wrong example has %s too:\n%s", other, out)
				}
			}
			if *update {
				text = strings.Replace(text, "```text\n"+m[2], "```text\n"+out, 1)
				if err := os.WriteFile(filepath.Join("../../docs/codes", string(code)+".md"), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			} else if diff := cmp.Diff(noFigures(m[2]), noFigures(out)); diff != "" {
				t.Errorf("what the wrong example prints (-page +real):\n%s", diff)
			}
			if out, err := inStudio(t, m[3]); err != nil || strings.Contains(out, "rec-") {
				t.Errorf("the right example: %v\n%s", err, out)
			}
		})
	}
}

// moreToRead is the line that leads to the page.
var moreToRead = regexp.MustCompile(`(?m)^with (an example|examples): .*\n`)

var figures = regexp.MustCompile(`[0-9]+`)

func noFigures(s string) string { return figures.ReplaceAllString(s, "0") }

// inStudio runs a block of a page where there is a menu, a folder of recordings
// and a good recording of its welcome; it gives what was printed.
func inStudio(t *testing.T, block string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	for _, err := range []error{
		os.MkdirAll(filepath.Join(dir, "recordings", "ru", "welcome"), 0o700),
		os.Mkdir(filepath.Join(dir, "tools"), 0o700),
		os.WriteFile(filepath.Join(dir, "menu.yaml"), []byte(recordedMenu), 0o600),
		os.WriteFile(filepath.Join(dir, "voice.wav"), syllables(3, 44100, 0.3), 0o600),
		os.WriteFile(filepath.Join(dir, "tools", "sox"), soxAsFound(t), 0o700), //nolint:gosec // G306: a program must be executable
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "bash", "-euo", "pipefail", "-c", block) //nolint:gosec // a page of ours
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "tools")+":"+os.Getenv("PATH"), "HOME="+dir,
		"IKOMEK109_DEPLOY_CACHE="+toolCache(t), "IKOMEK109_SPEECH_CACHE="+filepath.Join(dir, "cache"),
		"IKOMEK109_SPEECH_RECORDINGS=recordings", "IKOMEK109_LINE_FLOW=menu.yaml")
	out, err := cmd.CombinedOutput()
	return strings.ReplaceAll(moreToRead.ReplaceAllString(string(out), ""), dir+"/", ""), err
}

func toolCache(t *testing.T) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(cache, "ikomek109")
}

// soxAsFound is a script that calls the sox of this machine, or our private one.
func soxAsFound(t *testing.T) []byte {
	t.Helper()
	tools, err := deploy.Find(t.Context(), deploy.Options{CacheDir: toolCache(t)})
	if err != nil {
		t.Fatal(err)
	}
	sox := slices.Concat(tools.Sox.Env, []string{tools.Sox.Path}, tools.Sox.Args)
	return fmt.Appendf(nil, "#!/bin/sh\nexec env %s -V1 \"$@\"\n", strings.Join(sox, " "))
}
