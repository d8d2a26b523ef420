package deploy_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ikomek109/deploy"
	"ikomek109/lab"
)

// fakePath makes a PATH on which only these programs are, each a shell script.
func fakePath(t *testing.T, scripts map[string]string) {
	t.Helper()
	dir := t.TempDir()
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text+"\n"), 0o700); err != nil { //nolint:gosec // a program must be executable
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
}

// mirror is an apt that knows a mirror and otherwise does what tail says.
func mirror(tail string) map[string]string {
	return map[string]string{
		"dpkg-deb": "exit 0",
		"apt-get":  "case \"$*\" in *indextargets*) echo 'http://mirror.invalid/debian/ Debian'; exit 0;; esac\n" + tail,
	}
}

func TestInstallFaults(t *testing.T) {
	const elsewhere = "asterisk.url, asterisk.username, asterisk.password"
	for name, tt := range map[string]struct {
		scripts map[string]string
		words   []string
	}{
		"not Debian":    {nil, []string{"apt-get", "install Asterisk 20 or newer", elsewhere}},
		"no mirror":     {map[string]string{"dpkg-deb": "exit 0", "apt-get": "echo 'https://third.invalid/apt x'"}, []string{"mirror", "deploy.mirror", elsewhere}},
		"no network":    {mirror("echo \"E: Failed to fetch http://mirror.invalid/debian/dists: Temporary failure resolving 'mirror.invalid'\" >&2; exit 100"), []string{"Temporary failure resolving", "the first run needs a network once", elsewhere}},
		"no disk":       {mirror("echo 'E: Write error - write (28: No space left on device)' >&2; exit 100"), []string{"No space left", "free some space", elsewhere}},
		"not trusted":   {mirror("echo 'W: GPG error: NO_PUBKEY 0E98404D386FA1D9' >&2; exit 100"), []string{"NO_PUBKEY", "debian-archive-keyring", elsewhere}},
		"no package":    {mirror("case \"$*\" in *update*) exit 0;; esac; echo 'E: Unable to locate package asterisk' >&2; exit 100"), []string{"Unable to locate package asterisk", "deploy.mirror", elsewhere}},
		"an empty plan": {mirror("exit 0"), []string{"no list of packages", elsewhere}},
	} {
		t.Run(name, func(t *testing.T) {
			fakePath(t, tt.scripts)
			_, err := deploy.Find(t.Context(), deploy.Options{CacheDir: t.TempDir(), SkipHost: true})
			wantCure(t, err, tt.words...)
		})
	}
}

func TestNoInstall(t *testing.T) {
	_, err := deploy.Find(t.Context(), deploy.Options{CacheDir: t.TempDir(), SkipHost: true, NoInstall: true})
	wantCure(t, err, "private copy", "ikomek109 run")
}

func TestCancelledInstall(t *testing.T) {
	fakePath(t, mirror("exec /bin/sleep 30"))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	begun := time.Now()
	_, err := deploy.Install(ctx, deploy.Options{CacheDir: t.TempDir()})
	wantCure(t, err, "what was downloaded is kept")
	if took := time.Since(begun); took > 5*time.Second {
		t.Errorf("it took %s to give up", took)
	}
}

func TestGivenPaths(t *testing.T) {
	for name, tt := range map[string]struct {
		script string
		words  []string
	}{
		"too old":        {"echo 'Asterisk 18.10.0~dfsg'", []string{"version 18.10.0", "oldest that will do is 20"}},
		"something else": {"echo 'hello'", []string{"does not tell its version"}},
		"broken":         {"echo 'error while loading' >&2; exit 127", []string{"error while loading", "correct the path"}},
	} {
		t.Run(name, func(t *testing.T) {
			fakePath(t, map[string]string{"asterisk": tt.script})
			_, err := deploy.Find(t.Context(), deploy.Options{Asterisk: "asterisk", CacheDir: t.TempDir()})
			wantCure(t, err, tt.words...)
		})
	}
	_, err := deploy.Find(t.Context(), deploy.Options{Sox: "/no/such/sox", CacheDir: t.TempDir()})
	wantCure(t, err, "/no/such/sox", "correct the path")
}

// TestHostTooOld passes over an Asterisk on the host that will not do.
func TestHostTooOld(t *testing.T) {
	fakePath(t, map[string]string{"asterisk": "echo 'Asterisk 16.2.1'"})
	_, err := deploy.Find(t.Context(), deploy.Options{NoInstall: true, CacheDir: t.TempDir()})
	var e *deploy.Error
	if !errors.As(err, &e) || e.Op == "using Asterisk" {
		t.Errorf("got %v, want the search to go on to the private copy", err)
	}
}

// TestElsewhere needs no Asterisk on this machine when one runs elsewhere, but a
// voice all the same.
func TestElsewhere(t *testing.T) {
	o := deploy.Options{Elsewhere: true, NoInstall: true, CacheDir: t.TempDir()}
	fakePath(t, map[string]string{"espeak-ng": "", "sox": ""})
	tools, err := deploy.Find(t.Context(), o)
	if err != nil || tools.Espeak.Zero() || tools.Sox.Zero() || !tools.Asterisk.Zero() {
		t.Errorf("found %+v, %v", tools, err)
	}
	fakePath(t, map[string]string{"espeak-ng": ""})
	if _, err := deploy.Find(t.Context(), o); err == nil {
		t.Error("nothing is said of the sox that is missing")
	}
}

func TestToolsSpeak(t *testing.T) {
	found, err := lab.Tools(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for lang, text := range map[string]string{"kk": "Қайырлы күн", "ru": "Добрый день"} {
		wav := filepath.Join(dir, lang+".wav")
		if out, err := found.Espeak.Cmd(t.Context(), "-v", lang, "-w", wav, text).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", lang, err, out)
		}
		phone := filepath.Join(dir, lang+"-8k.wav")
		if out, err := found.Sox.Cmd(t.Context(), wav, "-r", "8000", "-c", "1", "-b", "16", phone).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", lang, err, out)
		}
		if info, err := os.Stat(phone); err != nil || info.Size() < 5000 {
			t.Errorf("%s: the sound is %v, %v", lang, info, err)
		}
	}
	if found.MOHDir == "" {
		t.Error("there is no hold music")
	}
}

func TestReserve(t *testing.T) {
	seen := map[int]bool{}
	for range 20 {
		p, err := deploy.Reserve(t.Context(), 30)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(p.Release)
		if p.RTPLast-p.RTPFirst+1 < 60 {
			t.Errorf("%d to %d is no room for 30 calls", p.RTPFirst, p.RTPLast)
		}
		for port := p.SIP; port <= p.RTPLast; port++ {
			if seen[port] {
				t.Fatalf("port %d was given out twice", port)
			}
			seen[port] = true
		}
	}
	if _, err := deploy.Reserve(t.Context(), 100_000); err == nil {
		t.Error("100000 calls were given ports")
	}
}
