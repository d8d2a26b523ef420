package e2e_test

import (
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/lab"
	"ikomek109/phone"
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

// joined tells whether the call is in a bridge with another.
func (s *sw) joined(t *testing.T, call *phone.Call) bool {
	t.Helper()
	var channels []struct{ ID, Name string }
	var bridges []struct{ Channels []string }
	if err := errors.Join(s.Ask(t.Context(), "channels", &channels), s.Ask(t.Context(), "bridges", &bridges)); err != nil {
		return false
	}
	phones := map[string]string{} // names by id; a recording of the conversation is none
	for _, ch := range channels {
		if strings.HasPrefix(ch.Name, "PJSIP/") {
			phones[ch.ID] = ch.Name
		}
	}
	for _, b := range bridges {
		b.Channels = slices.DeleteFunc(b.Channels, func(id string) bool { return phones[id] == "" })
		if len(b.Channels) > 1 && slices.ContainsFunc(b.Channels, func(id string) bool { return s.callID(t, id) == call.Header("Call-ID") }) {
			return true
		}
	}
	return false
}

// callID is the Call-ID of a channel's call, empty when it is gone.
func (s *sw) callID(t *testing.T, channel string) string {
	t.Helper()
	var got struct{ Value string }
	what := "channels/" + url.PathEscape(channel) + "/variable?variable=" + url.QueryEscape("CHANNEL(pjsip,call-id)")
	if err := s.Ask(t.Context(), what, &got); err != nil {
		return ""
	}
	return got.Value
}

// records tells whether a recording is being written.
func (s *sw) records() bool {
	files, err := filepath.Glob(filepath.Join(s.Opts.Dir, "spool", "recording", "*"))
	return err == nil && slices.ContainsFunc(files, func(file string) bool {
		st, err := os.Stat(file)
		return err == nil && time.Since(st.ModTime()) < time.Second
	})
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
