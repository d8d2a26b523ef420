package deploy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrHeld tells that another process holds what was asked for.
var ErrHeld = errors.New("held by another process")

// flock takes the lock of the file at path without waiting, and writes this
// process's id into it. The kernel lets go of it when the process ends,
// however it ends. On ErrHeld, holder is the other process's id, 0 if unknown.
func flock(path string) (file *os.File, holder int, err error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600) //nolint:gosec // a path of ours
	if err != nil {
		return nil, 0, err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		raw := make([]byte, 20)
		n, _ := f.Read(raw)
		holder, _ = strconv.Atoi(strings.TrimSpace(string(raw[:n])))
		_ = f.Close()
		return nil, holder, ErrHeld
	}
	if err != nil {
		_ = f.Close()
		return nil, 0, err
	}
	_ = f.Truncate(0)
	_, _ = f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return f, 0, nil
}

// lockCache waits for the right to install.
func (o Options) lockCache(ctx context.Context, path string) (unlock func(), err error) {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	told := false
	for {
		f, holder, err := flock(path)
		if err == nil {
			return func() { _ = f.Close() }, nil
		}
		if !errors.Is(err, ErrHeld) {
			return nil, fault("locking "+path, err, "check the owner of that folder")
		}
		if !told {
			o.report(Progress{Stage: StageWait})
			told = true
		}
		select {
		case <-ctx.Done():
			return nil, fault("waiting for another installation", context.Cause(ctx),
				fmt.Sprintf("process %d is installing Asterisk into the same folder: wait for it, or end it", holder))
		case <-tick.C:
		}
	}
}
