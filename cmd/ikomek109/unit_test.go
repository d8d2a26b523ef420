package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/config"
)

// The service of systemd, and its settings.
const (
	unitFile     = "../../deploy/systemd/ikomek109.service"
	unitSettings = "../../deploy/systemd/ikomek109.yaml"
	installed    = "/usr/local/bin/ikomek109"
)

// readUnit gives the lines of the unit's section [Service] by their keys.
func readUnit(t *testing.T) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	_, service, _ := strings.Cut(string(raw), "\n[Service]\n")
	service, _, _ = strings.Cut(service, "\n[")
	keys := map[string]string{}
	for line := range strings.Lines(service) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, value, found := strings.Cut(line, "=")
		if _, twice := keys[key]; !found || twice {
			t.Errorf("the line %q is no setting, or stands there twice", line)
		}
		keys[key] = value
	}
	return keys
}

// TestUnitStartsTheProgram holds the unit's command to those that there are, and
// its signal and its patience to what the program does with them.
func TestUnitStartsTheProgram(t *testing.T) {
	unit := readUnit(t)
	words := strings.Fields(unit["ExecStart"])
	if len(words) < 2 || words[0] != installed || words[1] != "serve" {
		t.Fatalf("ExecStart is %q", unit["ExecStart"])
	}
	for _, name := range []string{"serve", "run"} { // the unit's own words tell of the second
		p := &program{stdio: stdio{out: io.Discard, err: io.Discard}}
		cmd, rest, err := p.root().Find(append([]string{name}, words[2:]...))
		if err != nil || cmd.Name() != name {
			t.Fatalf("there is no command %s: %v", name, err)
		}
		if err := cmd.ParseFlags(rest); err != nil || cmd.Flags().NArg() > 0 {
			t.Errorf("%s: %v, and %q is left", name, err, cmd.Flags().Args())
		}
		if p.file != "/etc/ikomek109/ikomek109.yaml" {
			t.Errorf("%s reads the settings %q", name, p.file)
		}
	}
	if unit["ExecReload"] != "/bin/kill -HUP $MAINPID" {
		t.Errorf("ExecReload is %q", unit["ExecReload"])
	}
	// Of run: hanging up, the service, Asterisk, the store.
	longest := hangUpWithin + time.Minute + 15*time.Second + 20*time.Second
	if s, err := strconv.Atoi(unit["TimeoutStopSec"]); err != nil || time.Duration(s)*time.Second < longest {
		t.Errorf("a stop may take %s, and the unit kills after %q s", longest, unit["TimeoutStopSec"])
	}
}

// TestUnitFolders wants commands with the service's settings to mean the folders
// of the service, whether systemd's variables are there or not.
func TestUnitFolders(t *testing.T) {
	unit, dir := readUnit(t), t.TempDir()
	raw, err := os.ReadFile(unitSettings)
	if err != nil {
		t.Fatal(err)
	}
	password := filepath.Join(dir, "password")
	text := strings.Replace(string(raw), "/etc/ikomek109/ari.password", password, 1)
	file := filepath.Join(dir, "ikomek109.yaml")
	for name, content := range map[string]string{password: "secret", file: text, filepath.Join(dir, "empty.yaml"): "{}\n"} {
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("HOME", dir)
	typed := foldersOf(t, file)
	t.Setenv("STATE_DIRECTORY", "/var/lib/"+unit["StateDirectory"])
	t.Setenv("CACHE_DIRECTORY", "/var/cache/"+unit["CacheDirectory"])
	if given := foldersOf(t, filepath.Join(dir, "empty.yaml")); !slices.Equal(typed, given) {
		t.Errorf("typed:   %q\nsystemd: %q", typed, given)
	}
}

// foldersOf gives every path that settings put somewhere when nobody says where.
func foldersOf(t *testing.T, file string) []string {
	t.Helper()
	loaded, err := config.Load(config.Options{File: file})
	if err != nil {
		t.Fatal(err)
	}
	s := loaded.Settings
	return []string{
		s.Store.Path, s.Message.Directory, s.Recording.Directory, s.Speech.Recordings, s.Speech.Cache,
		s.Deploy.Cache, s.Asterisk.Directory,
	}
}

// TestUnitHasFewRights holds the unit to the least that the program needs.
func TestUnitHasFewRights(t *testing.T) {
	unit := readUnit(t)
	for key, want := range map[string]string{
		"User": "ikomek109", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "", "ProtectSystem": "strict",
		"ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "Restart": "always",
		// Asterisk reads the prompts, as another user.
		"StateDirectoryMode": "0711", "CacheDirectoryMode": "0755", "UMask": "0022",
	} {
		if got, ok := unit[key]; !ok || got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
}

// TestUnitVerifies asks systemd itself, where it is there, with this program in
// the place of the one that is not installed.
func TestUnitVerifies(t *testing.T) {
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("systemd is not on this machine")
	}
	raw, err := os.ReadFile(unitFile)
	if err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	unit := filepath.Join(t.TempDir(), "ikomek109.service")
	if err := os.WriteFile(unit, []byte(strings.Replace(string(raw), installed, self, 1)), 0o600); err != nil { //nolint:gosec // G703: the test's own folder
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), analyze, "verify", "--man=no", unit).CombinedOutput() //nolint:gosec // systemd's own
	if err != nil || strings.Contains(string(out), "ikomek109.service") {
		t.Errorf("%v\n%s", err, out)
	}
}
