package docs_test

import (
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// page is a page with its text.
type page struct{ path, text string }

// pages are the README and all of this folder.
func pages(t *testing.T) []page {
	t.Helper()
	found, err := filepath.Glob("*.md")
	if err != nil || len(found) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	var all []page
	for _, path := range append([]string{"../README.md"}, found...) {
		raw, err := os.ReadFile(path) //nolint:gosec // a page of ours
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, page{path, string(raw)})
	}
	return all
}

var (
	shBlock = regexp.MustCompile("(?ms)^```sh\n(.*?)^```$")
	fence   = regexp.MustCompile("(?ms)^```.*?^```$")
	span    = regexp.MustCompile("`([^`\n]+)`")
)

// spans are the pieces of code inside a page's sentences.
func (p page) spans() []string {
	var all []string
	for _, m := range span.FindAllStringSubmatch(fence.ReplaceAllString(p.text, ""), -1) {
		all = append(all, m[1])
	}
	return all
}

// TestBlocksRun runs every block of commands, from top to bottom, beside a
// line. Targets of make are only looked up: `make run` is what runs already.
func TestBlocksRun(t *testing.T) {
	l := startLine(t)
	ran := 0
	for _, p := range pages(t) {
		for _, m := range shBlock.FindAllStringSubmatch(p.text, -1) {
			block := m[1]
			for command := range strings.Lines(block) {
				if strings.HasPrefix(command, "make ") {
					checkMake(t, p, command)
					block = strings.Replace(block, command, "", 1)
				}
			}
			if out, err := l.sh(t, block); err != nil {
				t.Errorf("%s: %v\n%s%s", p.path, err, block, out)
			}
			ran++
		}
	}
	if ran < 10 {
		t.Errorf("only %d blocks were found", ran)
	}
	t.Run("heard", func(t *testing.T) {
		if info, err := os.Stat(filepath.Join(l.dir, "heard.wav")); err != nil || info.Size() < 50_000 {
			t.Errorf("the sound that a block promises: %v, %v", info, err)
		}
	})
	t.Run("installed", func(t *testing.T) { checkInstalled(t, l) })
	t.Run("addresses", func(t *testing.T) { checkAddresses(t, l) })
	t.Run("commands", func(t *testing.T) { checkCommands(t, l) })
	t.Run("table", func(t *testing.T) { checkReadmeLists(t, l) })
	t.Run("settings", func(t *testing.T) { checkSettings(t, l) })
}

// checkMake holds a call of make to the targets that there are.
func checkMake(t *testing.T, p page, command string) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "make", "-n", "-C", "..", strings.Fields(command)[1]).CombinedOutput() //nolint:gosec // a page of ours
	if err != nil {
		t.Errorf("%s: %s: %v\n%s", p.path, strings.TrimSpace(command), err, out)
	}
}

var (
	httpPath = regexp.MustCompile("`http://127.0.0.1:1090(/[a-z]+)`")
	metric   = regexp.MustCompile("`(ikomek109_[a-z_]+)`")
)

// checkAddresses asks each address of the pages, and looks for each figure.
func checkAddresses(t *testing.T, l *line) {
	figures := l.get(t, "/metrics") + source(t) // a queue has figures once it was used
	for _, p := range pages(t) {
		for _, m := range httpPath.FindAllStringSubmatch(p.text, -1) {
			l.get(t, m[1])
		}
		for _, m := range metric.FindAllStringSubmatch(p.text, -1) {
			if !strings.Contains(figures, m[1]) {
				t.Errorf("%s: there is no figure %s", p.path, m[1])
			}
		}
	}
}

func (l *line) get(t *testing.T, path string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+l.web+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close() //nolint:errcheck // it was only read
	if answer.StatusCode != http.StatusOK {
		t.Errorf("%s: %s", path, answer.Status)
	}
	var text strings.Builder
	if err := answer.Write(&text); err != nil {
		t.Fatal(err)
	}
	return text.String()
}

// available is a command in the program's help.
var available = regexp.MustCompile(`(?m)^  ([a-z]+) {2,}[A-Z]`)

// flagWord is a flag inside a command.
var flagWord = regexp.MustCompile(`(^| )(--[a-z-]+)`)

// checkCommands holds every command inside a sentence to what the program
// knows: its name, and its flags.
func checkCommands(t *testing.T, l *line) {
	for _, p := range pages(t) {
		for _, s := range p.spans() {
			if strings.HasPrefix(s, "make ") {
				checkMake(t, p, s)
			}
			s = strings.TrimPrefix(strings.TrimPrefix(s, "sudo -u ikomek109 "), "bin/")
			rest, ours := strings.CutPrefix(s, "ikomek109 ")
			if !ours {
				continue
			}
			command := commandWords(rest)
			out, err := l.sh(t, "bin/ikomek109 "+command+" --help")
			if err != nil || !strings.Contains(out, "ikomek109 "+command) {
				t.Errorf("%s: there is no command %q: %v", p.path, s, err)
			}
			for _, m := range flagWord.FindAllStringSubmatch(rest, -1) {
				if !strings.Contains(out, m[2]) {
					t.Errorf("%s: %q: there is no flag %s", p.path, s, m[2])
				}
			}
		}
	}
}

// checkReadmeLists holds the table of commands to those that there are.
func checkReadmeLists(t *testing.T, l *line) {
	out, err := l.sh(t, "bin/ikomek109 --help")
	if err != nil {
		t.Fatal(err, out)
	}
	readme := pages(t)[0]
	for _, m := range available.FindAllStringSubmatch(out, -1) {
		if name := m[1]; name != "help" && name != "completion" && !strings.Contains(readme.text, "`ikomek109 "+name+"`") {
			t.Errorf("the README does not list the command %s", name)
		}
	}
}

// commandWords are the words before the first argument or flag.
func commandWords(rest string) string {
	words := strings.Fields(rest)
	for i, w := range words {
		if strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" {
			return strings.Join(words[:i], " ")
		}
	}
	return strings.Join(words, " ")
}

// key looks like one of our settings.
var key = regexp.MustCompile(`^(line|asterisk|store|speech|queue|modes|web|log|deploy)\.[a-z_]+$`)

// checkSettings holds the keys of the pages to those that there are.
func checkSettings(t *testing.T, l *line) {
	out, err := l.sh(t, "bin/ikomek109 check --settings")
	if err != nil {
		t.Fatal(err, out)
	}
	for _, p := range pages(t) {
		for _, s := range p.spans() {
			if key.MatchString(s) && !strings.Contains(out, s+" ") && !strings.Contains(out, s+".") {
				t.Errorf("%s: there is no setting %s", p.path, s)
			}
		}
	}
}

var (
	relative = regexp.MustCompile(`\]\(([^):#]+)[^)]*\)`)
	message  = regexp.MustCompile("(?m)^\\| (`[^|]+`) \\|")
)

func TestLinksLeadSomewhere(t *testing.T) {
	for _, p := range pages(t) {
		for _, m := range relative.FindAllStringSubmatch(p.text, -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(p.path), m[1])); err != nil {
				t.Errorf("%s: %v", p.path, err)
			}
		}
	}
}

var (
	heading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	anchor  = regexp.MustCompile(`\]\(([^):#]*)#([^)]+)\)`)
	unslug  = regexp.MustCompile(`[^\p{L}\p{N} -]`)
)

// anchors are the names by which a page's sections are linked to.
func anchors(text string) []string {
	var all []string
	for _, m := range heading.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
		all = append(all, strings.ReplaceAll(strings.ToLower(unslug.ReplaceAllString(m[1], "")), " ", "-"))
	}
	return all
}

func TestLinksLeadToSections(t *testing.T) {
	for _, p := range pages(t) {
		for _, m := range anchor.FindAllStringSubmatch(p.text, -1) {
			path := p.path
			if m[1] != "" {
				path = filepath.Join(filepath.Dir(p.path), m[1])
			}
			raw, err := os.ReadFile(path) //nolint:gosec // a page of ours
			if err != nil || !slices.Contains(anchors(string(raw)), m[2]) {
				t.Errorf("%s: %s has no section #%s: %v", p.path, path, m[2], err)
			}
		}
	}
}

// TestRoomsExist holds the README's table of folders to the folders.
func TestRoomsExist(t *testing.T) {
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	readme := pages(t)[0]
	for _, e := range entries {
		skip := []string{"bin", "dist", "docs"}
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") && !slices.Contains(skip, e.Name()) &&
			!strings.Contains(readme.text, "`"+e.Name()+"`") && !strings.Contains(readme.text, "`"+e.Name()+"/") {
			t.Errorf("the README does not tell what is in %s", e.Name())
		}
	}
}

// TestMessagesAreOurs holds the messages that troubleshooting explains to the
// words of the program.
func TestMessagesAreOurs(t *testing.T) {
	words := source(t) + syscall.EADDRINUSE.Error()
	raw, err := os.ReadFile("troubleshooting.md")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, m := range message.FindAllStringSubmatch(string(raw), -1) {
		for _, s := range span.FindAllStringSubmatch(m[1], -1) {
			seen++
			if !strings.Contains(words, s[1]) {
				t.Errorf("the program never says %q", s[1])
			}
		}
	}
	if seen < 10 {
		t.Errorf("only %d messages were found", seen)
	}
}

// source is all of our Go code but the tests.
func source(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path) //nolint:gosec // a file of ours
		text.Write(raw)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}
