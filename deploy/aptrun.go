package deploy

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// aptEnv gives apt plain English, so that its complaints can be told apart.
func aptEnv(conf string) []string {
	env := append(os.Environ(), "LC_ALL=C", "LANGUAGE=C", "DEBIAN_FRONTEND=noninteractive")
	if conf != "" {
		env = append(env, "APT_CONFIG="+conf)
	}
	return env
}

func (a *apt) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "apt-get", args...) //nolint:gosec // arguments are ours or apt's own names
	cmd.Dir = filepath.Join(a.work, "debs")
	cmd.Env = aptEnv("")
	cmd.Args = append([]string{"apt-get", "-c", filepath.Join(a.work, "apt.conf")}, args...)
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return killGroup(cmd.Process) }
	return cmd
}

// run runs apt-get and turns its complaints into an error with a cure.
func (a *apt) run(ctx context.Context, out io.Writer, args ...string) error {
	var complaint bytes.Buffer
	cmd := a.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = out, &complaint
	if err := cmd.Run(); err != nil {
		return a.explain(ctx, err, complaint.String())
	}
	return nil
}

// download fetches packages into the folder of debs; those already there, whole
// and with the right hash, are not fetched again.
func (a *apt) download(ctx context.Context, list []pkg) error {
	var total int64
	args := []string{"-q", "-o", "APT::Status-Fd=3", "download"}
	for _, p := range list {
		total += p.size
		args = append(args, p.name+"="+p.version)
	}
	a.o.report(Progress{Stage: StageDownload, Total: total})
	r, w, err := os.Pipe()
	if err != nil {
		return fault("downloading Asterisk", err, "try again")
	}
	var complaint bytes.Buffer
	cmd := a.command(ctx, args...)
	cmd.Stderr, cmd.ExtraFiles = &complaint, []*os.File{w}
	err = cmd.Start()
	_ = w.Close()
	if err == nil {
		a.follow(r, total)
		err = cmd.Wait()
	}
	_ = r.Close()
	if err != nil {
		return a.explain(ctx, err, complaint.String())
	}
	a.o.report(Progress{Stage: StageDownload, Done: total, Total: total})
	return nil
}

// follow reads apt's status lines, "dlstatus:3:42.5:Retrieving file 3 of 9",
// until apt closes them.
func (a *apt) follow(r io.Reader, total int64) {
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		f := strings.SplitN(lines.Text(), ":", 4)
		if len(f) < 3 || f[0] != "dlstatus" {
			continue
		}
		if percent, err := strconv.ParseFloat(f[2], 64); err == nil {
			a.o.report(Progress{Stage: StageDownload, Done: int64(percent / 100 * float64(total)), Total: total})
		}
	}
}

func (a *apt) debs(list []pkg) []string {
	files := make([]string, len(list))
	for i, p := range list {
		files[i] = filepath.Join(a.work, "debs", p.file)
	}
	return files
}

// complaints tells apart what apt may complain about, by words of its own.
var complaints = []struct{ op, words, cure string }{
	{"downloading Asterisk", "No space left|enough free space|Disk quota", "free some space, or set XDG_CACHE_HOME to a folder on a larger disk"},
	{
		"downloading Asterisk", "resolving|resolve|Could not connect|Unable to connect|Connection failed|Connection timed out|Cannot initiate|Network is unreachable|Connection refused",
		"the mirror cannot be reached: the first run needs a network once, later runs need none; check the network or the proxy of apt",
	},
	{"trusting the mirror", "NO_PUBKEY|not signed|couldn't be verified|BADSIG|EXPKEYSIG", "bring the package debian-archive-keyring up to date"},
	{"downloading Asterisk", "Hash Sum mismatch|unexpected size|404  Not Found", "the mirror is changing just now: try again in some minutes"},
	{"finding Asterisk's packages", "Unable to locate package|no installation candidate|does not have a Release file", "the mirror has no Asterisk: name another by the setting deploy.mirror"},
}

// explain turns apt's complaint into an error with a cure.
func (a *apt) explain(ctx context.Context, err error, complaint string) error {
	if ctx.Err() != nil {
		return fault("installing Asterisk", context.Cause(ctx), "run it again: what was downloaded is kept")
	}
	cause := fmt.Errorf("%w: %s", err, reason(complaint))
	for _, c := range complaints {
		for word := range strings.SplitSeq(c.words, "|") {
			if strings.Contains(complaint, word) {
				return fault(c.op, cause, c.cure+", "+ElsewhereCure)
			}
		}
	}
	return fault("installing Asterisk", cause, "try again, "+ElsewhereCure)
}

// reason picks apt's first error line, the rest being consequences.
func reason(complaint string) string {
	for _, prefix := range []string{"E: ", "Err:", "W: "} {
		for line := range strings.Lines(complaint) {
			if rest, ok := strings.CutPrefix(line, prefix); ok {
				return strings.TrimSpace(rest)
			}
		}
	}
	if complaint == "" {
		return errors.New("no reason given").Error()
	}
	return firstLine(complaint)
}
