package e2e_test

import (
	"context"
	"strings"
	"time"

	"ikomek109/phone"
)

// caller NAME dials [109] [unrecorded]: unrecorded when no program will take
// the call, so that no record of it can be asked for.
func (s *scenario) onCaller(words []string) error {
	if len(words) < 2 || words[1] != "dials" {
		return errStep
	}
	a := s.actor(words[0])
	if a == nil {
		var err error
		if a, err = s.newCaller(words[0]); err != nil {
			return err
		}
	}
	to, counts := "109", 1
	for _, w := range words[2:] {
		if w == "unrecorded" {
			counts = 0
			continue
		}
		to = w
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), s.within)
	defer cancel()
	if err := a.dial(ctx, s.address(to)); err != nil {
		return err
	}
	s.count(counts)
	return nil
}

// agent NAME [speaks kk] [knows health] [serves main] answers after 2s | never answers | is busy
func (s *scenario) onAgent(words []string) error {
	name, words := words[0], words[1:]
	add := []string{"agent", "add", name, "--name", name}
	flags := map[string]string{"speaks": "--languages", "knows": "--topics", "serves": "--queues"}
	for flags[words[0]] != "" {
		add = append(add, flags[words[0]], words[1])
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
		User: fields[1], Password: fields[3], Registrar: s.sw.Ports.SIPAddr(), Incoming: policy,
	})
	if err != nil {
		return err
	}
	a.agent = true
	return s.registers(a)
}

// NAME registers: again and again until it is accepted; the running program
// takes a new agent up within a second.
func (s *scenario) registers(a *actor) error {
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
