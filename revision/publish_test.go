package revision_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/revision"
)

func TestPublish(t *testing.T) {
	d := newDesk(t)
	r := d.publish(d.disk(menu("Бір.", "Один.")), revision.Meta{By: revision.ByCommand, Author: "aigerim", Note: "су"})
	if r.Number != 1 || r.Author != "aigerim" || r.Note != "су" || !r.Named || r.Source != settings || r.At != d.pub.Now() {
		t.Errorf("%+v", r)
	}
	files, err := d.store.Files(t.Context(), 1)
	if err != nil || len(files) != 2 || string(files[1].Content) != menu("Бір.", "Один.") || string(files[0].Content) != tests {
		t.Errorf("%v, %q", err, files)
	}
	if d.voice.rendered != 1 {
		t.Errorf("the prompts were rendered %d times", d.voice.rendered)
	}
	d.take()
	d.says("Бір.")
	if f := d.live.Flow(); f.ID() != r.Flow {
		t.Errorf("the flow read back from the store is %s, the one published %s", f.ID(), r.Flow)
	}
}

// TestPublishSame stores nothing when nothing has changed.
func TestPublishSame(t *testing.T) {
	d := newDesk(t)
	c := d.disk(menu("Бір.", "Один."))
	d.publish(c, by(revision.ByCommand))
	r, stored, err := d.pub.Publish(t.Context(), c, by(revision.ByCommand))
	if err != nil || stored || r.Number != 1 || d.newest() != 1 {
		t.Errorf("stored %v, %+v, %v", stored, r, err)
	}
}

func TestPublishRefuses(t *testing.T) {
	good := menu("Екі.", "Два.")
	for name, files := range map[string]fstest.MapFS{
		"an error":      folder(strings.Replace(good, "to: water", "to: wather", 1), tests),
		"a failed test": folder(good, fails),
		"broken tests":  folder(good, "cases: 7"),
		"no file":       {},
		"a folder":      {"109.yaml/x": {}},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
			err := d.refused(d.at(settings, files), by(revision.ByCommand))
			var why *revision.Refused
			if !errors.As(err, &why) || why.Errors+why.Failed != 1 || !strings.Contains(err.Error(), settings) {
				t.Errorf("%v", err)
			}
			if d.voice.rendered != 1 {
				t.Error("prompts were rendered for it")
			}
			d.take()
			d.says("Бір.")
		})
	}
}

// TestShippedTakesNoOthersPlace keeps the menu that ships from a city's own, by
// a command or a signal, unless somebody names it.
func TestShippedTakesNoOthersPlace(t *testing.T) {
	d := newDesk(t)
	own, ships := menu("Бір.", "Один."), menu("Екі.", "Два.")
	d.publish(d.shipped(ships), by(revision.ByStart))
	d.publish(d.at("/tmp/109.yaml", folder(own, "")), by(revision.ByCommand))
	d.take()
	c := d.shipped(ships)
	check := func(what string, err error) {
		t.Helper()
		if ivr.CodeOf(err) != ivr.Denied || !strings.Contains(err.Error(), "revision 2 is from /tmp/109.yaml") || !strings.Contains(err.Error(), "line.flow") {
			t.Errorf("%s: %v", what, err)
		}
	}
	check("a command", d.refused(c, by(revision.ByCommand)))
	_, _, err := d.live.Reload(t.Context(), d.pub, c, by(revision.BySignal))
	check("a signal", err)
	d.says("Бір.")
	if n := d.newest(); n != 2 {
		t.Errorf("the signal stored revision %d", n)
	}
	if _, stored, err := d.pub.Publish(t.Context(), d.shipped(own), by(revision.ByCommand)); stored || err != nil {
		t.Errorf("the same menu: stored %v, %v", stored, err)
	}
	back, err := d.pub.Old(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	d.publish(back, revision.Meta{By: revision.ByRollback, Of: 1, Author: "aigerim"})
	d.publish(d.at("/tmp/109.yaml", folder(own, "")), by(revision.ByCommand))
	c.Source.Named, c.Source.Default = false, false
	d.publish(c, by(revision.ByCommand))
	d.publish(d.shipped(menu("Үш.", "Три.")), by(revision.BySignal)) // the program was upgraded since
}

// TestPublishWithoutSounds needs every prompt before the swap.
func TestPublishWithoutSounds(t *testing.T) {
	d := newDesk(t)
	d.voice.fail(errBroken)
	err := d.refused(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	if why := new(revision.Refused); !errors.As(err, &why) || !errors.Is(err, errBroken) {
		t.Errorf("%v", err)
	}
}

// TestPublishNeedsRecordings where the settings do: what callers hear goes on, a
// first start answers all the same, and what is live already is no question.
func TestPublishNeedsRecordings(t *testing.T) {
	unrecorded := func(_ context.Context, f *flows.Flow) (flows.Findings, error) {
		return flows.Findings{
			{Severity: flows.Warning, Code: "rec-quiet", Message: "too quiet"},
			{Severity: flows.Error, Code: "rec-missing", Message: f.ID() + " has no recording"},
		}, nil
	}
	d := newDesk(t)
	one := d.disk(menu("Бір.", "Один."))
	d.publish(one, by(revision.ByCommand))
	d.pub.Sounds = unrecorded
	if _, stored, err := d.pub.Publish(t.Context(), one, by(revision.ByCommand)); err != nil || stored {
		t.Errorf("what is live already: stored %v, %v", stored, err)
	}
	two := d.disk(menu("Екі.", "Два."))
	err := d.refused(two, by(revision.ByCommand))
	var why *revision.Refused
	if !errors.As(err, &why) || why.Errors != 1 || why.Err != nil || len(two.Sounds) != 2 {
		t.Errorf("%v, with %v", err, two.Sounds)
	}
	if err := d.start(d.disk(menu("Екі.", "Два."))); err != nil {
		t.Fatal(err)
	}
	d.says("Бір.")
	if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 1 {
		t.Errorf("%+v", s)
	}

	d = newDesk(t)
	d.pub.Sounds = unrecorded
	if err := d.start(d.disk(menu("Екі.", "Два."))); err != nil {
		t.Fatalf("callers are met with silence: %v", err)
	}
	d.says("Екі.")
	if s := d.live.Status(); s.Trouble == nil || s.Revision.Number != 0 {
		t.Errorf("%+v", s)
	}
}

// TestPublishMeanwhile has another person publish while the prompts are being
// rendered.
func TestPublishMeanwhile(t *testing.T) {
	d := newDesk(t)
	d.publish(d.disk(menu("Бір.", "Один.")), by(revision.ByCommand))
	d.voice.before = func(*flows.Flow) {
		d.voice.before = nil
		d.publish(d.disk(menu("Екі.", "Два.")), revision.Meta{By: revision.ByCommand, Author: "zhan"})
	}
	_, stored, err := d.pub.Publish(t.Context(), d.disk(menu("Үш.", "Три.")), by(revision.ByCommand))
	if ivr.CodeOf(err) != ivr.Conflict || stored {
		t.Errorf("stored %v, %v", stored, err)
	}
	d.take()
	d.says("Екі.")
}

func TestMeta(t *testing.T) {
	d := newDesk(t)
	for name, m := range map[string]revision.Meta{
		"nobody":      {By: revision.ByCommand, Author: " "},
		"two lines":   {By: revision.ByCommand, Author: "a", Note: "one\ntwo"},
		"a steering":  {By: revision.ByCommand, Author: "a\x1b[2J"},
		"backwards":   {By: revision.ByCommand, Author: "a\u202eb"},
		"long name":   {By: revision.ByCommand, Author: strings.Repeat("ә", 65)},
		"a long tale": {By: revision.ByCommand, Author: "a", Note: strings.Repeat("ә", 501)},
		"no UTF-8":    {By: revision.ByCommand, Author: "a", Note: "\xff"},
	} {
		if err := d.refused(d.disk(menu("Бір.", "Один.")), m); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatIsCheckedIsStored has an editor save while the menu is being read:
// each file is read once.
func TestWhatIsCheckedIsStored(t *testing.T) {
	d := newDesk(t)
	files := &edited{MapFS: folder(menu("Бір.", "Один."), tests)}
	c := d.at(settings, files)
	for name, n := range files.opened {
		if n != 1 {
			t.Errorf("%s was read %d times", name, n)
		}
	}
	for i := range files.MapFS {
		files.MapFS[i].Data = []byte("flow: [")
	}
	d.publish(c, by(revision.ByCommand))
	d.take()
	d.says("Бір.")
}

func TestRollBack(t *testing.T) {
	d := newDesk(t)
	first := menu("Бір.", "Один.")
	for _, m := range []string{first, menu("Екі.", "Два."), menu("Үш.", "Три.")} {
		d.publish(d.disk(m), by(revision.ByCommand))
	}
	back := func(want int64, says string) {
		t.Helper()
		r, err := d.pub.Before(t.Context())
		if err != nil || r.Number != want {
			t.Fatalf("it would go back to %d, not %d: %v", r.Number, want, err)
		}
		c, err := d.pub.Old(t.Context(), r.Number)
		if err != nil {
			t.Fatal(err)
		}
		if c.Tests == nil || len(c.Tests.Cases) != 1 {
			t.Error("its tests were not run again")
		}
		d.publish(c, revision.Meta{By: revision.ByRollback, Of: r.Number, Author: "aigerim"})
		d.take()
		d.says(says)
	}
	back(2, "Екі.")
	back(1, "Бір.") // not 3 again
	if r, err := d.pub.Before(t.Context()); ivr.CodeOf(err) != ivr.NotFound {
		t.Errorf("before the first there is %d, %v", r.Number, err)
	}
	if _, err := d.pub.Old(t.Context(), 99); ivr.CodeOf(err) != ivr.NotFound {
		t.Error(err)
	}
}
