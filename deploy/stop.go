package deploy

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"
)

// stopPatience is how long an Asterisk that was told to end may take before it
// is killed. Calls hang up within milliseconds.
const stopPatience = 5 * time.Second

// Stop ends the child: it hangs up what calls there are and goes; if it has not
// gone in some seconds, or when ctx ends, it is killed. When Stop returns, no
// process of it is left. It may be called again, and from several goroutines.
func (a *Asterisk) Stop(ctx context.Context) error {
	defer a.release()
	select {
	case <-a.dead:
		return nil
	default:
	}
	if err := a.cmd.Process.Signal(syscall.SIGTERM); err == nil {
		patience := time.NewTimer(stopPatience)
		defer patience.Stop()
		select {
		case <-a.dead:
		case <-ctx.Done():
		case <-patience.C:
		}
	}
	// The group too: whatever it has started goes with it.
	if err := killGroup(a.cmd.Process); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fault("killing Asterisk", err, fmt.Sprintf("end process %d by hand", a.Pid()))
	}
	<-a.dead
	a.o.Log.Info("asterisk stopped", "pid", a.Pid())
	return nil
}
