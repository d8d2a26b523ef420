package deploy

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"syscall"
)

// wanted are the packages asked of Debian; what they need comes along.
// Music for those who wait is CC BY-SA 3.0 (opsound.org).
var wanted = []string{"asterisk", "espeak-ng", "sox", "asterisk-moh-opsound-wav"}

// needSpace is what an installation takes at its peak, in bytes.
const needSpace = 400 << 20

// Install makes the private copy if it is not there, and gives the tools in
// it, whatever the host may have.
func Install(ctx context.Context, o Options) (*Tools, error) {
	c, err := o.private(ctx)
	if err != nil {
		return nil, err
	}
	t := &Tools{}
	c.fill(t)
	return t, nil
}

// install makes the copy in dir. One process at a time; a second one waits and
// then finds the work done. What an earlier attempt downloaded is used again.
func (o Options) install(ctx context.Context, cache, dir string) (*copyOf, error) {
	unlock, err := o.lockCache(ctx, dir+".lock")
	if err != nil {
		return nil, err
	}
	defer unlock()
	if c, err := openCopy(dir, o.Modules); err == nil {
		return c, nil
	}
	if c, err := o.recheck(dir); err == nil {
		return c, nil
	}
	if err := enoughSpace(cache); err != nil {
		return nil, err
	}
	work := dir + ".work"
	c, err := o.build(ctx, work)
	if err != nil {
		return nil, err
	}
	return o.moveIn(c, work, dir)
}

// recheck takes a whole copy that was never checked for the modules now
// wanted, and checks it.
func (o Options) recheck(dir string) (*copyOf, error) {
	c, err := openCopy(dir, nil)
	if err != nil {
		return nil, err
	}
	if missing := missingModules(c.modDir(), o.Modules); len(missing) > 0 {
		return nil, errors.New("it lacks the module " + missing[0])
	}
	if missing := c.unresolved(o.allModules()); len(missing) > 0 {
		return nil, errors.New("it lacks the library " + missing[0])
	}
	c.Modules = union(c.Modules, o.allModules())
	return c, c.writeStamp()
}

func (o Options) allModules() []string { return union(o.Modules, o.Optional) }

// build downloads and unpacks a copy into work/copy and proves that it runs.
func (o Options) build(ctx context.Context, work string) (*copyOf, error) {
	a, err := newApt(ctx, o, work)
	if err != nil {
		return nil, err
	}
	all, err := a.plan(ctx)
	if err != nil {
		return nil, err
	}
	need, spare := split(all)
	c := &copyOf{dir: filepath.Join(work, "copy"), stamp: stamp{Suite: a.suite, Modules: o.allModules(), Packages: map[string]string{}}}
	if err := os.RemoveAll(c.dir); err != nil {
		return nil, fault("removing a half-made copy", err, "remove the folder "+work+" by hand")
	}
	if err := o.add(ctx, a, c, need); err != nil {
		return nil, err
	}
	// Packages thought to be needless are fetched after all when a library
	// turns out to be missing, as when Debian has moved it.
	if len(c.unresolved(c.Modules)) > 0 {
		if err := o.add(ctx, a, c, spare); err != nil {
			return nil, err
		}
	}
	o.report(Progress{Stage: StageVerify})
	if err := c.verify(ctx, o.Modules); err != nil {
		return nil, fault("trying the private copy of Asterisk", err,
			"remove the folder "+work+" and try again (a folder mounted noexec cannot hold it), "+ElsewhereCure)
	}
	return c, c.writeStamp()
}

// add downloads packages and unpacks them into c.
func (o Options) add(ctx context.Context, a *apt, c *copyOf, list []pkg) error {
	if err := a.download(ctx, list); err != nil {
		return err
	}
	for _, p := range list {
		c.Packages[p.name] = p.version
	}
	return o.unpack(ctx, a.debs(list), c.root())
}

// verify proves that a copy has its libraries, and runs.
func (c *copyOf) verify(ctx context.Context, modules []string) error {
	if missing := missingModules(c.modDir(), modules); len(missing) > 0 {
		return fmt.Errorf("the modules %v are missing", missing)
	}
	if missing := c.unresolved(c.Modules); len(missing) > 0 {
		return fmt.Errorf("the libraries %v are missing", missing)
	}
	t := &Tools{}
	c.fill(t)
	var err error
	if c.Asterisk, err = asteriskVersion(ctx, t.Asterisk); err != nil {
		return err
	}
	for _, tool := range []Command{t.Espeak, t.Sox} {
		if out, err := tool.Cmd(ctx, "--version").CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", tool.Args[len(tool.Args)-1], err, firstLine(string(out)))
		}
	}
	return nil
}

// moveIn puts a proven copy in its place in one step.
func (o Options) moveIn(c *copyOf, work, dir string) (*copyOf, error) {
	old := dir + ".old"
	err := errors.Join(os.RemoveAll(old), renameIfThere(dir, old), os.Rename(c.dir, dir))
	if err != nil {
		return nil, fault("moving the new copy of Asterisk to "+dir, err, "remove that folder by hand and try again")
	}
	_ = os.RemoveAll(old)
	_ = os.RemoveAll(work)
	return openCopy(dir, o.Modules)
}

func renameIfThere(from, to string) error {
	if err := os.Rename(from, to); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// writeStamp is the last write into a copy. It is on disk, whole, or not there.
func (c *copyOf) writeStamp() error {
	raw, err := json.MarshalIndent(c.stamp, "", "  ")
	if err != nil {
		return err
	}
	tmp := filepath.Join(c.dir, "stamp.new")
	if err := os.WriteFile(tmp, raw, 0o600); err != nil {
		return fault("writing the stamp of the private copy", err, "check the free space")
	}
	return os.Rename(tmp, filepath.Join(c.dir, "stamp.json"))
}

func enoughSpace(dir string) error {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(dir, &fs); err != nil {
		return nil //nolint:nilerr // a filesystem that does not tell is tried
	}
	free := fs.Bavail * uint64(fs.Bsize) //nolint:gosec // a block size is positive
	if free >= needSpace {
		return nil
	}
	return fault("making room for Asterisk in "+dir, fmt.Errorf("%d MB are free and %d MB are needed", free>>20, needSpace>>20),
		"free some space, or set XDG_CACHE_HOME to a folder on a larger disk, "+ElsewhereCure)
}

func union(a, b []string) []string {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}
