package deploy

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"syscall"
	"time"
)

// StartOptions say which Asterisk to start and how to know that it lives.
type StartOptions struct {
	// Tools has the Asterisk to run. Required.
	Tools *Tools
	// Dir is the folder of this instance: its lock and its output lie here.
	// Required; made when missing.
	Dir string
	// Claimed is Dir, when it was claimed already; Start claims it otherwise. It is
	// released when the Asterisk has stopped, or did not start.
	Claimed *Folder
	// Config is the path of asterisk.conf. Required.
	Config string
	// Listen and SIPPort are where it will take calls, for the check that
	// nothing else is there. Required.
	Listen  string
	SIPPort int
	// HTTP is ARI's address, like 127.0.0.1:8088; User and Password are
	// ARI's. Required.
	HTTP, User, Password string
	// StartTimeout bounds the start; default 30 s.
	StartTimeout time.Duration
	// Log is told of the start and the stop; default: nobody.
	Log *slog.Logger
}

// Asterisk is a running child. It ends with this process, however that ends.
type Asterisk struct {
	o      StartOptions
	cmd    *exec.Cmd
	output *os.File
	dead   chan struct{} // closed after the child was waited for
	err    error         // why it ended; read after dead is closed
	once   sync.Once
}

// defaultStartTimeout is some twenty times what a start takes.
const defaultStartTimeout = 30 * time.Second

// Start runs an Asterisk and returns when it is wholly up and answers ARI.
// Otherwise nothing is left running, and the error says why with its cure. The
// context bounds the start only; end the child by [Asterisk.Stop].
func Start(ctx context.Context, o StartOptions) (*Asterisk, error) {
	if o.StartTimeout == 0 {
		o.StartTimeout = defaultStartTimeout
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	a := &Asterisk{o: o, dead: make(chan struct{})}
	if a.o.Claimed == nil {
		folder, err := Claim(o.Dir)
		if err != nil {
			return nil, err
		}
		a.o.Claimed = folder
	}
	if err := o.portsFree(ctx); err != nil {
		a.release()
		return nil, err
	}
	begun := time.Now()
	if err := a.spawn(); err != nil { //nolint:contextcheck // the context bounds the start, not the child
		a.release()
		return nil, err
	}
	if err := a.await(ctx); err != nil {
		stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopPatience)
		defer cancel()
		return nil, errors.Join(err, a.Stop(stop))
	}
	o.Log.Info("asterisk started", "pid", a.Pid(), "version", o.Tools.AsteriskVersion, "took", time.Since(begun).Round(time.Millisecond))
	return a, nil
}

// portsFree tells a port in use before Asterisk does: it would only log it.
func (o StartOptions) portsFree(ctx context.Context) error {
	sip := net.JoinHostPort(o.Listen, strconv.Itoa(o.SIPPort))
	return errors.Join(
		portFree(ctx, "udp", sip, "SIP", "asterisk.sip_port"),
		portFree(ctx, "tcp", sip, "SIP", "asterisk.sip_port"),
		portFree(ctx, "tcp", o.HTTP, "ARI", "asterisk.http_port"),
	)
}

// spawn starts the child on a thread that lives as long as the child does: the
// kernel sends the parent-death signal when the *thread* that started a child
// ends, and the runtime ends threads as it likes.
func (a *Asterisk) spawn() error {
	output, err := os.OpenFile(filepath.Join(a.o.Dir, "asterisk.out"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fault("starting Asterisk", err, "check the folder's owner and the free space")
	}
	a.output = output
	a.cmd = a.o.Tools.Asterisk.Cmd(context.Background(), "-f", "-C", a.o.Config)
	a.cmd.Dir = a.o.Dir
	a.cmd.Stdout, a.cmd.Stderr = output, output
	a.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := a.cmd.Start(); err != nil {
			started <- err
			return
		}
		started <- nil
		a.err = a.cmd.Wait()
		close(a.dead)
	}()
	if err := <-started; err != nil {
		return fault("starting Asterisk", err, "run \"ikomek109 doctor\" to see which Asterisk is used")
	}
	return nil
}

// Pid is the child's process id.
func (a *Asterisk) Pid() int { return a.cmd.Process.Pid }

// Done is closed when the child has ended, whoever ended it.
func (a *Asterisk) Done() <-chan struct{} { return a.dead }

// release gives back what an instance holds besides the child.
func (a *Asterisk) release() {
	a.once.Do(func() {
		if a.output != nil {
			_ = a.output.Close()
		}
		a.o.Claimed.Release()
	})
}

// CLI runs one command of Asterisk's console and gives its output.
func (a *Asterisk) CLI(ctx context.Context, command string) (string, error) {
	out, err := a.o.Tools.Asterisk.Cmd(ctx, "-C", a.o.Config, "-rx", command).CombinedOutput()
	if err != nil {
		return string(out), fault("asking Asterisk's console", fmt.Errorf("%w: %s", err, firstLine(string(out))), "is it still running? see "+a.output.Name())
	}
	return string(out), nil
}
