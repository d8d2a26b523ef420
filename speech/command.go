package speech

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// Command is a program and how it is started. It never goes through a shell.
type Command struct {
	// Path is the program's file, or its name to be looked up in PATH.
	Path string
	// Args come before all others: a loader's own arguments, for example.
	Args []string
	// Env is added to a small, clean environment (PATH, HOME, LANG): the
	// program sees none of our settings and secrets.
	Env []string
}

// Limits of a program.
const (
	maxOutput = 64 << 20 // bytes that it may print
	maxStderr = 400      // bytes of its complaint that we pass on
)

// errTooMuch stops a program that prints without end.
var errTooMuch = fmt.Errorf("it printed more than %d MB", maxOutput>>20)

// run is runOn for what is fed to the program by a pipe.
func (c Command) run(ctx context.Context, stdin []byte, args ...string) ([]byte, error) {
	return c.runOn(ctx, bytes.NewReader(stdin), args...)
}

// runOn starts the program with more arguments, feeds it stdin, and returns what
// it printed. The program and all it started are killed when ctx ends. A stdin
// that is a file becomes the program's own, which can then seek in it.
func (c Command) runOn(ctx context.Context, stdin io.Reader, args ...string) ([]byte, error) {
	if c.Path == "" {
		return nil, fmt.Errorf("no command is set: %w", exec.ErrNotFound)
	}
	argv := append(append([]string{}, c.Args...), args...)
	cmd := exec.CommandContext(ctx, c.Path, argv...) //nolint:gosec // the operator's own settings name the command
	cmd.Env = append(cleanEnv(), c.Env...)
	cmd.Stdin = stdin
	stdout := &bounded{limit: maxOutput}
	stderr := &bounded{limit: maxStderr, forget: true}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	if err == nil {
		return stdout.buf.Bytes(), nil
	}
	if cmd.Process != nil { // what it started may outlive it
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // mostly there is nothing left
	}
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case stdout.full:
		return nil, errTooMuch
	case stderr.buf.Len() > 0:
		return nil, fmt.Errorf("%w: %s", err, oneLine(stderr.buf.String()))
	}
	return nil, err
}

// String shows the program as a person would type it.
func (c Command) String() string {
	return strings.Join(append([]string{c.Path}, c.Args...), " ")
}

func cleanEnv() []string {
	env := []string{"LANG=C.UTF-8", "LC_ALL=C.UTF-8"}
	for _, name := range []string{"PATH", "HOME", "TMPDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

func oneLine(text string) string {
	return strings.Join(strings.Fields(strings.ToValidUTF8(text, "?")), " ")
}

// bounded keeps the first bytes written to it. When it is full it refuses, or
// forgets the rest.
type bounded struct {
	buf    bytes.Buffer
	limit  int
	forget bool
	full   bool
}

func (b *bounded) Write(p []byte) (int, error) {
	room := b.limit - b.buf.Len()
	if len(p) <= room {
		return b.buf.Write(p)
	}
	b.full = true
	b.buf.Write(p[:room])
	if b.forget {
		return len(p), nil
	}
	return room, errTooMuch
}

// Synth is a draft voice: a program that reads a text and gives a WAV.
type Synth struct {
	// Command is run for each clip. In its Args, {lang} stands for kk or ru,
	// {text-file} for a file that holds the text (without it the text comes by
	// standard input), {out} for the WAV file to write (without it the sound
	// is read from standard output).
	Command Command
	// Settings names the voice and its settings. Clips are rendered again when
	// it changes. Empty means the program's name and its Args.
	Settings string
	// Version names the program's version, with the same effect. Empty means
	// that VersionArgs is asked for it.
	Version string
	// VersionArgs, when given, replace Command.Args to print the version.
	VersionArgs []string

	// voices name the voice of a language, where that is not kk or ru.
	voices map[string]string
	// respell writes a text the way the voice must read it to say it right;
	// nil for a voice that reads what stands there.
	respell func(lang, text string) string
}

// espeakSettings are chosen to be understood over a telephone: slower than the
// voice's own 175 words a minute, a little lower, no pause after the end.
func espeakSettings() []string {
	return []string{"-v", "{lang}", "-s", "150", "-p", "45", "-a", "100", "-z", "-b", "1", "--stdin", "--stdout"}
}

// Espeak is the voice of espeak-ng, started by the given command. It speaks
// both languages, audibly as a machine.
func Espeak(c Command) Synth {
	base := c.Args
	c.Args = append(append([]string{}, base...), espeakSettings()...)
	return Synth{
		Command:     c,
		Settings:    "espeak-ng " + strings.Join(espeakSettings(), " ") + ", spelling " + spellingVersion,
		VersionArgs: append(append([]string{}, base...), "--version"),
		voices:      espeakVoices(),
		respell:     espeakSpelling,
	}
}

// espeakVoices are the files of the voices. Asked for a language, espeak-ng
// looks through the files of all its voices each time it is started.
func espeakVoices() map[string]string {
	return map[string]string{Kazakh: "trk/kk", Russian: "zle/ru"}
}

// spellingVersion is raised when espeakSpelling changes.
const spellingVersion = "1"

// espeakSpelling mends what espeak-ng reads wrong.
func espeakSpelling(lang, text string) string {
	if lang == Kazakh {
		return kkRespell(text)
	}
	return text
}

// settings is what the voice is told apart by.
func (s Synth) settings() string {
	if s.Settings != "" {
		return s.Settings
	}
	return filepath.Base(s.Command.Path) + " " + strings.Join(s.Command.Args, " ")
}

// version asks for the version of the program, without the places where its
// files lie: those differ between machines that may share the drafts.
func (s Synth) version(ctx context.Context) (string, error) {
	if s.Version != "" || len(s.VersionArgs) == 0 {
		return s.Version, nil
	}
	ask := s.Command
	ask.Args = s.VersionArgs
	out, err := ask.run(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("%s: %w", ask, err)
	}
	for word := range strings.FieldsSeq(string(out)) {
		if word[0] >= '0' && word[0] <= '9' && strings.Contains(word, ".") {
			return word, nil
		}
	}
	return "", errors.New(ask.String() + ": it printed no version")
}

// speak returns the WAV of a text. Files that the command asks for lie in a
// folder of their own below scratch.
func (s Synth) speak(ctx context.Context, scratch, lang, text string) ([]byte, error) {
	if s.respell != nil {
		text = s.respell(lang, text)
	}
	all := strings.Join(s.Command.Args, " ")
	byFile, toFile := strings.Contains(all, "{text-file}"), strings.Contains(all, "{out}")
	var dir string
	if byFile || toFile {
		var err error
		if dir, err = os.MkdirTemp(scratch, tempPrefix); err != nil {
			return nil, err
		}
		defer os.RemoveAll(dir) //nolint:errcheck // Prune takes what is left
	}
	in, out := filepath.Join(dir, "text"), filepath.Join(dir, "out.wav")
	stdin := []byte(text + "\n")
	if byFile {
		if err := os.WriteFile(in, stdin, 0o600); err != nil {
			return nil, err
		}
		stdin = nil
	}
	c := s.Command
	c.Args = make([]string, len(s.Command.Args))
	fill := strings.NewReplacer("{lang}", cmp.Or(s.voices[lang], lang), "{text-file}", in, "{out}", out)
	for i, a := range s.Command.Args {
		c.Args[i] = fill.Replace(a)
	}
	wav, err := c.run(ctx, stdin)
	if err != nil || !toFile {
		return wav, err
	}
	return readBounded(out, maxOutput)
}

// readBounded reads a whole file that must not be longer than limit bytes.
func readBounded(path string, limit int64) ([]byte, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if st.Size() > limit {
		return nil, fmt.Errorf("%s is longer than %d MB", path, limit>>20)
	}
	return os.ReadFile(path) //nolint:gosec // a path of our own
}
