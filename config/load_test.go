package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikomek109/config"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// isolate gives the test an environment and a working folder of its own.
func isolate(t *testing.T) string {
	t.Helper()
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "IKOMEK109_") || strings.HasPrefix(name, "XDG_") || strings.HasSuffix(name, "E_DIRECTORY") {
			t.Setenv(name, "")
			if err := os.Unsetenv(name); err != nil {
				t.Fatal(err)
			}
		}
	}
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Chdir(t.TempDir())
	return home
}

func write(t *testing.T, text string) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func load(t *testing.T, o config.Options) *config.Loaded {
	t.Helper()
	loaded, err := config.Load(o)
	if err != nil {
		t.Fatalf("Load: %v", err)
	}
	return loaded
}

func secrets() cmp.Option {
	return cmp.Comparer(func(a, b config.Secret) bool { return a.Reveal() == b.Reveal() })
}

func flags(t *testing.T, args ...string) *pflag.FlagSet {
	t.Helper()
	set := pflag.NewFlagSet("test", pflag.ContinueOnError)
	set.String("level", "", "")
	set.Int("sip-port", 0, "")
	set.StringSlice("numbers", nil, "")
	set.Duration("ring", 0, "")
	set.String("unrelated", "", "")
	for name, key := range map[string]string{
		"level": "log.level", "sip-port": "asterisk.sip_port", "numbers": "line.numbers", "ring": "queue.ring_timeout",
	} {
		if err := config.Bind(set, name, key); err != nil {
			t.Fatal(err)
		}
	}
	if err := set.Parse(args); err != nil {
		t.Fatal(err)
	}
	return set
}

func TestPrecedence(t *testing.T) {
	for _, c := range []struct {
		name, file, env string
		args, set       []string
		want, origin    string
	}{
		{name: "default", want: "info", origin: "default"},
		{name: "file", file: "log:\n  level: warn\n", want: "warn", origin: ":2:10"},
		{name: "env over file", file: "log: {level: warn}", env: "error", want: "error", origin: "environment IKOMEK109_LOG_LEVEL"},
		{name: "flag over env", file: "log: {level: warn}", env: "error", args: []string{"--level=debug"}, want: "debug", origin: "flag --level"},
		{name: "set over flag", args: []string{"--level=debug"}, set: []string{"log.level=warn"}, want: "warn", origin: "flag --set"},
		{name: "empty env is unset", file: "log: {level: warn}", env: "", want: "warn", origin: ":1:14"},
	} {
		t.Run(c.name, func(t *testing.T) {
			isolate(t)
			t.Setenv("IKOMEK109_LOG_LEVEL", c.env)
			o := config.Options{Flags: flags(t, c.args...), Set: c.set}
			if c.file != "" {
				o.File = write(t, c.file)
			}
			got := load(t, o)
			if got.Settings.Log.Level != c.want {
				t.Errorf("level = %q, want %q", got.Settings.Log.Level, c.want)
			}
			if origin := got.Origin("log.level").String(); !strings.HasSuffix(origin, c.origin) {
				t.Errorf("origin = %q, want …%q", origin, c.origin)
			}
		})
	}
}

func TestEveryTypeFromEverySource(t *testing.T) {
	isolate(t)
	want := load(t, config.Options{}).Settings
	t.Setenv("IKOMEK109_ASTERISK_HTTP_PORT", "18088")
	t.Setenv("IKOMEK109_QUEUE_LONGEST_WAIT", "1m30s")
	t.Setenv("IKOMEK109_SPEECH_COMMAND", `["say", "a,b"]`)
	t.Setenv("IKOMEK109_ASTERISK_PASSWORD", "p w")
	t.Setenv("IKOMEK109_SPEECH_RECORDED_ONLY", "true")
	file := write(t, "asterisk: {url: 'http://127.0.0.1:8088/ari', username: me, password: other}\nqueue: {capacity: 170}\n")
	got := load(t, config.Options{File: file, Flags: flags(t, "--numbers=109,1414", "--sip-port=5070", "--ring=15s")}).Settings
	want.Asterisk.HTTPPort = 18088
	want.Queue.LongestWait = 90 * time.Second
	want.Queue.RingTimeout = 15 * time.Second
	want.Speech.Command, want.Queue.Capacity = []string{"say", "a,b"}, 170
	want.Speech.RecordedOnly = true
	want.Asterisk.URL, want.Asterisk.Username = "http://127.0.0.1:8088/ari", "me"
	want.Asterisk.Password = config.NewSecret("p w")
	want.Asterisk.SIPPort = 5070
	want.Line.Numbers = []string{"109", "1414"}
	if diff := cmp.Diff(want, got, secrets()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
