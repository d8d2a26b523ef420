package asterisk_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"ikomek109/asterisk"
)

// figure reads one figure, summed over its labels.
func figure(t *testing.T, s *asterisk.Switch, name string) (sum float64) {
	t.Helper()
	for _, value := range labelled(t, s, name) {
		sum += value
	}
	return sum
}

// labelled reads a family of figures by the values of their labels, one after the
// other.
func labelled(t *testing.T, s *asterisk.Switch, name string) map[string]float64 {
	t.Helper()
	reg := prometheus.NewRegistry()
	reg.MustRegister(s.Collector())
	families, err := reg.Gather()
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for _, family := range families {
		if family.GetName() != name {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels string
			for _, l := range m.GetLabel() {
				labels += l.GetValue()
			}
			values[labels] += m.GetCounter().GetValue() + m.GetGauge().GetValue()
		}
	}
	return values
}

// TestStateFigure follows a connection through its states: one of them is 1 at any
// time, and it is the one that the connection is in.
func TestStateFigure(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	d.slow = make(chan struct{})
	f.deaf.Store(1)
	o := f.options()
	o.Timing.Fence = 300 * time.Millisecond
	s, err := asterisk.New(o)
	if err != nil {
		t.Fatal(err)
	}
	is := func(want asterisk.State) {
		t.Helper()
		got := map[string]float64{}
		eventually(t, 5*time.Second, fmt.Sprintf("the figure says %s", want), func() bool {
			got = labelled(t, s, "ikomek109_asterisk_state")
			return got[string(want)] == 1
		})
		if len(got) != len(asterisk.States()) {
			t.Errorf("%s: states %v", want, got)
		}
		for state, value := range got {
			if value != 0 && state != string(want) {
				t.Errorf("%s: it says %v for %s, too", want, value, state)
			}
		}
	}
	is(asterisk.Down)
	if err := s.Start(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { shut(t, s) })
	is(asterisk.Fencing)
	is(asterisk.Reconciling)
	close(d.slow)
	is(asterisk.Up)
	f.send(`{"type":"ApplicationReplaced","application":"ikomek109","asterisk_id":"fake"}`)
	is(asterisk.Down)
}

// TestEventsFigure counts events under their types, and all that nobody asked for
// under one: what Asterisk names them makes no further figure.
func TestEventsFigure(t *testing.T) {
	tidy(t)
	f, d := newFake(t), newDesk()
	s := begin(t, f.options(), d)
	up(t, s)
	before := labelled(t, s, "ikomek109_asterisk_events_total")
	for i := range 30 {
		f.send(fmt.Sprintf(`{"type":"Invented%d"}`, i))
	}
	f.send(event("ChannelToneDetected", "c1", ""))
	f.send(stasisStart("c1", "citizen"))
	f.send(event("ChannelDtmfReceived", "c1", `"digit":"1"`))
	f.send(event("ChannelDtmfReceived", "c1", `"digit":"2"`))
	eventually(t, 5*time.Second, "all are counted", func() bool {
		return labelled(t, s, "ikomek109_asterisk_events_total")["ChannelDtmfReceived"] == before["ChannelDtmfReceived"]+2
	})
	after := labelled(t, s, "ikomek109_asterisk_events_total")
	for typ, want := range map[string]float64{"unknown": 31, "StasisStart": 1, "ChannelDtmfReceived": 2, "StasisEnd": 0} {
		if got := after[typ] - before[typ]; got != want {
			t.Errorf("%v more of %s, want %v", got, typ, want)
		}
	}
	if len(after) != len(before) {
		t.Errorf("%d types have a figure, %d had one before", len(after), len(before))
	}
	if got := figure(t, s, "ikomek109_asterisk_events_garbage_total"); got != 0 {
		t.Errorf("%v of them count as garbage", got)
	}
}
