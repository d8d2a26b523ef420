package e2e_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"ikomek109/e2e/hear"
	"ikomek109/flows"
	"ikomek109/phone"
)

// step carries out one line of a script.
func (s *scenario) step(words []string) error {
	switch words[0] {
	case "asterisk":
		return s.onAsterisk(words[1:])
	case "program":
		return s.onProgram(words[1:])
	case "caller":
		return s.onCaller(words[1:])
	case "agent":
		return s.onAgent(words[1:])
	case "log":
		return s.onLog(words[1:])
	case "wait":
		return s.wait(words[1:])
	}
	if a := s.actors[words[0]]; a != nil && len(words) > 1 {
		return s.onActor(a, words[1:])
	}
	return fmt.Errorf("no step begins with %q", words[0])
}

var errStep = errors.New("no such step")

// asterisk starts | dies | stops | freezes | thaws
func (s *scenario) onAsterisk(words []string) error {
	switch words[0] {
	case "starts":
		s.sw.start(s.t)
	case "dies":
		s.sw.kill(s.t)
	case "freezes":
		return syscall.Kill(s.sw.ast.Pid(), syscall.SIGSTOP)
	case "thaws":
		return syscall.Kill(s.sw.ast.Pid(), syscall.SIGCONT)
	default:
		return errStep
	}
	return nil
}

// program starts [key=value …] | stops | dies | is ready [within 5s] | is not ready | logs TEXT
func (s *scenario) onProgram(words []string) error {
	switch strings.Join(words[:min(2, len(words))], " ") {
	case "is ready":
		return s.readiness(words[2:], 200)
	case "is not":
		return s.readiness(words[3:], 503)
	}
	switch words[0] {
	case "starts":
		s.program.set = words[1:]
		s.program.start(s.t)
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

func (s *scenario) readiness(rest []string, want int) error {
	within, err := withinOf(rest, s.within)
	if err != nil {
		return err
	}
	var got int
	var body string
	if eventually(s.t, within, func() bool { got, body = s.program.ready(s.t); return got == want }) {
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

// caller NAME dials [as TEXT]
func (s *scenario) onCaller(words []string) error {
	if len(words) < 2 || words[1] != "dials" {
		return errStep
	}
	a := s.actors[words[0]]
	if a == nil {
		var err error
		if a, err = s.newCaller(words[0]); err != nil {
			return err
		}
	}
	to := "109"
	if len(words) == 3 {
		to = words[2]
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), s.within)
	defer cancel()
	if err := a.dial(ctx, s.address(to)); err != nil {
		return err
	}
	s.placed++
	return nil
}

// agent NAME [speaks kk] answers after 2s | never answers | is busy
func (s *scenario) onAgent(words []string) error {
	name, words := words[0], words[1:]
	add := []string{"agent", "add", name, "--name", name}
	if words[0] == "speaks" {
		add = append(add, "--languages", words[1])
		words = words[2:]
	}
	policy, err := policyOf(words)
	if err != nil {
		return err
	}
	out, err := s.program.do(s.t.Context(), add...)
	if err != nil {
		return err
	}
	fields := strings.Fields(out) // user NAME password PASSWORD
	a, err := s.newActor(name, name, phone.Options{
		User: fields[1], Password: fields[3], Registrar: s.sw.ports.SIPAddr(), Incoming: policy,
	})
	if err != nil {
		return err
	}
	// The running program takes the agent up within a second.
	var last error
	if !eventually(s.t, s.within, func() bool {
		ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Second)
		defer cancel()
		last = a.phone.Register(ctx)
		return last == nil
	}) {
		return last
	}
	return nil
}

func policyOf(words []string) (phone.Policy, error) {
	record := phone.DialOptions{Record: true}
	switch strings.Join(words[:min(2, len(words))], " ") {
	case "answers after":
		d, err := time.ParseDuration(words[2])
		return phone.AnswerAfter(d, record), err
	case "never answers":
		return phone.RingOnly(record), nil
	case "is busy":
		return phone.RejectWith(486), nil
	}
	return phone.Policy{}, errStep
}

// log of NAME has key=value …
func (s *scenario) onLog(words []string) error {
	if len(words) < 4 || words[0] != "of" || words[2] != "has" || s.actors[words[1]] == nil {
		return errStep
	}
	number := s.actors[words[1]].number
	var wrong error
	ok := eventually(s.t, s.within, func() bool {
		wrong = fmt.Errorf("no record of %s", number)
		for _, r := range s.program.calls(s.t) {
			if shown, _ := r["caller"].(string); strings.HasSuffix(shown, number[len(number)-2:]) {
				wrong = r.compare(words[3:])
			}
		}
		return wrong == nil
	})
	if ok {
		return nil
	}
	return wrong
}

// compare checks fields; ~ means that the field begins with it, * anything.
func (r record) compare(want []string) error {
	for _, w := range want {
		key, value, _ := strings.Cut(w, "=")
		got := fmt.Sprint(r[key])
		switch {
		case value == "*" && r[key] != nil && got != "":
		case strings.HasPrefix(value, "~") && strings.HasPrefix(got, value[1:]):
		case got == value:
		default:
			return fmt.Errorf("%s is %q, not %q; the record is %v", key, got, value, r)
		}
	}
	return nil
}

// wait 2s: for what can only be shown by time passing.
func (s *scenario) wait(words []string) error {
	d, err := time.ParseDuration(words[0])
	if err != nil {
		return err
	}
	eventually(s.t, d, func() bool { return false })
	return nil
}

// onActor is what somebody with a phone does.
func (s *scenario) onActor(a *actor, words []string) error {
	switch words[0] {
	case "hears":
		return s.hears(a, words[1:])
	case "misses":
		return s.misses(a, words[1:])
	case "presses":
		return s.presses(a, words[1:])
	case "dials":
		ctx, cancel := context.WithTimeout(s.t.Context(), s.within)
		defer cancel()
		return a.dial(ctx, s.address(words[1]))
	case "says":
		return s.says(a, words[1:])
	case "rings":
		return s.rings(a)
	case "picks": // up
		return s.picksUp(a)
	case "hangs":
		call, err := a.current()
		if err != nil {
			return err
		}
		return call.Hangup(s.t.Context())
	case "is":
		return s.ended(a)
	}
	return errStep
}

// NAME hears [the beginning of] LANG PHRASE [place=3] [within 10s]
func (s *scenario) hears(a *actor, words []string) error {
	want, err := s.phraseOf(words)
	if err != nil {
		return err
	}
	return a.hears(s.t, want)
}

// misses is the opposite of hears: the phrase was not heard in the whole call.
func (s *scenario) misses(a *actor, words []string) error {
	want, err := s.phraseOf(words)
	if err != nil {
		return err
	}
	prompt, err := want.sound()
	if err != nil {
		return err
	}
	call, err := a.current()
	if err != nil {
		return err
	}
	if m, ok := hear.Find(call.Heard().PCM, prompt, hear.Options{}); ok {
		return fmt.Errorf("%s heard %s after %s", a.name, want, m.At)
	}
	return nil
}

func (s *scenario) phraseOf(words []string) (heardWhat, error) {
	want := heardWhat{values: map[string]string{}, within: s.within}
	if strings.Join(words[:min(3, len(words))], " ") == "the beginning of" {
		want.start, words = time.Second, words[3:]
	}
	if len(words) < 2 {
		return want, errStep
	}
	want.language, want.id = flows.Language(words[0]), words[1]
	for i := 2; i < len(words); i++ {
		if name, value, ok := strings.Cut(words[i], "="); ok {
			want.values[name] = value
			continue
		}
		d, err := withinOf(words[i:], 0)
		want.within = d
		return want, err
	}
	return want, nil
}

// NAME presses KEYS [by info]
func (s *scenario) presses(a *actor, words []string) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	method := phone.RFC4733
	if len(words) == 3 && words[2] == "info" {
		method = phone.INFO
	}
	for i := range len(words[0]) {
		if _, err := call.SendKey(s.t.Context(), words[0][i], method); err != nil {
			return err
		}
	}
	return nil
}

// NAME says LANG PHRASE: speaks it into the phone.
func (s *scenario) says(a *actor, words []string) error {
	want, err := s.phraseOf(words)
	if err != nil {
		return err
	}
	pcm, err := want.sound()
	if err != nil {
		return err
	}
	call, err := a.current()
	if err != nil {
		return err
	}
	return call.Say(s.t.Context(), pcm)
}

// NAME rings: the phone is rung, once more than before.
func (s *scenario) rings(a *actor) error {
	if eventually(s.t, s.within, func() bool {
		a.mu.Lock()
		defer a.mu.Unlock()
		return a.rings > a.seen
	}) {
		a.mu.Lock()
		a.seen++
		a.mu.Unlock()
		return nil
	}
	return errors.New("it does not ring")
}

// NAME picks up: the phone that rings is answered, as its owner was told to.
func (s *scenario) picksUp(a *actor) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	select {
	case <-call.Answered():
		return nil
	case <-time.After(s.within):
		return errors.New("it is not answered")
	}
}

// NAME is hung up
func (s *scenario) ended(a *actor) error {
	call, err := a.current()
	if err != nil {
		return err
	}
	select {
	case <-call.Done():
		return nil
	case <-time.After(s.within):
		return errors.New("the call goes on")
	}
}
