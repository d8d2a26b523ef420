package revision_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/revision"
	"ikomek109/revision/revisiontest"
)

// menu is a flow that says a sentence and ends.
func menu(kk, ru string) string {
	return fmt.Sprintf(`flow: "109"
start: welcome
operator: operator
goodbye: goodbye
nodes:
  welcome:
    kind: say
    text: {kk: %s, ru: %s}
    to: water
  water:
    kind: answer
    owner: Су арнасы
    valid: {from: 2026-01-01, until: 2026-12-31}
    text: {kk: Бүгін су бар., ru: Сегодня вода есть.}
  operator:
    kind: queue
    queue: main
  goodbye:
    kind: end
`, kk, ru)
}

// tests expect what menu says; fails has them expect something else.
const tests = `given: {time: 2026-06-01T12:00}
cases:
  - case: The welcome comes first
    at: welcome
`

var fails = strings.Replace(tests, "at: welcome", "at: water", 1)

// folder is a menu on disk, with its tests.
func folder(menu, tests string) fstest.MapFS {
	files := fstest.MapFS{"109.yaml": {Data: []byte(menu)}}
	if tests != "" {
		files["109.test.yaml"] = &fstest.MapFile{Data: []byte(tests)}
	}
	return files
}

// voice has every sound that it rendered, and counts.
type voice struct {
	mu       sync.Mutex
	rendered int               // guarded by mu
	err      error             // guarded by mu: what Render fails with
	before   func(*flows.Flow) // called at the start of Render
}

func (v *voice) Render(_ context.Context, f *flows.Flow) error {
	if v.before != nil {
		v.before(f)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.err == nil {
		v.rendered++
	}
	return v.err
}

func (v *voice) fail(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.err = err
}

// desk is everything that publishing needs, and a line that takes it up.
type desk struct {
	*testing.T
	store *revisiontest.Store
	voice *voice
	pub   *revision.Publisher
	live  *revision.Live
}

func newDesk(t *testing.T) *desk {
	d := &desk{T: t, store: &revisiontest.Store{}, voice: &voice{}}
	d.pub = &revision.Publisher{Store: d.store, Voice: d.voice, Now: func() time.Time {
		return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	}}
	d.restart()
	return d
}

// restart forgets what the line holds.
func (d *desk) restart() {
	d.live = revision.NewLive(revision.Options{Store: d.store, Voice: d.voice})
}

// shipped reads a menu as the one that ships, where the settings name none.
func (d *desk) shipped(menu string) *revision.Candidate {
	return revision.Read(revision.Source{
		Files: folder(menu, ""), Main: "109.yaml", Name: revision.Shipped, Named: true, Default: true,
	}, flows.Known{})
}

// at reads a menu that lies at a path; the settings name /etc/109.yaml.
func (d *desk) at(path string, files fs.FS) *revision.Candidate {
	return revision.Read(revision.Source{Files: files, Main: "109.yaml", Name: path, Named: path == settings}, flows.Known{})
}

const settings = "/etc/109.yaml"

func (d *desk) disk(menu string) *revision.Candidate { return d.at(settings, folder(menu, tests)) }

func by(w revision.Way) revision.Meta { return revision.Meta{By: w, Author: "aigerim"} }

// publish must succeed and store a revision.
func (d *desk) publish(c *revision.Candidate, m revision.Meta) revision.Revision {
	d.Helper()
	r, stored, err := d.pub.Publish(d.Context(), c, m)
	if err != nil || !stored {
		d.Fatalf("published %v: %v", stored, err)
	}
	return r
}

// refused must not be published, and leaves the store as it is.
func (d *desk) refused(c *revision.Candidate, m revision.Meta) error {
	d.Helper()
	before := d.newest()
	_, stored, err := d.pub.Publish(d.Context(), c, m)
	if err == nil || stored {
		d.Fatalf("it was published: %v", stored)
	}
	if now := d.newest(); now != before {
		d.Errorf("revision %d was stored all the same", now)
	}
	return err
}

// start starts the line anew with what lies on disk.
func (d *desk) start(c *revision.Candidate) error {
	d.Helper()
	d.restart()
	return d.live.Start(d.Context(), d.pub, c, by(revision.ByStart))
}

// newest is the number of the newest revision, 0 when there is none.
func (d *desk) newest() int64 {
	d.Helper()
	r, err := d.store.Newest(d.Context())
	if err != nil && ivr.CodeOf(err) != ivr.NotFound {
		d.Fatal(err)
	}
	return r.Number
}

// says expects new calls to begin with words.
func (d *desk) says(want string) {
	d.Helper()
	f := d.live.Flow()
	if f == nil {
		d.Fatal("nothing is live")
	}
	if p, _ := f.Phrase("welcome/text"); p.Text.KK != want {
		d.Errorf("new calls hear %q, want %q", p.Text.KK, want)
	}
}

func (d *desk) take() {
	d.Helper()
	if err := d.live.Take(d.Context()); err != nil {
		d.Fatal(err)
	}
}

var errBroken = errors.New("broken on purpose")
