package revision_test

import (
	"strings"
	"testing"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/revision"
)

// TestTakeRefused keeps what is live when a newer revision lacks its sounds,
// and takes it up once they are there.
func TestTakeRefused(t *testing.T) {
	d := newDesk(t)
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	d.take()
	d.publish(d.disk(menu("Екі.", "Два.")), by(revision.ByCommand))
	d.voice.fail(errBroken)
	d.take()
	d.says("Бір.")
	if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 1 {
		t.Errorf("%+v", s)
	}
	d.voice.fail(nil)
	d.take()
	d.says("Екі.")
	if s := d.live.Status(); s.Trouble != nil || s.Revision.Number != 2 {
		t.Errorf("%+v", s)
	}
}

// TestTakeStoreFails gives the store's error, so that it is tried again.
func TestTakeStoreFails(t *testing.T) {
	d := newDesk(t)
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	for _, broken := range []string{"Newest", "Files"} {
		d.store.Break(func(op string) error {
			if op == broken {
				return &ivr.Error{Op: op, Code: ivr.Unavailable}
			}
			return nil
		})
		if err := d.live.Take(t.Context()); ivr.CodeOf(err) != ivr.Unavailable {
			t.Errorf("%s: %v", broken, err)
		}
	}
	d.store.Break(nil)
	d.take()
	d.says("Бір.")
}

// TestOf finds the menu that a call began with, also after a restart.
func TestOf(t *testing.T) {
	d := newDesk(t)
	first := d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	d.take()
	if d.live.Of(t.Context(), first.Flow) != d.live.Flow() {
		t.Error("the live menu is not found by its ID")
	}
	second := d.publish(d.disk(menu("Екі.", "Два.")), by(revision.ByCommand))
	d.restart()
	d.take()
	reads := 0
	d.store.Break(func(op string) error {
		if op == "Files" {
			reads++
		}
		return nil
	})
	for range 3 {
		f := d.live.Of(t.Context(), first.Flow)
		if f == nil || f.ID() != first.Flow {
			t.Fatalf("%v", f)
		}
	}
	if reads != 1 {
		t.Errorf("it was read %d times for three calls", reads)
	}
	if f := d.live.Of(t.Context(), second.Flow); f != d.live.Flow() {
		t.Error("the live menu is not found by its ID")
	}
	for _, id := range []string{"", "109@gone", "109@' OR 1"} {
		if f := d.live.Of(t.Context(), id); f != nil {
			t.Errorf("%q is %s", id, f.ID())
		}
	}
}

// handing is a menu that hands callers over to a partner of the settings.
const handing = `flow: "109"
start: welcome
operator: operator
goodbye: bye
nodes:
  welcome: {kind: say, text: {kk: Қосамыз., ru: Соединяем.}, to: rescue}
  rescue: {kind: handover, partner: "112"}
  operator: {kind: queue, queue: main}
  bye: {kind: end}
`

// TestTakeNamesWhatTheLineLacks keeps what is live when a newer revision names
// what this line was not started with, until it is started with that.
func TestTakeNamesWhatTheLineLacks(t *testing.T) {
	d := newDesk(t)
	with := func(partners ...string) {
		d.live = revision.NewLive(revision.Options{Store: d.store, Voice: d.voice, Known: flows.Known{Partners: partners}})
	}
	with("101")
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	d.take()
	d.publish(d.at(settings, folder(handing, "")), by(revision.ByCommand))
	d.take()
	d.says("Бір.")
	if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 1 || !strings.Contains(s.Trouble.Error(), "restart the line") {
		t.Errorf("%+v", s)
	}
	with("112")
	d.take()
	d.says("Қосамыз.")
	if s := d.live.Status(); s.Trouble != nil || s.Revision.Number != 2 {
		t.Errorf("%+v", s)
	}
	// With nothing else to answer with it is better than none, and is told.
	with("101")
	d.take()
	d.says("Қосамыз.")
	if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 2 {
		t.Errorf("%+v", s)
	}
}

// TestReloadTellsWhatIsNotLive wants no "all is well" for a menu that was
// published before and never taken up.
func TestReloadTellsWhatIsNotLive(t *testing.T) {
	d := newDesk(t)
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	d.take()
	second := d.disk(menu("Екі.", "Два."))
	d.publish(second, by(revision.ByCommand))
	reload := func(want bool) {
		t.Helper()
		r, stored, err := d.live.Reload(t.Context(), d.pub, second, by(revision.BySignal))
		if s := d.live.Status(); stored || r.Number != 2 || (err == nil) != want || (s.Trouble == nil) != want {
			t.Errorf("revision %d, stored %v, %v; status %+v", r.Number, stored, err, s)
		}
	}
	d.voice.fail(errBroken)
	d.take()
	reload(false)
	d.says("Бір.")
	d.voice.fail(nil)
	reload(true)
	d.says("Екі.")
	d.live.Blame(errBroken)
	reload(true)
	if _, stored, err := d.live.Reload(t.Context(), d.pub, d.disk(menu("Үш.", "Три.")), by(revision.BySignal)); err != nil || !stored {
		t.Errorf("stored %v: %v", stored, err)
	}
	d.says("Үш.")
	if _, stored, err := d.live.Reload(t.Context(), d.pub, d.at(settings, broken), by(revision.BySignal)); err == nil || stored || d.live.Status().Trouble == nil {
		t.Errorf("stored %v: %v", stored, err)
	}
	d.says("Үш.")
}
