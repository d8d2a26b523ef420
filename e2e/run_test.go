package e2e_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ikomek109/phone"
)

// newRun is a scenario whose program starts its own Asterisk: `run`, in a
// folder and on ports of its own.
func newRun(t *testing.T) *scenario {
	t.Helper()
	s := newScenario(t)
	p := s.program
	p.args = []string{"run"}
	p.env = append(os.Environ(), "XDG_STATE_HOME="+s.dir, "XDG_DATA_HOME="+s.dir, "XDG_CONFIG_HOME="+s.dir,
		"IKOMEK109_WEB_LISTEN="+p.web, "IKOMEK109_SPEECH_CACHE="+shared.cache,
		"IKOMEK109_ASTERISK_SIP_PORT="+strconv.Itoa(s.sw.Ports.SIP), "IKOMEK109_ASTERISK_HTTP_PORT="+strconv.Itoa(s.sw.Ports.HTTP),
		"IKOMEK109_ASTERISK_RTP_FROM="+strconv.Itoa(s.sw.Ports.RTPFirst), "IKOMEK109_ASTERISK_RTP_TO="+strconv.Itoa(s.sw.Ports.RTPLast),
	)
	t.Cleanup(func() {
		p.kill(t)
		eventually(t, 5*time.Second, func() bool { return len(processesOf(t, s.dir)) == 0 })
		for _, pid := range processesOf(t, s.dir) {
			_ = syscall.Kill(pid, syscall.SIGKILL) // of a run that did not clear up after itself
		}
	})
	return s
}

// processesOf finds the processes that were started with something of a folder.
func processesOf(t *testing.T, dir string) (pids []int) {
	t.Helper()
	lines, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range lines {
		raw, err := os.ReadFile(line) //nolint:gosec // one of /proc
		if err != nil || !strings.Contains(string(raw), dir) {
			continue // ended meanwhile, or somebody else's
		}
		if pid, err := strconv.Atoi(strings.Split(line, "/")[2]); err == nil && pid != os.Getpid() {
			pids = append(pids, pid)
		}
	}
	return pids
}

var asAgent = regexp.MustCompile(`user (\S+)\s+password (\S+)\s+server (\S+)`)

// announced waits for what a run prints when it answers, and gives the agent
// that it names.
func (s *scenario) announced() (user, password, server string) {
	s.t.Helper()
	var m []string
	if !eventually(s.t, time.Minute, func() bool { m = asAgent.FindStringSubmatch(s.program.out.String()); return m != nil }) {
		s.t.Fatalf("it does not say that it answers; it printed:\n%s", s.program.out)
	}
	return m[1], m[2], m[3]
}

// TestRun follows what `run` prints: as the first agent, and as a caller.
func TestRun(t *testing.T) {
	t.Parallel()
	s := newRun(t)
	s.program.start(t)
	user, password, server := s.announced()
	for _, want := range []string{"sip:109@" + server, "*11", "dial --keys", "/readyz", "/metrics"} {
		if !strings.Contains(s.program.out.String(), want) {
			t.Errorf("it does not print %q:\n%s", want, s.program.out)
		}
	}
	if server != s.sw.Ports.SIPAddr() {
		t.Errorf("the server is %s", server)
	}
	first, err := s.newActor("first", user, phone.Options{
		User: user, Password: password, Registrar: server, Incoming: phone.AnswerAfter(time.Second/2, phone.DialOptions{Record: true}),
	})
	if err != nil {
		t.Fatal(err)
	}
	first.agent = true
	s.must(`
program is ready within 1s
first registers
first dials *11
first hears kk agent/ready
first is hung up
caller ana dials
ana presses 20
first rings
first picks up
first presses 1
log of ana has agent=` + user + `
ana says ru agent/ready
first hears ru agent/ready
first hangs up
ana hears ru rating/text
ana presses 5
ana hears ru goodbye
ana is hung up
log of ana has outcome=served reason=goodbye agent=` + user + `
caller ben dials
ben hears kk welcome/text`)
	s.onlyHere()
	s.secondRun()
	s.program.signal(t, syscall.SIGTERM)
	s.nothingLeft()
	s.must("log of ben has outcome=callback reason=switch_lost")
	s.balance()

	// The same agent and password the next time, and soon.
	begun := time.Now()
	s.program.start(t)
	if again, same, _ := s.announced(); again != user || same != password {
		t.Errorf("the next run names %s %s", again, same)
	}
	if took := time.Since(begun); took > 30*time.Second { // 10 s on a machine that does nothing else
		t.Errorf("the second run took %s", took)
	}
	s.program.signal(t, syscall.SIGINT)
	s.nothingLeft()
}

// secondRun is refused by name, and harms nothing.
func (s *scenario) secondRun() {
	s.t.Helper()
	menu, err := os.ReadFile("../flows/109.yaml")
	if err != nil {
		s.t.Fatal(err)
	}
	edited := filepath.Join(s.dir, "edited.yaml")
	if err := os.WriteFile(edited, append(menu, "\n# edited\n"...), 0o600); err != nil { //nolint:gosec // a folder of the test
		s.t.Fatal(err)
	}
	before, err := s.program.do(s.t.Context(), "flow", "list")
	if err != nil {
		s.t.Fatal(err)
	}
	_, err = s.program.do(s.t.Context(), "run", "--set", "line.flow="+edited)
	if err == nil {
		s.t.Fatal("a second run in the same folder did not fail")
	}
	if pid := strconv.Itoa(s.program.cmd.Process.Pid); !strings.Contains(err.Error(), pid) {
		s.t.Errorf("it does not name the process %s: %v", pid, err)
	}
	if after, err := s.program.do(s.t.Context(), "flow", "list"); err != nil || after != before {
		s.t.Errorf("the menus were\n%s, and are\n%s, %v", before, after, err)
	}
	s.must("program is ready within 1s")
}

// nothingLeft checks that no process of the run lives.
func (s *scenario) nothingLeft() {
	s.t.Helper()
	if !eventually(s.t, 10*time.Second, func() bool { return len(processesOf(s.t, s.dir)) == 0 }) {
		s.t.Errorf("processes are left: %v", processesOf(s.t, s.dir))
	}
}

// TestRunKilled leaves an Asterisk without its program, with no chance to
// clear up; the next run answers all the same.
func TestRunKilled(t *testing.T) {
	t.Parallel()
	s := newRun(t)
	s.program.start(t)
	s.announced()
	s.must("caller ana dials\n ana hears kk welcome/text")
	s.program.signal(t, syscall.SIGKILL)
	s.program.start(t)
	s.announced()
	s.must("program is ready\n caller ben dials\n ben hears kk welcome/text\n ben hangs up\n log of ben has outcome=menu_hangup\n log of ana has outcome=*")
	s.program.signal(t, syscall.SIGTERM)
	s.nothingLeft()
	s.balance()
}

// TestRunLosesItsAsterisk says so and ends; who was cut off is to be called back.
func TestRunLosesItsAsterisk(t *testing.T) {
	t.Parallel()
	s := newRun(t)
	s.program.start(t)
	s.announced()
	s.must("caller ana dials\n ana hears kk welcome/text")
	for _, pid := range processesOf(t, filepath.Join(s.dir, "ikomek109", "asterisk", "etc", "asterisk.conf")) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
	if err := s.program.ended(30 * time.Second); err != nil {
		t.Fatal(err)
	}
	if log := s.program.log.String(); !strings.Contains(log, "ended by itself") {
		t.Errorf("it does not say what happened:\n%s", log)
	}
	s.nothingLeft()
	s.must("log of ana has outcome=callback reason=switch_lost")
	s.balance()
}

// TestRunPortInUse names the port, and what to do.
func TestRunPortInUse(t *testing.T) {
	t.Parallel()
	for name, port := range map[string]func(*scenario) string{
		"SIP":  func(s *scenario) string { return s.sw.Ports.SIPAddr() },
		"HTTP": func(s *scenario) string { return s.sw.Ports.HTTPAddr() },
		"web":  func(s *scenario) string { return s.program.web },
	} {
		s := newRun(t)
		var lc net.ListenConfig
		taken, err := lc.Listen(t.Context(), "tcp", port(s))
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		_, err = s.program.do(ctx, "run")
		cancel()
		_, number, _ := net.SplitHostPort(port(s))
		if err == nil || !strings.Contains(err.Error(), number) || !strings.Contains(err.Error(), "in use") {
			t.Errorf("%s: %v", name, err)
		}
		t.Logf("%s: %v", name, err)
		if err := taken.Close(); err != nil {
			t.Error(err)
		}
		s.nothingLeft()
	}
}
