package e2e_test

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"
)

// step carries out one line of a script.
func (s *scenario) step(words []string) error {
	verb := map[string]func([]string) error{
		"asterisk": s.onAsterisk, "program": s.onProgram, "caller": s.onCaller, "agent": s.onAgent,
		"log": s.onLog, "journal": s.onJournal, "roster": s.onRoster, "callbacks": s.onCallbacks, "callback": s.onCallback,
		"call": s.onCall, "wait": s.wait,
	}[words[0]]
	if len(words) == 1 {
		return errStep
	}
	if verb != nil {
		return verb(words[1:])
	}
	if a := s.actor(words[0]); a != nil {
		return s.onActor(a, words[1:])
	}
	return fmt.Errorf("no step begins with %q", words[0])
}

var errStep = errors.New("no such step")

// asterisk starts [queue_after=10s] | dies | freezes | thaws | expects PASSWORD
func (s *scenario) onAsterisk(words []string) error {
	switch words[0] {
	case "starts":
		return s.startAsterisk(words[1:])
	case "expects":
		s.sw.expects(words[1])
	case "dies":
		s.sw.kill(s.t)
	case "freezes":
		return syscall.Kill(s.sw.Running().Pid(), syscall.SIGSTOP)
	case "thaws":
		return syscall.Kill(s.sw.Running().Pid(), syscall.SIGCONT)
	default:
		return errStep
	}
	return nil
}

func (s *scenario) startAsterisk(words []string) (err error) {
	if len(words) == 1 {
		after, ok := strings.CutPrefix(words[0], "queue_after=")
		if !ok {
			return errStep
		}
		if s.sw.Conf.QueueAfter, err = time.ParseDuration(after); err != nil {
			return err
		}
	}
	s.sw.start(s.t)
	return nil
}

// program starts [--flag …] [key=value …] | is asked to stop | ends | stops | dies | is ready [within 5s] | is not ready [because TEXT] | logs TEXT
func (s *scenario) onProgram(words []string) error {
	switch strings.Join(words[:min(2, len(words))], " ") {
	case "is ready":
		return s.isReady(words[2:])
	case "is not":
		return s.isNotReady(words[3:])
	case "is asked":
		return s.program.cmd.Process.Signal(syscall.SIGTERM)
	}
	switch words[0] {
	case "starts":
		s.program.set = words[1:]
		s.program.start(s.t)
	case "ends":
		return s.program.ended(s.within)
	case "stops":
		s.program.signal(s.t, syscall.SIGTERM)
	case "dies":
		s.program.signal(s.t, syscall.SIGKILL)
	case "logs":
		text := strings.Join(words[1:], " ")
		if !eventually(s.t, s.within, func() bool { return strings.Contains(s.program.log.String(), text) }) {
			return errors.New("the log does not say so")
		}
	default:
		return errStep
	}
	return nil
}

func (s *scenario) isReady(rest []string) error {
	within, err := withinOf(rest, s.within)
	if err != nil {
		return err
	}
	return s.readiness(200, "", within)
}

func (s *scenario) isNotReady(rest []string) error {
	because := ""
	if len(rest) > 1 && rest[0] == "because" {
		because = strings.Join(rest[1:], " ")
	}
	return s.readiness(503, because, s.within)
}

func (s *scenario) readiness(want int, because string, within time.Duration) error {
	var got int
	var body string
	if eventually(s.t, within, func() bool {
		got, body = s.program.ready(s.t)
		return got == want && strings.Contains(body, because)
	}) {
		return nil
	}
	return fmt.Errorf("/readyz is %d after %s: %s", got, within, body)
}

// withinOf reads "within 5s".
func withinOf(words []string, otherwise time.Duration) (time.Duration, error) {
	if len(words) == 2 && words[0] == "within" {
		return time.ParseDuration(words[1])
	}
	if len(words) == 0 {
		return otherwise, nil
	}
	return 0, errStep
}

// wait 2s: for what can only be shown by time passing.
func (s *scenario) wait(words []string) error {
	d, err := time.ParseDuration(words[0])
	if err != nil {
		return err
	}
	pass(s.t, d)
	return nil
}
