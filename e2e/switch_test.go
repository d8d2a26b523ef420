package e2e_test

import (
	"syscall"
	"testing"

	"ikomek109/flows"
	"ikomek109/lab"
)

// sw is a scenario's Asterisk, with the configuration that ships.
type sw struct{ *lab.Asterisk }

const (
	ariUser     = "ikomek109"
	ariPassword = "only-for-this-test"
)

func newSwitch(t *testing.T, dir string) *sw {
	t.Helper()
	ast, err := lab.New(t.Context(), lab.Options{Dir: dir, Tools: shared.tools, User: ariUser, Password: ariPassword})
	if err != nil {
		t.Fatal(err)
	}
	s := &sw{ast}
	s.Conf.HoldKK, s.Conf.HoldRU = holdPath(t, flows.Kazakh), holdPath(t, flows.Russian)
	t.Cleanup(func() {
		s.stop(t)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func holdPath(t *testing.T, l flows.Language) string {
	t.Helper()
	p, _ := shared.flow.Phrase("fallback/hold")
	paths, _, err := shared.voice.Sounds(string(l), p.ID, p.Text.In(l), nil)
	if err != nil {
		t.Fatal(err)
	}
	return paths[0]
}

// expects sets the password that the program has to show.
func (s *sw) expects(password string) {
	s.Conf.ARIPassword, s.Opts.Password = password, password
}

func (s *sw) start(t *testing.T) {
	t.Helper()
	if err := s.Render(); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (s *sw) stop(t *testing.T) {
	if s.Running() == nil {
		return
	}
	_ = syscall.Kill(s.Running().Pid(), syscall.SIGCONT)
	if err := s.Stop(); err != nil {
		t.Error(err)
	}
}

// kill ends Asterisk as a crash would.
func (s *sw) kill(t *testing.T) {
	t.Helper()
	if err := syscall.Kill(s.Running().Pid(), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-s.Running().Done()
	s.stop(t)
}

// carries lists what Asterisk carries: channels and bridges, by id.
func (s *sw) carries(t *testing.T) []string {
	t.Helper()
	all, err := s.Carries(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}
