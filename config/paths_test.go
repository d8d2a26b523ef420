package config_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ikomek109/config"
)

func TestPathsFollowTheMachine(t *testing.T) {
	home := isolate(t)
	got := load(t, config.Options{}).Settings
	for name, pair := range map[string][2]string{
		"store":      {got.Store.Path, filepath.Join(home, ".local/share/ikomek109/ikomek109.db")},
		"recordings": {got.Speech.Recordings, filepath.Join(home, ".local/share/ikomek109/recordings")},
		"prompts":    {got.Speech.Cache, filepath.Join(home, ".cache/ikomek109/prompts")},
		"deploy":     {got.Deploy.Cache, filepath.Join(home, ".cache/ikomek109")},
		"asterisk":   {got.Asterisk.Directory, filepath.Join(home, ".local/state/ikomek109/asterisk")},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s = %s, want %s", name, pair[0], pair[1])
		}
	}
}

func TestFindDirs(t *testing.T) {
	for _, c := range []struct {
		name string
		env  map[string]string
		want config.Dirs
	}{
		{"home", map[string]string{"HOME": "/h"}, config.Dirs{Config: "/h/.config/ikomek109", Data: "/h/.local/share/ikomek109", State: "/h/.local/state/ikomek109", Cache: "/h/.cache/ikomek109"}},
		{"xdg", map[string]string{"HOME": "/h", "XDG_CONFIG_HOME": "/c", "XDG_DATA_HOME": "/d", "XDG_STATE_HOME": "/s", "XDG_CACHE_HOME": "/k"}, config.Dirs{Config: "/c/ikomek109", Data: "/d/ikomek109", State: "/s/ikomek109", Cache: "/k/ikomek109"}},
		{"relative xdg is ignored", map[string]string{"HOME": "/h", "XDG_DATA_HOME": "d"}, config.Dirs{Config: "/h/.config/ikomek109", Data: "/h/.local/share/ikomek109", State: "/h/.local/state/ikomek109", Cache: "/h/.cache/ikomek109"}},
		{"service", map[string]string{"HOME": "/h", "STATE_DIRECTORY": "/var/lib/x:/var/lib/y", "CACHE_DIRECTORY": "/var/cache/x"}, config.Dirs{Config: "/h/.config/ikomek109", Data: "/var/lib/x", State: "/var/lib/x", Cache: "/var/cache/x"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := config.FindDirs(func(name string) string { return c.env[name] }); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}

func TestRelativePaths(t *testing.T) {
	isolate(t)
	work, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	file := write(t, "line: {flow: menu.yaml}\nspeech: {command: [./say, '{out}'], cache: ../c}\n")
	t.Setenv("IKOMEK109_STORE_PATH", "calls.db")
	got := load(t, config.Options{File: file}).Settings
	beside := filepath.Dir(file)
	for _, pair := range [][2]string{
		{got.Line.Flow, filepath.Join(beside, "menu.yaml")},
		{got.Speech.Command[0], filepath.Join(beside, "say")},
		{got.Speech.Cache, filepath.Join(filepath.Dir(beside), "c")},
		{got.Store.Path, filepath.Join(work, "calls.db")},
	} {
		if pair[0] != pair[1] {
			t.Errorf("got %s, want %s", pair[0], pair[1])
		}
	}
	fails(t, config.Options{Set: []string{"store.path=~/x.db"}}, "the sign ~ is not understood")
}

func TestWhichFileIsRead(t *testing.T) {
	home := isolate(t)
	put := func(name, level string) string {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("log: {level: "+level+"}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	expect := func(o config.Options, level, file string) {
		t.Helper()
		got := load(t, o)
		if got.Settings.Log.Level != level || got.File != file {
			t.Errorf("read %q with level %s, want %q with %s", got.File, got.Settings.Log.Level, file, level)
		}
	}
	expect(config.Options{}, "info", "")
	personal := put(filepath.Join(home, ".config/ikomek109/ikomek109.yaml"), "warn")
	expect(config.Options{}, "warn", personal)
	put("config/ikomek109.yaml", "error")
	expect(config.Options{}, "error", "config/ikomek109.yaml")
	named := put(filepath.Join(home, "named.yaml"), "debug")
	t.Setenv("IKOMEK109_CONFIG", named)
	expect(config.Options{}, "debug", named)
	expect(config.Options{File: personal}, "warn", personal)

	fails(t, config.Options{File: "gone.yaml"}, `flag --config: cannot read "gone.yaml": no such file`)
	fails(t, config.Options{File: home}, "is not a regular file")
	t.Setenv("IKOMEK109_CONFIG", "gone.yaml")
	fails(t, config.Options{}, `environment IKOMEK109_CONFIG: cannot read "gone.yaml"`)
}

func fails(t *testing.T, o config.Options, want string) {
	t.Helper()
	if _, err := config.Load(o); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("Load = %v, want an error with %q", err, want)
	}
}

func TestPasswordFile(t *testing.T) {
	isolate(t)
	const asterisk = "asterisk: {url: 'http://127.0.0.1:8088/ari', username: me, password_file: pw}\n"
	file := write(t, asterisk)
	pw := filepath.Join(filepath.Dir(file), "pw")
	o := config.Options{File: file}
	fails(t, o, "settings.yaml:1:75: asterisk.password_file: cannot read")
	for _, c := range []struct{ name, text, fault string }{
		{"newline", "se cret\n", ""},
		{"windows", "se cret\r\n", ""},
		{"bare", "se cret", ""},
		{"empty", "\n", "is empty"},
		{"two lines", "a\nb\n", "line break"},
		{"binary", "\xff\xfe", "control character"},
		{"large", strings.Repeat("x", 2000), "larger than 1 KB"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := os.WriteFile(pw, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			if c.fault != "" {
				fails(t, o, c.fault)
				return
			}
			if got := load(t, o).Settings.Asterisk.Password.Reveal(); got != "se cret" {
				t.Errorf("password = %q", got)
			}
		})
	}
	if err := os.WriteFile(pw, []byte("from file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Run("a stronger password wins", func(t *testing.T) {
		t.Setenv("IKOMEK109_ASTERISK_PASSWORD", "from env")
		if got := load(t, o).Settings.Asterisk.Password.Reveal(); got != "from env" {
			t.Errorf("password = %q", got)
		}
	})
	t.Run("a stronger file wins", func(t *testing.T) {
		t.Setenv("IKOMEK109_ASTERISK_PASSWORD_FILE", pw)
		direct := write(t, "asterisk: {url: 'http://127.0.0.1:8088/ari', username: me, password: weak}\n")
		got := load(t, config.Options{File: direct})
		if text := got.Settings.Asterisk.Password.Reveal(); text != "from file" {
			t.Errorf("password = %q", text)
		}
		if origin := got.Origin("asterisk.password").String(); origin != "environment IKOMEK109_ASTERISK_PASSWORD_FILE" {
			t.Errorf("origin = %s", origin)
		}
	})
	both := write(t, "asterisk: {url: 'http://127.0.0.1:8088/ari', username: me, password: a, password_file: "+pw+"}\n")
	fails(t, config.Options{File: both}, "is set, and so is asterisk.password")
}

func TestWarnings(t *testing.T) {
	isolate(t)
	t.Setenv("IKOMEK109_ASTERISK_PASWORD", "x")
	t.Setenv("IKOMEK109_NOTHING_LIKE_IT_AT_ALL", "x")
	file := write(t, "asterisk: {url: 'http://192.0.2.1:8088/ari', username: me, password: hunter2}\nweb: {listen: '0.0.0.0:1090'}\n")
	if err := os.Chmod(file, 0o666); err != nil { //nolint:gosec // G302: open on purpose, to be warned of
		t.Fatal(err)
	}
	got := load(t, config.Options{File: file})
	for _, want := range []string{
		"IKOMEK109_ASTERISK_PASWORD: sets nothing: there is no such setting; did you mean IKOMEK109_ASTERISK_PASSWORD?",
		"IKOMEK109_NOTHING_LIKE_IT_AT_ALL: sets nothing: there is no such setting; unset it",
		":1:17: asterisk.url: the password goes over the network in the clear",
		":1:70: asterisk.password: stands in a file that others can read",
		"anybody on this machine can change the settings", ":2:15: web.listen: health and figures can be read from the network",
	} {
		if !strings.Contains(got.Warnings.Error(), want) {
			t.Errorf("no warning %q in:\n%v", want, got.Warnings)
		}
	}
	if len(got.Warnings) != 6 || strings.Contains(got.Warnings.Error(), "hunter2") {
		t.Errorf("warnings:\n%v", got.Warnings)
	}
}

func TestDumpMasksAndTellsOrigins(t *testing.T) {
	isolate(t)
	file := write(t, "asterisk: {url: 'http://127.0.0.1:8088/ari', username: me, password: hunter2}\n")
	t.Setenv("IKOMEK109_LINE_NUMBERS", "109,110")
	got := load(t, config.Options{File: file, Set: []string{"queue.ring_timeout=1m"}})
	var table strings.Builder
	if err := got.Write(&table); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(got.Entries())
	if err != nil {
		t.Fatal(err)
	}
	whole, err := json.Marshal(got.Settings)
	if err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{table.String(), string(asJSON), string(whole)} {
		if strings.Contains(out, "hunter2") {
			t.Errorf("the secret is shown:\n%s", out)
		}
	}
	words := strings.Join(strings.Fields(table.String()), " ")
	for _, want := range []string{
		`asterisk.password ******** ` + file + `:1:70`, `queue.ring_timeout 1m flag --set`, `log.level "info" default`,
		`line.numbers ["109", "110"] environment IKOMEK109_LINE_NUMBERS`, `queue.longest_wait 0s default`,
	} {
		if !strings.Contains(words, want) {
			t.Errorf("no %q in:\n%s", want, table.String())
		}
	}
}

func TestBindRefuses(t *testing.T) {
	set := flags(t)
	for flag, key := range map[string]string{"level": "log.levle", "gone": "log.level", "unrelated": "asterisk.password"} {
		if err := config.Bind(set, flag, key); err == nil {
			t.Errorf("Bind(%s, %s) was accepted", flag, key)
		}
	}
}

func TestNeed(t *testing.T) {
	if err := config.Defaults().Asterisk.Need(); err == nil || !strings.Contains(err.Error(), "asterisk.username") {
		t.Errorf("Need = %v, want the three lines", err)
	}
	if err := (config.Asterisk{URL: "http://127.0.0.1/ari"}).Need(); err != nil {
		t.Errorf("Need = %v", err)
	}
}
