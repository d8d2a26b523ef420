package e2e_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// log of NAME has key=value …
func (s *scenario) onLog(words []string) error {
	if len(words) < 4 || words[0] != "of" || words[2] != "has" || s.actor(words[1]) == nil {
		return errStep
	}
	return s.logHas(s.actor(words[1]).number, words[3:])
}

// logHas waits until the newest record of a number is as it should be.
func (s *scenario) logHas(number string, want []string) error {
	var wrong error
	if eventuallyEvery(s.t, askEvery, s.within, func() bool {
		all, err := s.program.calls(s.t.Context())
		if err != nil {
			wrong = err
			return false
		}
		wrong = fmt.Errorf("no record of %s", number)
		for _, r := range all { // the newest comes first
			if shown, _ := r["caller"].(string); strings.HasSuffix(shown, number[len(number)-2:]) {
				wrong = r.compare(want)
				break
			}
		}
		return wrong == nil
	}) {
		return nil
	}
	return wrong
}

// journal of NAME has KIND [key=value …]: of the newest call of that number.
func (s *scenario) onJournal(words []string) error {
	if len(words) < 4 || words[0] != "of" || words[2] != "has" || s.actor(words[1]) == nil {
		return errStep
	}
	number, wrong := s.actor(words[1]).number, errStep
	if eventuallyEvery(s.t, askEvery, s.within, func() bool {
		wrong = s.journalHas(number, words[3], words[4:])
		return wrong == nil
	}) {
		return nil
	}
	return wrong
}

func (s *scenario) journalHas(number, kind string, want []string) error {
	all, err := s.program.calls(s.t.Context())
	if err != nil {
		return err
	}
	for _, r := range all { // the newest comes first
		if shown, _ := r["caller"].(string); !strings.HasSuffix(shown, number[len(number)-2:]) {
			continue
		}
		var call struct {
			Journal []struct {
				Kind   string
				Detail record
			}
		}
		if err := s.program.list(s.t.Context(), &call, "calls", "show", fmt.Sprint(r["id"]), "--json"); err != nil {
			return err
		}
		err = fmt.Errorf("no entry %s in %v", kind, call.Journal)
		for _, e := range call.Journal {
			if e.Kind == kind {
				if err = e.Detail.compare(want); err == nil {
					return nil
				}
			}
		}
		return err
	}
	return fmt.Errorf("no record of %s", number)
}

// roster of NAME has key=value …: as `agent list` prints the agent.
func (s *scenario) onRoster(words []string) error {
	if len(words) < 4 || words[0] != "of" || words[2] != "has" {
		return errStep
	}
	var wrong error
	if eventuallyEvery(s.t, askEvery, s.within, func() bool {
		var agents []record
		if wrong = s.program.list(s.t.Context(), &agents, "agent", "list", "--json"); wrong != nil {
			return false
		}
		wrong = fmt.Errorf("no agent %s", words[1])
		for _, a := range agents {
			if a["id"] == words[1] {
				wrong = a.compare(words[3:])
			}
		}
		return wrong == nil
	}) {
		return nil
	}
	return wrong
}

// callbacks are of NAME NAME …: who is to be called back, the longest waiting first.
func (s *scenario) onCallbacks(words []string) error {
	if len(words) < 3 || words[0] != "are" || words[1] != "of" {
		return errStep
	}
	var want []string
	for _, name := range words[2:] {
		a := s.actor(name)
		if a == nil {
			return errStep
		}
		want = append(want, a.number[len(a.number)-2:])
	}
	var list []record
	if err := s.program.list(s.t.Context(), &list, "callbacks", "--json"); err != nil {
		return err
	}
	var got []string
	for _, cb := range list {
		shown, _ := cb["number"].(string)
		got = append(got, shown[max(0, len(shown)-2):])
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("callbacks are of %v, not of %v; they are %v", got, want, list)
	}
	return nil
}

// callback is tried: the line has taken one up, for an agent who is free.
func (s *scenario) onCallback(words []string) error {
	if strings.Join(words, " ") != "is tried" {
		return errStep
	}
	var list []record
	var wrong error
	if !eventuallyEvery(s.t, askEvery, s.within, func() bool {
		wrong = s.program.list(s.t.Context(), &list, "callbacks", "--json")
		return wrong == nil && slices.ContainsFunc(list, func(cb record) bool { return cb["state"] == "trying" })
	}) {
		return errors.Join(wrong, fmt.Errorf("none is tried: %v", list))
	}
	return nil
}

// call is recorded: what somebody says is.
func (s *scenario) onCall(words []string) error {
	if strings.Join(words, " ") != "is recorded" {
		return errStep
	}
	if !eventually(s.t, s.within, s.sw.records) {
		return errors.New("nothing is recorded")
	}
	return nil
}

// compare checks fields: key=value; ~ before the value: the field begins with
// it; key> and a number: it is more; * anything, - nothing.
func (r record) compare(want []string) error {
	for _, w := range want {
		if key, least, ok := strings.Cut(w, ">"); ok {
			var n float64
			if _, err := fmt.Sscan(least, &n); err != nil {
				return err
			}
			if got, _ := r[key].(float64); got <= n {
				return fmt.Errorf("%s is %v, not more than %s; it is %v", key, r[key], least, r)
			}
			continue
		}
		if err := r.compareOne(w); err != nil {
			return err
		}
	}
	return nil
}

func (r record) compareOne(want string) error {
	key, value, _ := strings.Cut(want, "=")
	got := ""
	if r[key] != nil {
		got = fmt.Sprint(r[key])
	}
	switch {
	case value == "*" && got != "":
	case value == "-" && got == "":
	case strings.HasPrefix(value, "~") && strings.HasPrefix(got, value[1:]):
	case got == value:
	default:
		return fmt.Errorf("%s is %q, not %q; it is %v", key, got, value, r)
	}
	return nil
}
