package conf_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/queue"

	"pgregory.net/rapid"
)

// valid gives settings that pass, below a fresh folder.
func valid(t *testing.T) conf.Settings {
	t.Helper()
	return conf.Settings{
		StateDir: t.TempDir(), ModDir: "/usr/lib/asterisk/modules", DataDir: "/usr/share/asterisk",
		SIPPort: 5060, HTTPPort: 8088, RTPFirst: 10000, RTPLast: 10999,
		ARIUser: "ikomek109", ARIPassword: "generated-password",
	}
}

func render(t *testing.T, s conf.Settings) map[string]string {
	t.Helper()
	dir := filepath.Join(s.StateDir, "etc")
	if err := conf.Render(dir, s); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name())) //nolint:gosec // a folder of this test
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(raw)
	}
	return files
}

var section = regexp.MustCompile(`(?m)^\[([^\]]+)\]`)

func sections(text string) []string {
	var names []string
	for _, m := range section.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	return names
}

// TestNoOtherDoor holds what can be reached to what is meant to be.
func TestNoOtherDoor(t *testing.T) {
	files := render(t, valid(t))
	if got, want := sections(files["extensions.conf"]), []string{"general", "citizens", "line", "line-say-hold", "agents", "agent-service", "agent-code"}; !slices.Equal(got, want) {
		t.Errorf("contexts %q, want %q", got, want)
	}
	if got, want := sections(files["pjsip.conf"]), []string{"global", "system", "transport-udp", "transport-tcp", "transport-ws", "partners", "anonymous"}; !slices.Equal(got, want) {
		t.Errorf("pjsip objects %q, want %q", got, want)
	}
	all := strings.Count(files["pjsip.conf"], "context =")
	if n := strings.Count(files["pjsip.conf"], "context = "+conf.ContextCitizens+"\n"); n != 2 || n != all {
		t.Errorf("%d endpoints, %d of them lead to %s; want two, both there", all, n, conf.ContextCitizens)
	}
	for _, word := range []string{"Dial(", "System(", "SHELL(", "CALLERID(", "EVAL(", "DISA(", "#include", "#exec", "demo"} {
		if strings.Contains(files["extensions.conf"], word) {
			t.Errorf("the dialplan has %s", word)
		}
	}
	if m := files["modules.conf"]; !strings.Contains(m, "autoload = no") || strings.Contains(m, "app_system") || strings.Contains(m, "res_agi") || strings.Contains(m, "func_shell") {
		t.Errorf("modules.conf loads more than is needed:\n%s", m)
	}
}

func TestPrivateFiles(t *testing.T) {
	s := valid(t)
	render(t, s)
	err := filepath.WalkDir(s.StateDir, func(path string, d os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s is %s: others may look inside", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRenderTwice(t *testing.T) {
	s := valid(t)
	first := render(t, s)
	s.ARIPassword = "another-password"
	second := render(t, s)
	if len(first) != len(second) || !strings.Contains(second["ari.conf"], "another-password") || strings.Contains(second["ari.conf"], "generated-password") {
		t.Error("the second rendering did not replace the first")
	}
}

// TestLongPath keeps the control socket's path within what the kernel takes.
func TestLongPath(t *testing.T) {
	s := valid(t)
	s.StateDir = filepath.Join(s.StateDir, strings.Repeat("long", 30))
	text := render(t, s)["asterisk.conf"]
	run := regexp.MustCompile(`astrundir => (.*)`).FindStringSubmatch(text)[1]
	t.Cleanup(func() { _ = os.RemoveAll(run) })
	if len(run)+len("/asterisk.ctl") > 107 {
		t.Errorf("the socket's path %s is too long", run)
	}
}

// TestRefusals gives each setting a value that would change the meaning of a
// file, or make no sense, and wants the field named.
func TestRefusals(t *testing.T) {
	for field, spoil := range map[string]func(*conf.Settings){
		"StateDir":          func(s *conf.Settings) { s.StateDir = "relative" },
		"StateDir is not":   func(s *conf.Settings) { s.StateDir = "" },
		"ModDir":            func(s *conf.Settings) { s.ModDir = "/a\n[general]" },
		"DataDir":           func(s *conf.Settings) { s.DataDir = "/a;b" },
		"MOHDir":            func(s *conf.Settings) { s.MOHDir = "/a/../../etc" },
		"HoldKK":            func(s *conf.Settings) { s.HoldKK = "/a&http://x" },
		"HoldRU":            func(s *conf.Settings) { s.HoldRU = "/a,noanswer)" },
		"Listen":            func(s *conf.Settings) { s.Listen = "localhost" },
		"HTTPListen":        func(s *conf.Settings) { s.HTTPListen = "0.0.0.0" },
		"External":          func(s *conf.Settings) { s.External = "1.2.3.4\nx=y" },
		"LocalNets":         func(s *conf.Settings) { s.LocalNets = []string{"10.0.0.0"} },
		"SIPPort":           func(s *conf.Settings) { s.SIPPort = 70000 },
		"HTTPPort":          func(s *conf.Settings) { s.HTTPPort = 0 },
		"RTPFirst":          func(s *conf.Settings) { s.RTPFirst, s.RTPLast = 10000, 10001 },
		"ARIUser":           func(s *conf.Settings) { s.ARIUser = "general" },
		"App":               func(s *conf.Settings) { s.App = "app)\nsame = n,System(x" },
		"ARIPassword":       func(s *conf.Settings) { s.ARIPassword = "secret;password" },
		"ARIPassword has 5": func(s *conf.Settings) { s.ARIPassword = "short" },
		"Lines":             func(s *conf.Settings) { s.Lines = []string{"_X."} },
		"Node":              func(s *conf.Settings) { s.Node = "a b" },
		"CallLimit":         func(s *conf.Settings) { s.CallLimit = time.Millisecond },
		"MaxCalls":          func(s *conf.Settings) { s.MaxCalls = -1 },
		"Verbose":           func(s *conf.Settings) { s.Verbose = 99 },
	} {
		t.Run(field, func(t *testing.T) {
			s := valid(t)
			dir := filepath.Join(s.StateDir, "etc")
			spoil(&s)
			err := conf.Render(dir, s)
			if err == nil || !strings.Contains(err.Error(), field) {
				t.Errorf("got %v, want an error about %s", err, field)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Error("the error shows the password")
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("something was written")
			}
		})
	}
}

// TestNoInjection renders any text that passes the check, and wants the files
// to have the same sections and the same number of lines as ever.
func TestNoInjection(t *testing.T) {
	state := t.TempDir()
	shape := func(s conf.Settings) (string, bool) {
		dir := filepath.Join(state, "etc")
		if conf.Render(dir, s) != nil {
			return "", false
		}
		var text strings.Builder
		for _, name := range []string{"asterisk.conf", "ari.conf", "extensions.conf", "pjsip.conf", "queues.conf", "musiconhold.conf"} {
			raw, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // a folder of this test
			if err != nil {
				return "", false
			}
			text.WriteString(name + " " + strings.Repeat("[]", len(sections(string(raw)))) + " " + strings.Repeat("|", strings.Count(string(raw), "\n")) + "\n")
			if strings.Count(string(raw), ";") > strings.Count(string(raw), "\n;") {
				text.WriteString("a comment in the middle of a line\n")
			}
		}
		return text.String(), true
	}
	base := valid(t)
	base.StateDir, base.HoldKK, base.HoldRU = state, "/a", "/b"
	want, ok := shape(base)
	if !ok {
		t.Fatal("the base does not render")
	}
	rapid.Check(t, func(t *rapid.T) {
		s := base
		text := rapid.OneOf(rapid.StringMatching(`[a-z]{1,8}`), rapid.String(), rapid.StringMatching(`[a-zA-Z0-9./_;\[\]=>,&|$(){}\n -]{1,20}`))
		s.ARIUser = text.Draw(t, "user")
		s.App = text.Draw(t, "app")
		s.HoldKK = "/" + text.Draw(t, "path")
		if got, ok := shape(s); ok && got != want {
			t.Errorf("the shape changed:\n%s\nwant:\n%s", got, want)
		}
	})
}

func TestAgentObjects(t *testing.T) {
	objects, err := conf.Agent{ID: "agent-1", Digest: queue.Credential("agent-1", "x"), Label: "Айгүл \"]\n;"}.Objects()
	if err != nil {
		t.Fatal(err)
	}
	var types []string
	for _, o := range objects {
		types = append(types, o.Type)
		for _, f := range o.Fields {
			if strings.ContainsAny(f.Value, "\n;]") {
				t.Errorf("%s %s = %q", o.Type, f.Attribute, f.Value)
			}
		}
	}
	if want := []string{"aor", "auth", "endpoint"}; !slices.Equal(types, want) {
		t.Errorf("objects %q, want %q", types, want)
	}
	for _, bad := range []conf.Agent{
		{ID: "", Digest: queue.Credential("", "x")},
		{ID: "anonymous", Digest: queue.Credential("anonymous", "x")},
		{ID: "a/b", Digest: queue.Credential("a/b", "x")},
		{ID: "a", Digest: "password"},
		{ID: strings.Repeat("a", 41), Digest: queue.Credential("a", "x")},
	} {
		if _, err := bad.Objects(); err == nil {
			t.Errorf("%+v was accepted", bad)
		}
	}
}
