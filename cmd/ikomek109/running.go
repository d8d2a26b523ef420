package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
)

// running is what a started line leaves for the other commands, in a file that
// only its owner can read: where it is, and how to get in.
type running struct {
	Pid      int    `json:"pid"`
	SIP      string `json:"sip"`
	ARI      string `json:"ari,omitempty"`
	User     string `json:"user,omitempty"`
	Password string `json:"password,omitempty"`
	Web      string `json:"web"`
	Given    bool   `json:"given,omitempty"` // somebody else's Asterisk

	password string // kept out of every print; written to the file alone
}

func runningPath(s config.Settings) string {
	return filepath.Join(s.Asterisk.Directory, "running.json")
}

// write leaves the note.
func (r *running) write(s config.Settings) error {
	note := *r
	note.Pid, note.Password = os.Getpid(), r.password
	raw, err := json.MarshalIndent(note, "", "  ") //nolint:gosec // G117: the file is its owner's alone
	if err != nil {
		return err
	}
	if err := makeFolderOf(runningPath(s)); err != nil {
		return err
	}
	return writePrivate(runningPath(s), raw)
}

func (r *running) remove(s config.Settings) error {
	if err := os.Remove(runningPath(s)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// readRunning finds the line that `run` started, if there is one.
func readRunning(s config.Settings) (*running, error) {
	raw, err := os.ReadFile(runningPath(s))
	if err != nil {
		return nil, fmt.Errorf("no line is running from %s: %w; start it with `make run`, or name an Asterisk in the settings", s.Asterisk.Directory, err)
	}
	var r running
	if err := json.Unmarshal(raw, &r); err != nil {
		return nil, fmt.Errorf("%s: %w; stop the line, delete the file and start again", runningPath(s), err)
	}
	return &r, nil
}

// writePrivate writes a file for its owner alone, whole or not at all.
func writePrivate(path string, raw []byte) error {
	temp := path + ".new"
	if err := os.WriteFile(temp, raw, 0o600); err != nil {
		return err
	}
	return os.Rename(temp, path)
}

// announce prints what to dial, as whom, and where to look.
func (p *program) announce(ctx context.Context, svc *service, r *running, took time.Duration) error {
	if err := r.write(svc.settings); err != nil {
		return err
	}
	agent, password, err := firstAgent(ctx, svc)
	if err != nil {
		return err
	}
	number := svc.settings.Line.Numbers[0]
	own, _ := net.InterfaceAddrs() // none known: this machine can call all the same
	at, also := reachedAt(r.SIP, own), ""
	web := "http://" + reachedAt(svc.web.Addr(), own)[0]
	if len(at) > 1 {
		also = "\n  Also at         " + strings.Join(at[1:], ", ")
	}
	fmt.Fprintf(p.out, `
%s answers (ready after %.1f s).

  Dial            sip:%s@%s   from any SIP phone; no password%s
  As an agent     user %s   password %s   server %s
                  then dial *11 ready, *12 pause, *10 off
  A first call    %s dial --keys "%s"
                  hears in Kazakh how to pay a bus fare; --wav call.wav keeps the sound
  Health          %s/readyz
  Figures         %s/metrics
  Stop            Ctrl-C

`, svc.settings.Line.Name, took.Seconds(), number, at[0], also, agent, password, at[0], selfPath(), firstCall, web, web)
	return nil
}

// firstCall is a script that goes the whole way of a self-service call:
// language, topic, question, the answer to its end, goodbye.
const firstCall = "wait:3 1 wait:6 3 wait:4 2 wait:21 3"

// selfPath is how this program was called, for a command to copy.
func selfPath() string {
	if filepath.Base(os.Args[0]) == os.Args[0] {
		return os.Args[0]
	}
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, os.Args[0]); err == nil && !strings.HasPrefix(rel, "..") {
			return rel
		}
	}
	return os.Args[0]
}

// firstAgentID is the agent that a first run makes, so that a newcomer has one.
const firstAgentID ivr.AgentID = "operator1"

// firstAgent gives an agent to try the line with. On an empty roster it makes
// one, and keeps the generated password in a file that only its owner can read.
func firstAgent(ctx context.Context, svc *service) (id ivr.AgentID, password string, err error) {
	agents, _, err := svc.store.Staff().Agents(ctx)
	if err != nil {
		return "", "", err
	}
	file := filepath.Join(svc.settings.Asterisk.Directory, string(firstAgentID)+".password")
	if len(agents) == 0 {
		return makeFirstAgent(ctx, svc, file)
	}
	raw, err := os.ReadFile(file) //nolint:gosec // a path of ours
	for _, a := range agents {
		if err == nil && a.ID == firstAgentID && queue.Credential(a.ID, string(raw)) == a.Credential {
			return a.ID, string(raw), nil
		}
	}
	return agents[0].ID, "as it was printed (`agent password` makes a new one)", nil
}

func makeFirstAgent(ctx context.Context, svc *service, file string) (ivr.AgentID, string, error) {
	password, err := queue.NewPassword()
	if err != nil {
		return "", "", err
	}
	if err := makeFolderOf(file); err != nil {
		return "", "", err
	}
	if err := writePrivate(file, []byte(password)); err != nil {
		return "", "", err
	}
	return firstAgentID, password, svc.store.Staff().Add(ctx, newAgent(firstAgentID, "Бірінші оператор", flows.Languages(), password))
}
