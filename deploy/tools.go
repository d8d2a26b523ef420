package deploy

import (
	"context"
	"os"
	"os/exec"
)

// Command is a program ready to run: its path, the arguments that always come
// first, and what is added to the environment.
type Command struct {
	Path string
	Args []string
	Env  []string
}

// Cmd builds the process for c with further arguments. It has its own process
// group, so that a Ctrl-C at the terminal does not reach it.
func (c Command) Cmd(ctx context.Context, args ...string) *exec.Cmd {
	all := append(append(make([]string, 0, len(c.Args)+len(args)), c.Args...), args...)
	cmd := exec.CommandContext(ctx, c.Path, all...) //nolint:gosec // found by Find, never through a shell
	cmd.Env = append(os.Environ(), c.Env...)
	cmd.SysProcAttr = ownGroup()
	return cmd
}

// Zero reports whether there is no such program.
func (c Command) Zero() bool { return c.Path == "" }

// Tools are the programs found by [Find].
type Tools struct {
	// Asterisk, Espeak and Sox are the programs. One that [Options] left out
	// is zero.
	Asterisk, Espeak, Sox Command
	// AsteriskVersion is like "22.10.1".
	AsteriskVersion string
	// ModDir holds Asterisk's modules, DataDir its documentation and such.
	ModDir, DataDir string
	// MOHDir holds music for those who wait; empty when there is none. The
	// private copy's music is CC BY-SA 3.0, see MOHDir's package.
	MOHDir string
	// Source says where Asterisk came from: "settings", "host" or "private".
	Source string
	// Root is the private copy's folder; empty when it is not in use.
	Root string
}
