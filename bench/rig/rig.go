package rig

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"ikomek109/deploy"
	"ikomek109/lab"
)

// Options say what to set up.
type Options struct {
	// Program is the path of the built program.
	Program string
	// Calls is how many calls there will be at once, at most.
	Calls int
	// Keep leaves the folder with the logs behind, for a look at a fault.
	Keep bool
	// Via gives the address by which the program reaches Asterisk's HTTP, from
	// Asterisk's own; nil: by that.
	Via func(ctx context.Context, asterisk string) (string, error)
	// StoreDir is where the program's store is; empty: in the rig's folder.
	StoreDir string
	// Settings are more settings of the program, such as IKOMEK109_LOG_LEVEL=debug.
	Settings []string
}

// Rig is a running Asterisk with a running program. Close ends both.
type Rig struct {
	opts    Options
	dir     string
	ast     *lab.Asterisk
	program *program
	web     string   // where it tells its figures
	env     []string // of the program
	tools   *deploy.Tools
}

// ariUser is the program's name at the bench's own Asterisk.
const ariUser = "bench"

// New sets everything up and returns when a call would be answered. On an error
// nothing is left running.
func New(ctx context.Context, o Options) (_ *Rig, err error) {
	r := &Rig{opts: o}
	defer func() { //nolint:contextcheck // the end is bounded by itself
		if err != nil {
			err = errors.Join(err, r.Close())
		}
	}()
	// A short path: the plain menu names a dozen files in one line.
	if r.dir, err = os.MkdirTemp("", "ik-bench-"); err != nil {
		return nil, err
	}
	r.tools, err = lab.Tools(ctx)
	if err != nil {
		return nil, err
	}
	m, err := newMenu(ctx, r.dir, r.tools)
	if err != nil {
		return nil, fmt.Errorf("the bench's prompts: %w", err)
	}
	if err := r.startAsterisk(ctx, m); err != nil {
		return nil, err
	}
	return r, r.startProgram(ctx, m)
}

// startAsterisk starts the configuration that ships, with the plain menu added.
// There is no music: those who wait in the bench wait in silence, so that the
// machine can carry a thousand of them.
func (r *Rig) startAsterisk(ctx context.Context, m *menu) (err error) {
	r.ast, err = lab.New(ctx, lab.Options{
		Dir: r.dir, Tools: r.tools, Calls: r.opts.Calls + 50, User: ariUser, Password: rand.Text(),
	})
	if err != nil {
		return err
	}
	r.ast.Conf.MOHDir = ""
	if err := r.ast.Render(); err != nil {
		return err
	}
	plain, err := m.dialplan()
	if err != nil {
		return err
	}
	if err := appendTo(filepath.Join(filepath.Dir(r.ast.Opts.Config), "extensions.conf"), plain); err != nil {
		return err
	}
	return r.ast.Start(ctx)
}

func appendTo(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0o600) //nolint:gosec // a path of ours
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}

// LineAddress is where the program answers.
func (r *Rig) LineAddress() string { return "sip:109@" + r.ast.Ports.SIPAddr() }

// PlainAddress is where the same menu answers without the program.
func (r *Rig) PlainAddress() string { return "sip:" + plainNumber + "@" + r.ast.Ports.SIPAddr() }

// SIPAddr is where phones register.
func (r *Rig) SIPAddr() string { return r.ast.Ports.SIPAddr() }

// Asterisk is the one that the program works on.
func (r *Rig) Asterisk() *lab.Asterisk { return r.ast }

// AsteriskPid is the process id of Asterisk.
func (r *Rig) AsteriskPid() int { return r.ast.Running().Pid() }

// AsteriskVersion is like "22.10.1".
func (r *Rig) AsteriskVersion() string { return r.tools.AsteriskVersion }

// Tools are the programs that the rig was set up with.
func (r *Rig) Tools() *deploy.Tools { return r.tools }

// ProgramPid is the process id of the program.
func (r *Rig) ProgramPid() int { return r.program.cmd.Process.Pid }

// Close ends the program and Asterisk and removes what they wrote.
func (r *Rig) Close() error {
	var errs []error
	if r.program != nil {
		errs = append(errs, r.program.stop())
	}
	if r.ast != nil {
		errs = append(errs, r.ast.Close())
	}
	if r.dir != "" && !r.opts.Keep {
		errs = append(errs, os.RemoveAll(r.dir))
	}
	return errors.Join(errs...)
}

// Keep leaves the folder behind at the Close.
func (r *Rig) Keep() { r.opts.Keep = true }

// Dir is the folder of the rig: the logs lie there.
func (r *Rig) Dir() string { return r.dir }
