package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/ivr"
)

// The exit codes of every command.
const (
	exitOK       = 0
	exitFailed   = 1 // it was tried and did not work
	exitUsage    = 2 // the command line is wrong
	exitFindings = 3 // it worked, and there is something to mend
)

// stdio is where a command reads and writes: data on out, talk on err.
type stdio struct {
	in       *os.File
	out, err io.Writer
	// reload gives what asks a running line to publish the menu on disk. It is
	// called once, by a command that heeds it.
	reload func() <-chan struct{}
}

// program is what the commands share: the streams and how settings are named.
type program struct {
	stdio
	file string   // --config
	set  []string // --set key=value

	lines *bufio.Reader // of standard input, once a line was read
}

// exitError ends a command with a code of its own.
type exitError struct {
	code int
	err  error // nil when everything has been said already
}

func (e *exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exitError) Unwrap() error { return e.err }

// usage marks an error of the command line.
func usage(err error) error { return &exitError{exitUsage, err} }

// ofInput marks an error that tells what was wrong with what somebody gave on the
// command line.
func ofInput(err error) error {
	if ivr.CodeOf(err) == ivr.Invalid {
		return usage(err)
	}
	return err
}

// withCure adds what to do to an error of one kind that does not say it.
func withCure(err error, code ivr.Code, cure string) error {
	var e *ivr.Error
	if !errors.As(err, &e) || e.Code != code || e.Cure != "" {
		return err
	}
	told := *e
	told.Cure = cure
	return &told
}

// execute runs one command line and gives its exit code.
func execute(ctx context.Context, args []string, io stdio) int {
	out := &output{w: io.out}
	io.out = out
	p := &program{stdio: io}
	root := p.root()
	root.SetArgs(args)
	root.SetOut(io.out)
	root.SetErr(io.err)
	if io.in != nil {
		root.SetIn(io.in)
	}
	err := root.ExecuteContext(ctx)
	if out.err != nil && !errors.Is(err, out.err) {
		err = fmt.Errorf("standard output could not all be written: %w", out.err)
	}
	if err == nil {
		return exitOK
	}
	var e *exitError
	if !errors.As(err, &e) {
		e = &exitError{exitFailed, err}
	}
	if e.err != nil {
		fmt.Fprintln(io.err, "ikomek109:", printableLines(e.err.Error()))
	}
	return e.code
}

func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "ikomek109",
		Short: "A city's single helpline, 109, beside Asterisk",
		Long: `iKOMEK 109 answers a city's helpline: it speaks Kazakh and Russian, gives the
answers people ask for most, queues the rest to agents, and logs every call.

Data goes to standard output, talk to standard error.
Exit codes: 0 done, 1 failed, 2 wrong command line, 3 findings.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          noArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.PersistentFlags().StringVar(&p.file, "config", "", "settings `file` (default: see `ikomek109 check --settings`)")
	root.PersistentFlags().StringArrayVar(&p.set, "set", nil, "one setting as `key=value`, such as queue.ring_timeout=15s; may be given again")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return usage(fmt.Errorf("%w; see `%s --help`", err, cmd.CommandPath()))
	})
	root.AddCommand(p.runCmd(), p.serveCmd(), p.checkCmd(), p.agentCmd(), p.callsCmd(), p.messagesCmd(), p.conversationsCmd(), p.callbacksCmd(),
		p.modeCmd(), p.bulletinCmd(), p.incidentCmd(), p.pinCmd(), p.auditCmd(), p.backupCmd(),
		p.dialCmd(), p.doctorCmd(), p.versionCmd(),
		p.flowCmd(), p.promptsCmd(), p.testCmd(), p.simCmd(), p.graphCmd(), p.schemaCmd())
	return root
}

// noArgs refuses arguments as an error of the command line, with the cure.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasSubCommands() {
		return usage(fmt.Errorf("no command %q; see `%s --help`", args[0], cmd.CommandPath()))
	}
	return usage(fmt.Errorf("%q is one argument too many; see `%s --help`", args[0], cmd.CommandPath()))
}

// exactArgs asks for n arguments, named for the message.
func exactArgs(n int, names string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return usage(fmt.Errorf("%s needs %s; see `%s --help`", cmd.CommandPath(), names, cmd.CommandPath()))
	}
}

// settings reads the settings; flags of the command that config.Bind tied to
// keys win over all else.
func (p *program) settings(cmd *cobra.Command) (*config.Loaded, error) {
	loaded, err := config.Load(config.Options{File: p.file, Set: p.set, Flags: cmd.Flags()})
	if err != nil {
		return nil, &exitError{exitFindings, err}
	}
	for _, w := range loaded.Warnings {
		fmt.Fprintln(p.err, "ikomek109: warning:", printableLines(w.Error()))
	}
	return loaded, nil
}
