package ivr_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"testing"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// offices is a bench whose flow leads to every service, with all of them there.
type offices struct {
	*bench
	messages  *ivrtest.Messages
	callbacks *ivrtest.Callbacks
	look      func(ctx context.Context, url string, take map[string]string) (map[string]string, error)
	caller    ivr.Number
}

func inOffices(t *testing.T, f func(t *testing.T, o *offices)) {
	t.Helper()
	inBubble(t, func(t *testing.T, b *bench) {
		flow, findings := flows.Load(os.DirFS("testdata"), "services.yaml", flows.Known{})
		if flow == nil {
			t.Fatal(findings)
		}
		o := &offices{
			bench: b, messages: new(ivrtest.Messages), callbacks: new(ivrtest.Callbacks), caller: "+77011234567",
			look: func(context.Context, string, map[string]string) (map[string]string, error) {
				return nil, errors.New("nobody is there")
			},
		}
		b.with(o.change)
		b.flow = flow
		f(t, o)
	})
}

// change puts the services into a line.
func (o *offices) change(opt *ivr.Options) {
	opt.Recordings, opt.Messages, opt.Callbacks = o.sw, o.messages, o.callbacks
	opt.Lookups = ivrtest.Lookups(func(ctx context.Context, url string, take map[string]string) (map[string]string, error) {
		return o.look(ctx, url, take)
	})
	flow, _ := flows.Load(os.DirFS("testdata"), "services.yaml", flows.Known{})
	opt.Flow = func() *flows.Flow { return flow }
}

// arriveAt lets a citizen call and press a key, and waits.
func (o *offices) arriveAt(keys string, wait time.Duration) {
	o.t.Helper()
	o.sw.Connect("a", func() *ivr.Inbox {
		return o.line.Arrive(ivr.Arrival{Node: node, Channel: "a", Caller: o.caller, Dialled: "109"})
	})
	o.press("a", keys)
	o.after(wait)
}

// again kills the program and starts another.
func (o *offices) again(meanwhile func()) {
	o.t.Helper()
	o.killed()
	meanwhile()
	o.startedAgainWith(o.change)
}

// kinds gives the kinds of the only call's entries.
func (o *offices) kinds() []ivr.Kind {
	var all []ivr.Kind
	for _, e := range o.journal.Entries(o.only().ID) {
		all = append(all, e.Kind)
	}
	return all
}

func (o *offices) ended(outcome ivr.Outcome) {
	o.t.Helper()
	o.after(time.Minute)
	if r := o.only(); r.Outcome != outcome {
		o.t.Errorf("ended as %s, %s, at %v; %v", r.Outcome, r.Reason, r.Path, o.kinds())
	}
	o.settled()
}

// untilTone waits until the caller is being recorded.
func (o *offices) untilTone() {
	o.t.Helper()
	before := len(o.sw.Did())
	for range 600 {
		if slices.Contains(o.sw.Did()[before:], "record") {
			return
		}
		o.after(100 * time.Millisecond)
	}
	o.t.Fatalf("nothing is recorded: %v", o.sw.Did())
}
