package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// oldestAsterisk is the first major version with all that is used of ARI.
const oldestAsterisk = 20

// versionTimeout bounds a program that is asked for its version.
const versionTimeout = 20 * time.Second

// Find gives the tools, installing a private copy when need be. Errors are of
// type [*Error] and carry their cure. A found private copy costs milliseconds.
func Find(ctx context.Context, o Options) (*Tools, error) {
	t := &Tools{}
	if err := o.given(ctx, t); err != nil {
		return nil, err
	}
	if !o.SkipHost {
		o.host(ctx, t)
	}
	if (o.Elsewhere || !t.Asterisk.Zero()) && !t.Espeak.Zero() && !t.Sox.Zero() {
		return t, nil
	}
	p, err := o.private(ctx)
	if err != nil {
		return nil, err
	}
	p.fill(t)
	return t, nil
}

// given takes the paths that the settings name; a wrong one is an error, not a
// reason to look elsewhere.
func (o Options) given(ctx context.Context, t *Tools) error {
	var errs []error
	for _, g := range []struct {
		name, path string
		to         *Command
	}{{"espeak-ng", o.Espeak, &t.Espeak}, {"sox", o.Sox, &t.Sox}} {
		if g.path == "" {
			continue
		}
		p, err := exec.LookPath(g.path)
		if err != nil {
			errs = append(errs, fault("using "+g.name, err, "correct the path in the settings, or leave it out"))
		}
		*g.to = Command{Path: p}
	}
	if o.Asterisk != "" {
		if err := o.useAsterisk(ctx, t, o.Asterisk, "settings"); err != nil {
			errs = append(errs, fault("using Asterisk at "+o.Asterisk, err, "correct the path in the settings, or leave it out"))
		}
	}
	return errors.Join(errs...)
}

// host takes what the machine has; an Asterisk too old or with modules missing
// is passed over.
func (o Options) host(ctx context.Context, t *Tools) {
	if t.Asterisk.Zero() && !o.Elsewhere {
		for _, name := range []string{"asterisk", "/usr/sbin/asterisk", "/usr/local/sbin/asterisk"} {
			if p, err := exec.LookPath(name); err == nil && o.useAsterisk(ctx, t, p, "host") == nil {
				break
			}
		}
	}
	if t.Espeak.Zero() {
		if p, err := exec.LookPath("espeak-ng"); err == nil {
			t.Espeak = Command{Path: p}
		}
	}
	if t.Sox.Zero() {
		if p, err := exec.LookPath("sox"); err == nil {
			t.Sox = Command{Path: p}
		}
	}
}

// useAsterisk fills in the Asterisk at path, or says why it will not do.
func (o Options) useAsterisk(ctx context.Context, t *Tools, path, source string) error {
	p, err := exec.LookPath(path)
	if err != nil {
		return err
	}
	c := Command{Path: p}
	version, err := asteriskVersion(ctx, c)
	if err != nil {
		return err
	}
	mods, err := o.modDir()
	if err != nil {
		return err
	}
	data, err := firstWith("documentation", o.DataDir, "/usr/share/asterisk", "/var/lib/asterisk", "/usr/local/share/asterisk", "/usr/local/var/lib/asterisk")
	if err != nil {
		return err
	}
	t.Asterisk, t.AsteriskVersion, t.ModDir, t.DataDir, t.Source = c, version, mods, data, source
	t.MOHDir = music(filepath.Join(data, "moh"))
	return nil
}

// modDir finds the host's folder of modules with every wanted one inside.
func (o Options) modDir() (string, error) {
	dirs := []string{o.ModDir}
	if o.ModDir == "" {
		found, _ := filepath.Glob("/usr/lib/*/asterisk/modules")
		dirs = append(found, "/usr/lib/asterisk/modules", "/usr/lib64/asterisk/modules", "/usr/local/lib/asterisk/modules")
	}
	err := fmt.Errorf("no folder of modules in %s", strings.Join(dirs, ", "))
	for _, d := range dirs {
		missing := missingModules(d, o.Modules)
		if len(missing) == 0 && exists(filepath.Join(d, "chan_pjsip.so")) {
			return d, nil
		}
		if len(missing) < len(o.Modules) {
			err = fmt.Errorf("%s lacks the modules %s", d, strings.Join(missing, ", "))
		}
	}
	return "", err
}

func missingModules(dir string, modules []string) []string {
	var missing []string
	for _, m := range modules {
		if !exists(filepath.Join(dir, m+".so")) {
			missing = append(missing, m)
		}
	}
	return missing
}

var versionPattern = regexp.MustCompile(`Asterisk (?:certified[/-])?((\d+)(?:\.\d+)*)`)

// asteriskVersion asks an Asterisk for its version and refuses an old one.
func asteriskVersion(ctx context.Context, c Command) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()
	out, err := c.Cmd(ctx, "-V").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("asking for its version: %w: %s", err, firstLine(string(out)))
	}
	m := versionPattern.FindStringSubmatch(string(out))
	if m == nil {
		return "", fmt.Errorf("it does not tell its version, but %q", firstLine(string(out)))
	}
	if major, err := strconv.Atoi(m[2]); err != nil || major < oldestAsterisk {
		return "", fmt.Errorf("it is version %s, and the oldest that will do is %d", m[1], oldestAsterisk)
	}
	return m[1], nil
}

func firstWith(inside string, dirs ...string) (string, error) {
	for _, d := range dirs {
		if d != "" && exists(filepath.Join(d, inside)) {
			return d, nil
		}
	}
	return "", fmt.Errorf("no data folder (one with %q inside) in %s", inside, strings.Join(dirs, " "))
}

// music gives dir if there is any sound in it.
func music(dir string) string {
	if found, _ := filepath.Glob(filepath.Join(dir, "*.wav")); len(found) > 0 {
		return dir
	}
	return ""
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}
