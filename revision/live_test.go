package revision_test

import (
	"testing"

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
