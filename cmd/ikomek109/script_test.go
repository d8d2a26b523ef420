package main

import (
	"database/sql"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain lets the scripts of testdata run this program by its name.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"ikomek109": main})
}

// update rewrites the expected texts inside the scripts.
var update = flag.Bool("update", false, "rewrite the expected texts of the scripts") //nolint:gochecknoglobals // a flag of the tests

// TestScripts runs every command, rightly and wrongly, each script in folders
// of its own.
func TestScripts(t *testing.T) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = t.TempDir()
	}
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"), RequireExplicitExec: true, RequireUniqueNames: true,
		UpdateScripts: *update,
		Setup: func(e *testscript.Env) error {
			for _, v := range []string{"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"} {
				e.Setenv(v, filepath.Join(e.WorkDir, "home"))
			}
			e.Setenv("CACHE", filepath.Join(cache, "ikomek109"))
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "sql": runSQL, "locks": locks, "listens": listens,
			"tinydisk": tinyDisk, "voiced": voiced, "pipe": makePipe,
		},
	})
}

// condition tells what the scripts may count on.
func condition(name string) (bool, error) {
	switch name {
	case "root": // may write everywhere
		return os.Getuid() == 0, nil
	case "tinydisk":
		dir, err := os.MkdirTemp("", "ikomek109-disk-")
		if err != nil {
			return false, err
		}
		defer os.Remove(dir) //nolint:errcheck // a folder of /tmp
		return mountTiny(dir) == nil && syscall.Unmount(dir, 0) == nil, nil
	default:
		return false, fmt.Errorf("no condition %q", name)
	}
}

// mountTiny puts a disk of 16 KiB at dir.
func mountTiny(dir string) error { return syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=16k") }

// tinyDisk is "tinydisk FOLDER": makes the folder, a disk that is soon full.
func tinyDisk(ts *testscript.TestScript, _ bool, args []string) {
	dir := ts.MkAbs(args[0])
	ts.Check(os.Mkdir(dir, 0o700))
	ts.Check(mountTiny(dir))
	ts.Defer(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
}

// makePipe is "pipe FILE": makes a pipe into which nobody writes.
func makePipe(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(syscall.Mkfifo(ts.MkAbs(args[0]), 0o600))
}

// exits is "exits CODE ARGUMENTS…": runs ikomek109, which must end with CODE.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARGUMENTS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec("ikomek109", args[1:]...)
	got := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		got = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func openSQL(ts *testscript.TestScript, file string) *sql.DB {
	db, err := sql.Open("sqlite", ts.MkAbs(file))
	ts.Check(err)
	db.SetMaxOpenConns(1)
	return db
}

// runSQL is "sql FILE STATEMENT": changes a store behind the program's back.
func runSQL(ts *testscript.TestScript, _ bool, args []string) {
	db := openSQL(ts, args[0])
	_, err := db.Exec(args[1]) //nolint:noctx // a script has no context
	ts.Check(err)
	ts.Check(db.Close())
}

// locks is "locks FILE": holds the store's lock until the script ends.
func locks(ts *testscript.TestScript, _ bool, args []string) {
	db := openSQL(ts, args[0])
	ts.Defer(func() { _ = db.Close() })
	_, err := db.Exec(`BEGIN EXCLUSIVE`) //nolint:noctx // a script has no context
	ts.Check(err)
}

// listens is "listens VARIABLE": takes a port of loopback until the script
// ends, TCP and UDP, and answers nothing there.
func listens(ts *testscript.TestScript, _ bool, args []string) {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a script has no context
	ts.Check(err)
	ts.Defer(func() { _ = l.Close() })
	_, port, err := net.SplitHostPort(l.Addr().String())
	ts.Check(err)
	ts.Setenv(args[0], port)
}
