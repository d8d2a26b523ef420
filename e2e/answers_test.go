package e2e_test

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"ikomek109/flows"
	"ikomek109/phone"
)

// leaf is an answer of the menu and the keys that lead to it.
type leaf struct {
	keys     string
	language flows.Language
	node     string
	category string
}

// leaves walks the menu as the engine does, two topics deep.
func leaves() []leaf {
	var all []leaf
	for i, l := range flows.Languages() {
		for topic := '1'; topic <= '5'; topic++ {
			for sub := '1'; sub <= '5'; sub++ {
				keys := fmt.Sprintf("%d%c%c", i+1, topic, sub)
				if state, ok := walk(keys); ok {
					all = append(all, leaf{keys: keys, language: l, node: state.Node, category: state.Category})
				}
			}
		}
	}
	return all
}

// walk presses keys; ok when the last of them leads to an answer.
func walk(keys string) (flows.State, bool) {
	env := flows.Env{Now: time.Now(), Mode: "daily"}
	r := shared.flow.Step(shared.flow.Begin(env).State, flows.Played{}, env) // the welcome
	before := r.State
	for _, key := range keys {
		before = r.State
		r = shared.flow.Step(r.State, flows.Key{Digit: key}, env)
	}
	return r.State, shared.flow.KindOf(r.State.Node) == "answer" && r.State.Node != before.Node
}

// TestAnswers has one caller hear each answer of the menu, all at once.
func TestAnswers(t *testing.T) {
	t.Parallel()
	all := leaves()
	if len(all) < 20 {
		t.Fatalf("the menu has %d answers in two languages; were they found?", len(all))
	}
	s := ready(t)
	var callers errgroup.Group
	callers.SetLimit(9) // their ears need the processor, too
	for i, l := range all {
		callers.Go(func() error { return s.hearAnswer(l, i) })
	}
	if err := callers.Wait(); err != nil {
		t.Error(err)
	}
	s.balance()
}

func (s *scenario) hearAnswer(l leaf, i int) error {
	number := fmt.Sprintf("+770100000%02d", i)
	a, err := s.newActor(number, number, phone.Options{Identity: &phone.Party{User: number}})
	if err != nil {
		return err
	}
	for _, words := range [][]string{
		{"caller", number, "dials"},
		{number, "presses", l.keys},
		{number, "hears", string(l.language), l.node + "/text", "within", "60s"},
		{number, "hangs", "up"},
	} {
		if err := s.step(words); err != nil {
			return fmt.Errorf("%s, keys %s: %w", l.node, l.keys, err)
		}
	}
	return s.logHas(a.number, []string{
		"outcome=informed", "reason=caller_hung_up", "answers_heard=1",
		"keys=" + l.keys, "language=" + string(l.language), "category=" + l.category,
	})
}
