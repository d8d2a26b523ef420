package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// hangupChild is in the environment of the child that is sent SIGHUP.
const hangupChild = "IKOMEK109_TEST_HANGUP"

// TestHangups has SIGHUP mean "publish" for a program without a terminal, and
// for one whose terminal is still there; and "stop" when it was closed.
func TestHangups(t *testing.T) {
	if os.Getenv(hangupChild) != "" {
		beHungUp()
		return
	}
	t.Run("no terminal", func(t *testing.T) {
		child, says := startChild(t, nil)
		hear(t, says, "ready")
		send(t, child)
		hear(t, says, "asked")
		send(t, child)
		hear(t, says, "asked")
	})
	t.Run("a terminal that is closed", func(t *testing.T) {
		master, slave := openTerminal(t)
		child, says := startChild(t, slave)
		hear(t, says, "ready")
		send(t, child)
		hear(t, says, "asked")
		if err := master.Close(); err != nil {
			t.Fatal(err)
		}
		hear(t, says, "stopped")
	})
}

// beHungUp is the child: it says what its signals mean.
func beHungUp() {
	stopped := make(chan struct{})
	asked := hangups(func() { close(stopped) })
	fmt.Fprintln(os.Stderr, "ready")
	for {
		select {
		case <-asked:
			fmt.Fprintln(os.Stderr, "asked")
		case <-stopped:
			fmt.Fprintln(os.Stderr, "stopped")
			return
		}
	}
}

// startChild starts this test program in a session of its own, on a terminal
// if there is one, and gives what it says.
func startChild(t *testing.T, terminal *os.File) (*exec.Cmd, <-chan string) {
	t.Helper()
	heeded := make(chan os.Signal, 1)
	signal.Notify(heeded, syscall.SIGHUP) // else a child of tests under nohup ignores it, too
	t.Cleanup(func() { signal.Stop(heeded) })
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestHangups$") //nolint:gosec // this program itself
	child.Env = append(os.Environ(), hangupChild+"=1")
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGKILL}
	if terminal != nil {
		child.Stdin, child.SysProcAttr.Setctty = terminal, true
	}
	out, err := child.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = child.Process.Kill(); _ = child.Wait() })
	says := make(chan string, 16)
	go read(out, says)
	return child, says
}

func read(from io.Reader, into chan<- string) {
	defer close(into)
	for lines := bufio.NewScanner(from); lines.Scan(); {
		into <- lines.Text()
	}
}

func hear(t *testing.T, says <-chan string, want string) {
	t.Helper()
	select {
	case got := <-says:
		if got != want {
			t.Fatalf("the child says %q, want %q", got, want)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("the child does not say %q", want)
	}
}

func send(t *testing.T, child *exec.Cmd) {
	t.Helper()
	if err := child.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
}

// openTerminal makes a terminal: closing the master closes it.
func openTerminal(t *testing.T) (master, slave *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("this machine has no terminals to give: %v", err)
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slave.Close() })
	return master, slave
}
