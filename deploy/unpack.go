package deploy

import (
	"context"
	"debug/elf"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"golang.org/x/sync/errgroup"
)

// needless are the beginnings of names of packages that the wanted ones name,
// but that none of our modules uses; together more than half of the download.
// A mistake here costs time, not function: see build.
var needless = []string{
	"adduser", "asterisk-config", "asterisk-core-sounds", "dirmngr", "dpkg", "gnupg", "gpg", "iso-codes",
	"libaudit", "libcodec2", "libcurl", "libc-gconv", "libdb5", "libgcrypt", "libglib2", "libgmime", "libgnutls", "libgpg",
	"libhogweed", "libical", "libicu", "libiksemel", "libjack", "libjwt", "libldap", "libltdl-dev",
	"liblua", "libneon", "libnettle", "libnl-", "libodbc", "libp11", "libpam", "libpci", "libperl",
	"libportaudio", "libpq", "libradcli", "libsensors", "libsnmp", "libspandsp", "libsybdb", "libtiff",
	"libunbound", "libvo-amrwbenc", "libwebp", "libxt", "login", "mount", "openssl-provider", "passwd",
	"pci.ids", "perl", "pinentry", "tzdata", "libmagic-mgc", "libsamplerate", "libgmp", "libx11-data",
}

// split parts a plan into what is needed and what probably is not.
func split(all []pkg) (need, spare []pkg) {
	for _, p := range all {
		if hasPrefix(p.name, needless) {
			spare = append(spare, p)
		} else {
			need = append(need, p)
		}
	}
	return need, spare
}

func hasPrefix(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// unpack lays packages out below root, several at a time.
func (o Options) unpack(ctx context.Context, debs []string, root string) error {
	if err := os.MkdirAll(root, 0o700); err != nil {
		return fault("unpacking Asterisk", err, "check the free space")
	}
	var mu sync.Mutex // guards done, and keeps reports in order
	done := int64(0)
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.NumCPU())
	for _, deb := range debs {
		g.Go(func() error {
			if err := unpackOne(ctx, deb, root); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			done++
			o.report(Progress{Stage: StageUnpack, Done: done, Total: int64(len(debs))})
			return nil
		})
	}
	return g.Wait()
}

func unpackOne(ctx context.Context, deb, root string) error {
	cmd := exec.CommandContext(ctx, "dpkg-deb", "-x", deb, root) //nolint:gosec // file names from apt, no shell
	cmd.SysProcAttr = ownGroup()
	if out, err := cmd.CombinedOutput(); err != nil {
		return fault("unpacking "+filepath.Base(deb), fmt.Errorf("%w: %s", err, firstLine(string(out))),
			"check the free space of "+root+" and try again")
	}
	return nil
}

// unresolved lists the libraries that the copy's programs and these modules
// need, directly or not, and the copy lacks.
func (c *copyOf) unresolved(modules []string) []string {
	todo := c.programs()
	for _, m := range modules {
		if p := filepath.Join(c.modDir(), m+".so"); exists(p) {
			todo = append(todo, p)
		}
	}
	dirs := c.libDirs()
	seen := map[string]bool{}
	var missing []string
	for len(todo) > 0 {
		file := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, lib := range neededBy(file) {
			if seen[lib] {
				continue
			}
			seen[lib] = true
			if path, err := firstWithFile(lib, dirs); err == nil {
				todo = append(todo, path)
			} else {
				missing = append(missing, lib)
			}
		}
	}
	return missing
}

// neededBy reads which libraries a program or library names. What cannot be
// read is itself reported as missing.
func neededBy(file string) []string {
	f, err := elf.Open(file)
	if err != nil {
		return []string{filepath.Base(file)}
	}
	defer func() { _ = f.Close() }()
	libs, err := f.ImportedLibraries()
	if err != nil {
		return []string{filepath.Base(file)}
	}
	return libs
}

func firstWithFile(name string, dirs []string) (string, error) {
	for _, d := range dirs {
		if p := filepath.Join(d, name); exists(p) {
			return p, nil
		}
	}
	return "", os.ErrNotExist
}
