package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
)

// recipe names the way a private copy is made. A new recipe gets a new folder;
// the old one stays usable for an older checkout.
const recipe = "tools-1"

// stamp is written last into a private copy: only a copy with a stamp is whole.
type stamp struct {
	Asterisk string            `json:"asterisk"`
	Suite    string            `json:"suite"`
	Modules  []string          `json:"modules"`
	Packages map[string]string `json:"packages"`
}

// copyOf is a private copy on disk.
type copyOf struct {
	dir string
	stamp
}

// private gives the private copy, installing it when it is missing, broken, or
// was never checked for the modules now wanted.
func (o Options) private(ctx context.Context) (*copyOf, error) {
	cache, err := o.cacheDir()
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, recipe+"-"+runtime.GOARCH)
	if c, err := openCopy(dir, o.Modules); err == nil {
		tidyUp(dir)
		return c, nil
	} else if o.NoInstall {
		return nil, fault("using the private copy of Asterisk in "+dir, err, "run \"ikomek109 run\" once to install it, "+ElsewhereCure)
	}
	return o.install(ctx, cache, dir)
}

// tidyUp removes what an installation that was killed at its very end has left.
func tidyUp(dir string) {
	if !exists(dir + ".work") {
		return
	}
	if lock, _, err := flock(dir + ".lock"); err == nil {
		_ = os.RemoveAll(dir + ".work")
		_ = lock.Close()
	}
}

// openCopy reads the stamp and looks whether what it vouches for is there.
func openCopy(dir string, modules []string) (*copyOf, error) {
	raw, err := os.ReadFile(filepath.Join(dir, "stamp.json")) //nolint:gosec // in a folder of ours
	if err != nil {
		return nil, err
	}
	c := &copyOf{dir: dir}
	if err := json.Unmarshal(raw, &c.stamp); err != nil {
		return nil, err
	}
	if !c.checkedFor(modules) {
		return nil, errors.New("it was not checked for all modules now wanted")
	}
	for _, p := range append(c.programs(), c.loader(), c.dataDir()) {
		if !exists(p) {
			return nil, errors.New("it lacks " + p)
		}
	}
	if missing := missingModules(c.modDir(), modules); len(missing) > 0 {
		return nil, errors.New("it lacks the module " + missing[0])
	}
	return c, nil
}

func (c *copyOf) checkedFor(modules []string) bool {
	known := make(map[string]bool, len(c.Modules))
	for _, m := range c.Modules {
		known[m] = true
	}
	for _, m := range modules {
		if !known[m] {
			return false
		}
	}
	return true
}

// Paths inside the copy. Debian puts libraries below one folder per machine
// type, so that folder is looked for rather than named.
func (c *copyOf) root() string    { return filepath.Join(c.dir, "root") }
func (c *copyOf) dataDir() string { return filepath.Join(c.root(), "usr/share/asterisk") }
func (c *copyOf) modDir() string  { return filepath.Join(c.libDir(), "asterisk/modules") }

func (c *copyOf) libDir() string {
	found, _ := filepath.Glob(filepath.Join(c.root(), "usr/lib/*/libc.so.6"))
	if len(found) == 0 {
		return filepath.Join(c.root(), "usr/lib")
	}
	return filepath.Dir(found[0])
}

func (c *copyOf) loader() string {
	found, _ := filepath.Glob(filepath.Join(c.libDir(), "ld-linux-*.so.*"))
	if len(found) == 0 {
		return filepath.Join(c.libDir(), "ld-linux.so")
	}
	return found[0]
}

func (c *copyOf) programs() []string {
	r := c.root()
	return []string{r + "/usr/sbin/asterisk", r + "/usr/bin/espeak-ng", r + "/usr/bin/sox"}
}

// libDirs is where the copy's programs look for their libraries.
func (c *copyOf) libDirs() []string {
	lib := c.libDir()
	return []string{lib, lib + "/pulseaudio", lib + "/sox"}
}

// command runs a program of the copy by the copy's own loader, so that it uses
// the copy's libraries whatever the host has.
func (c *copyOf) command(program string, env ...string) Command {
	dirs := c.libDirs()
	path := dirs[0] + ":" + dirs[1] + ":" + dirs[2]
	return Command{Path: c.loader(), Args: []string{"--library-path", path, program}, Env: env}
}

// fill sets in t whatever is still missing there.
func (c *copyOf) fill(t *Tools) {
	p := c.programs()
	t.Root = c.root()
	if t.Asterisk.Zero() {
		t.Asterisk, t.AsteriskVersion, t.Source = c.command(p[0]), c.Asterisk, "private"
		t.ModDir, t.DataDir = c.modDir(), c.dataDir()
	}
	if t.MOHDir == "" {
		t.MOHDir = music(filepath.Join(c.dataDir(), "moh"))
	}
	if t.Espeak.Zero() {
		t.Espeak = c.command(p[1], "ESPEAK_DATA_PATH="+c.libDir())
	}
	if t.Sox.Zero() {
		t.Sox = c.command(p[2])
	}
}
