package tasks_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/tasks"
	"ikomek109/tasks/taskstest"
)

// keypad is a telephone on which keys were pressed ahead; a dash is a silence.
type keypad struct {
	keys string
	said []string
}

var errHungUp = errors.New("the keys are used up: hung up")

func (k *keypad) Agent() ivr.AgentID { return "aigerim" }

func (k *keypad) Say(_ context.Context, said ...ivr.Said) error {
	for _, s := range said {
		words := strings.TrimPrefix(s.ID, "agent/tasks/")
		for _, name := range []string{"count", "date", "time"} {
			if v := s.Values[name]; v != "" {
				words += " " + v
			}
		}
		k.said = append(k.said, words)
	}
	return nil
}

func (k *keypad) Key(context.Context, time.Duration) (byte, bool, error) {
	if k.keys == "" {
		return 0, false, errHungUp
	}
	key := k.keys[0]
	k.keys = k.keys[1:]
	return key, key != '-', nil
}

func (k *keypad) Play(_ context.Context, sounds []string, _ time.Duration) error {
	k.said = append(k.said, "play "+strings.Join(sounds, " "))
	return nil
}

// desk is an agent's tasks around a box.
type desk struct {
	box       *taskstest.Box
	forgotten int
	callBack  error // what comes of calling back
	called    []ivr.RecordingID
	mute      bool
}

func (d *desk) byPhone(t *testing.T, keys string) (*keypad, error) {
	t.Helper()
	k := &keypad{keys: keys}
	return k, tasks.ByPhone(t.Context(), k, tasks.Options{
		Box: d.box, Who: tasks.Who{Agent: "aigerim", Languages: flows.Languages()},
		Topic: func(code string) []string { return []string{"category/" + code} },
		Sound: func(m ivr.Message) ([]string, func(), error) {
			if d.mute {
				return nil, nil, errors.New("no such file")
			}
			return []string{string(m.ID)}, func() { d.forgotten++ }, nil
		},
		CallBack: func(_ context.Context, m ivr.Message) error {
			d.called = append(d.called, m.ID)
			return d.callBack
		},
		Zone: time.FixedZone("city", 5*3600), Log: slog.New(slog.DiscardHandler),
	})
}

func two() *desk {
	return &desk{box: taskstest.NewBox(
		taskstest.New("m-1", "main", flows.Kazakh, 1), taskstest.New("m-2", "main", flows.Russian, 2),
	)}
}

func (d *desk) states() (states []string) {
	for _, m := range d.box.All() {
		states = append(states, strings.TrimSpace(string(m.State)+" "+m.By))
	}
	return states
}

// TestMessagesAreSeenTo: what is heard of one, and what each key does.
func TestMessagesAreSeenTo(t *testing.T) {
	d := two()
	k, err := d.byPhone(t, "12-3")
	if err != nil {
		t.Fatal(err)
	}
	begins := []string{"count 2", "message", "category/health", "left 2022-01-05 17:01", "play m-1", "done", "key/1", "menu/repeat", "key/2", "next", "key/3", "callback", "key/9", "marked", "message"}
	if !slices.Equal(k.said[:len(begins)], begins) {
		t.Errorf("said is %q", k.said)
	}
	if played := strings.Count(strings.Join(k.said, ","), "play m-2"); played != 2 || k.said[len(k.said)-1] != "end" {
		t.Errorf("the second was played %d times; said is %q", played, k.said)
	}
	if got := d.states(); !slices.Equal(got, []string{"done aigerim", "new"}) || d.forgotten != 3 {
		t.Errorf("they are %v; %d copies were forgotten", got, d.forgotten)
	}
}

// TestMessageIsGivenBack by who hangs up, presses nothing, or what no option has.
func TestMessageIsGivenBack(t *testing.T) {
	for keys, hungUp := range map[string]bool{"": true, "---" + "3": false, "780" + "3": false} {
		d := two()
		_, err := d.byPhone(t, keys)
		if errors.Is(err, errHungUp) != hungUp {
			t.Errorf("%q: %v", keys, err)
		}
		if got := d.states(); !slices.Equal(got, []string{"new", "new"}) {
			t.Errorf("%q: they are %v", keys, got)
		}
	}
}

// TestCallerIsCalledBack: the wish, once noted, is what is done with the message.
func TestCallerIsCalledBack(t *testing.T) {
	for name, k := range map[string]struct {
		err  error
		said string
		want string
	}{
		"noted":     {nil, "called_back", "done aigerim"},
		"already":   {&ivr.Error{Code: ivr.Conflict}, "called_back", "done aigerim"},
		"no number": {&ivr.Error{Code: ivr.NotFound}, "no_number", "new"},
		"down":      {&ivr.Error{Code: ivr.Unavailable}, "failed", "new"},
	} {
		d := two()
		d.callBack = k.err
		p, _ := d.byPhone(t, "933")
		if !slices.Contains(p.said, k.said) || d.states()[0] != k.want || len(d.called) != 1 || d.called[0] != "m-1" {
			t.Errorf("%s: they are %v; said is %q", name, d.states(), p.said)
		}
	}
}

// TestNothingToSeeTo, a store that fails, and a sound that is gone.
func TestNothingToSeeTo(t *testing.T) {
	empty := &desk{box: taskstest.NewBox()}
	if k, err := empty.byPhone(t, ""); err != nil || !slices.Equal(k.said, []string{"none"}) {
		t.Errorf("of none: %q, %v", k.said, err)
	}
	down := two()
	down.box.Break(errors.New("down"))
	if k, err := down.byPhone(t, ""); err != nil || !slices.Equal(k.said, []string{"failed"}) {
		t.Errorf("from a store that fails: %q, %v", k.said, err)
	}
	mute := two()
	mute.mute = true
	if k, err := mute.byPhone(t, "11"); err != nil || !slices.Contains(k.said, "mute") || mute.states()[1] != "done aigerim" {
		t.Errorf("without a sound: %q, %v, %v", k.said, mute.states(), err)
	}
}
