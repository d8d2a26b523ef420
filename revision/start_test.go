package revision_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"ikomek109/ivr"
	"ikomek109/revision"
)

var broken = folder("flow: [", "")

func TestFirstStart(t *testing.T) {
	d := newDesk(t)
	if err := d.start(d.disk(menu("Бір.", "Один."))); err != nil {
		t.Fatal(err)
	}
	d.says("Бір.")
	if s := d.live.Status(); s.Revision.By != revision.ByStart || s.Revision.Number != 1 || s.Trouble != nil {
		t.Errorf("%+v", s)
	}
}

// TestFirstStartBroken has nothing to answer with, and says why.
func TestFirstStartBroken(t *testing.T) {
	d := newDesk(t)
	err := d.start(d.at(settings, broken))
	if why := new(revision.Refused); !errors.As(err, &why) {
		t.Errorf("%v", err)
	}
}

func TestStartBroken(t *testing.T) {
	d := newDesk(t)
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	for name, files := range map[string]fstest.MapFS{
		"no YAML": broken, "no file": {}, "a failed test": folder(menu("Екі.", "Два."), fails),
	} {
		if err := d.start(d.at(settings, files)); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d.says("Бір.")
		if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 1 {
			t.Errorf("%s: %+v", name, s)
		}
	}
	// Mended and published by hand, the trouble is over.
	d.publish(d.disk(menu("Екі.", "Два.")), by(revision.ByCommand))
	d.take()
	d.says("Екі.")
	if s := d.live.Status(); s.Trouble != nil {
		t.Error(s.Trouble)
	}
}

// TestStartAgain publishes what changed on disk, and nothing else.
func TestStartAgain(t *testing.T) {
	one, two, three := menu("Бір.", "Один."), menu("Екі.", "Два."), menu("Үш.", "Три.")
	d := newDesk(t)
	step := func(what string, err error, number int64, says string) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		if n := d.newest(); n != number {
			t.Errorf("%s: revision %d, want %d", what, n, number)
		}
		d.says(says)
	}
	step("first", d.start(d.disk(one)), 1, "Бір.")
	step("nothing changed", d.start(d.disk(one)), 1, "Бір.")
	step("changed", d.start(d.disk(two)), 2, "Екі.")

	old, err := d.pub.Old(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	d.publish(old, revision.Meta{By: revision.ByRollback, Of: 1, Author: "aigerim"})
	step("rolled back", d.start(d.disk(two)), 3, "Бір.")

	d.publish(d.at("/tmp/109.yaml", folder(three, tests)), by(revision.ByCommand))
	step("another file published", d.start(d.disk(two)), 4, "Үш.")
	step("the shipped one", d.start(d.shipped(one)), 4, "Үш.")
	step("changed again", d.start(d.disk(one)), 5, "Бір.")
}

// TestStartShipped follows the menu that ships, as long as it is the city's.
func TestStartShipped(t *testing.T) {
	d := newDesk(t)
	for _, m := range []string{"Бір.", "Екі."} {
		if err := d.start(d.shipped(menu(m, "Один."))); err != nil {
			t.Fatal(err)
		}
		d.says(m)
	}
	if err := d.start(d.disk(menu("Үш.", "Три."))); err != nil {
		t.Fatal(err)
	}
	if err := d.start(d.shipped(menu("Төрт.", "Четыре."))); err != nil {
		t.Fatal(err)
	}
	d.says("Үш.")
}

// TestStartStoreFails answers with what there is.
func TestStartStoreFails(t *testing.T) {
	down := &ivr.Error{Op: "store", Code: ivr.Unavailable, Message: "locked"}
	for name, fault := range map[string]func(string) error{
		"writing": func(op string) error {
			if op == "Add" {
				return down
			}
			return nil
		},
		"everything": func(string) error { return down },
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.store.Break(fault)
			if err := d.start(d.disk(menu("Бір.", "Один."))); err != nil {
				t.Fatal(err)
			}
			d.says("Бір.")
			if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 0 {
				t.Errorf("%+v", s)
			}
		})
	}
}

// TestStartUnreadable has a program that refuses the newest revision, as a
// stricter one may: an older one answers, or the menu on disk.
func TestStartUnreadable(t *testing.T) {
	d := newDesk(t)
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	r, err := d.store.Newest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r.By, r.Digest = revision.ByCommand, "another"
	if _, err := d.store.Add(t.Context(), r, []revision.File{{Name: "109.yaml", Content: []byte("flow: [")}}, 1); err != nil {
		t.Fatal(err)
	}
	if err := d.start(d.at(settings, broken)); err != nil {
		t.Fatal(err)
	}
	d.says("Бір.")
	if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 1 {
		t.Errorf("%+v", s)
	}
}

// TestStartMute cannot answer without sounds.
func TestStartMute(t *testing.T) {
	d := newDesk(t)
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	d.voice.fail(errBroken)
	if err := d.start(d.disk(menu("Бір.", "Один."))); err == nil || !strings.Contains(err.Error(), errBroken.Error()) {
		t.Errorf("%v", err)
	}
}
