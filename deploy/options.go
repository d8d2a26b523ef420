package deploy

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
)

// Options say what to look for and where. The zero value looks for Asterisk,
// espeak-ng and sox, on the host and then in the user's cache.
type Options struct {
	// Asterisk, Espeak and Sox are paths that override the search.
	Asterisk, Espeak, Sox string
	// ModDir and DataDir belong to the given Asterisk; found when empty.
	ModDir, DataDir string
	// Modules must exist for an Asterisk to be taken, named without ".so".
	Modules []string
	// Optional modules are proven to load too when a private copy is made.
	Optional []string
	// Elsewhere says that the Asterisk runs elsewhere: none is needed here.
	Elsewhere bool
	// SkipHost leaves what the host has aside and uses the private copy.
	SkipHost bool
	// NoInstall makes Find fail rather than download.
	NoInstall bool
	// CacheDir is the folder of private copies; by default "ikomek109" in the
	// user's cache folder.
	CacheDir string
	// Mirror and Suite override where the packages come from: by default the
	// machine's own Debian mirror, and forky, then sid.
	Mirror, Suite string
	// Progress, when set, is told how an installation goes on. It is called
	// from one goroutine at a time and should return quickly.
	Progress func(Progress)
}

// Progress is one step of an installation. Total is 0 while it is unknown.
type Progress struct {
	Stage       Stage
	Done, Total int64
}

// Stage is a part of an installation.
type Stage string

// The stages of an installation, in order. Download counts bytes, Unpack
// counts packages.
const (
	StageWait     Stage = "wait"     // another process installs; we wait for it
	StageIndex    Stage = "index"    // reading the mirror's list of packages
	StageDownload Stage = "download" // Done and Total in bytes
	StageUnpack   Stage = "unpack"   // Done and Total in packages
	StageVerify   Stage = "verify"   // does everything run?
)

func (o Options) report(p Progress) {
	if o.Progress != nil {
		o.Progress(p)
	}
}

// cacheDir gives the folder of private copies, made if need be.
func (o Options) cacheDir() (string, error) {
	dir := o.CacheDir
	if dir == "" {
		dir = userCache()
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fault("making the cache folder", err,
			"set a folder that you may write to: XDG_CACHE_HOME, or HOME")
	}
	return dir, nil
}

// userCache is the user's own cache folder, or, where the environment names
// none (a bare service account), one below /var/tmp that carries the user id.
func userCache() string {
	base, err := os.UserCacheDir()
	if err != nil || !writable(base) {
		return filepath.Join("/var/tmp", "ikomek109-"+strconv.Itoa(os.Getuid()))
	}
	return filepath.Join(base, "ikomek109")
}

// writable reports whether dir can be made or written to.
func writable(dir string) bool {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return false
	}
	f, err := os.CreateTemp(dir, ".ikomek109-*")
	if err != nil {
		return false
	}
	_ = f.Close()
	return os.Remove(f.Name()) == nil
}

// Error is a fault with its cure. Cure is one or two sentences that say what
// to do; Unwrap gives the cause.
type Error struct {
	Op   string
	Err  error
	Cure string
}

// Error says what failed, why, and what to do.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v; %s", e.Op, e.Err, e.Cure) }

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

func fault(op string, err error, cure string) error {
	return &Error{Op: op, Err: err, Cure: cure}
}

// ElsewhereCure names the settings that use an Asterisk somewhere else, for
// messages about a machine that can have none.
const ElsewhereCure = "or use an Asterisk that runs elsewhere, by these three lines of settings: asterisk.url, asterisk.username, asterisk.password (espeak-ng and sox are needed here even then)"
