package incidenttest

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ikomek109/incident"
	"ikomek109/ivr"
)

// Start is when the suite's incidents happen: whole microseconds, UTC.
func Start() time.Time { return time.Date(2022, 1, 5, 12, 0, 0, 0, time.UTC) }

// New gives an incident that every store takes.
func New() incident.Incident {
	return incident.Incident{At: Start(), By: "Тимур", Category: "utilities/water", Place: "Сарыарқа, 12", Text: "құбыр \"жарылды\""}
}

// The events of a hand-over, each a minute after the one before.
func asked() incident.Event {
	return incident.Event{At: Start().Add(time.Minute), Kind: incident.Asked, Author: "Тимур", Partner: "104", Agent: "aigerim"}
}

func begun(line string) incident.Event {
	return incident.Event{At: Start().Add(2 * time.Minute), Kind: incident.Begun, Author: line, Partner: "104", Agent: "aigerim"}
}

func missed() incident.Event {
	return incident.Event{At: Start().Add(3 * time.Minute), Kind: incident.Missed, Author: "a", Partner: "104", Agent: "aigerim", By: "partner", Note: "busy"}
}

func accepted() incident.Event {
	return incident.Event{At: Start().Add(4 * time.Minute), Kind: incident.AcceptedKind, Author: "a", Partner: "104", Agent: "aigerim", By: "104"}
}

func byRadio() incident.Event {
	return incident.Event{At: Start().Add(5 * time.Minute), Kind: incident.AcceptedKind, Author: "Тимур", Partner: "102", By: "дежурный Серіков"}
}

func ended() incident.Event {
	return incident.Event{At: Start().Add(6 * time.Minute), Kind: incident.Ended, Author: "a", Partner: "104", Agent: "aigerim", By: "agent"}
}

func closed() incident.Event {
	return incident.Event{At: Start().Add(7 * time.Minute), Kind: incident.ClosedKind, Author: "Тимур", Note: "жөнделді"}
}

// StoreSuite is what every store has to do. open gives an empty one.
func StoreSuite(t *testing.T, open func(t *testing.T) incident.Store) {
	t.Helper()
	for name, test := range map[string]func(bench){
		"handed over": handedOver, "kept in order": keptInOrder, "refused": refused, "begun once": begunOnce, "listed": listed,
	} {
		t.Run(name, func(t *testing.T) { test(bench{t, open(t)}) })
	}
}

type bench struct {
	*testing.T
	store incident.Store
}

// enter enters an incident to which some things happened.
func (b bench) enter(events ...incident.Event) int64 {
	b.Helper()
	id, err := b.store.Enter(b.Context(), New())
	if err != nil {
		b.Fatal(err)
	}
	for _, e := range events {
		if err := b.store.Note(b.Context(), id, e); err != nil {
			b.Fatalf("%s: %v", e.Kind, err)
		}
	}
	return id
}

func (b bench) find(id int64) (incident.Incident, []incident.Event) {
	b.Helper()
	i, events, err := b.store.Find(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	return i, events
}

func handedOver(b bench) {
	happened := []incident.Event{asked(), begun("a"), missed(), asked(), begun("a"), begun("a"), accepted(), ended(), closed()}
	id := b.enter(happened...)
	i, events := b.find(id)
	want := New()
	want.ID, want.State, want.Partner, want.Agent = id, incident.Closed, "104", "aigerim"
	want.OfferedAt, want.AcceptedBy, want.AcceptedAt, want.ClosedAt = asked().At, "104", accepted().At, closed().At
	if diff := cmp.Diff(want, i, cmpopts.IgnoreUnexported(incident.Incident{})); diff != "" {
		b.Errorf("(-want +got):\n%s", diff)
	}
	if i.Begun() != 3 || i.Tries() != 2 || i.Line() != "" {
		b.Errorf("begun %d times, %d of them for the last, by %q", i.Begun(), i.Tries(), i.Line())
	}
	if diff := cmp.Diff(happened, events, cmpopts.IgnoreFields(incident.Event{}, "N")); diff != "" {
		b.Errorf("(-want +got):\n%s", diff)
	}
	for n := 1; n < len(events); n++ {
		if events[n].N <= events[n-1].N {
			b.Errorf("event %d has number %d", n, events[n].N)
		}
	}
}

// keptInOrder adds what cannot come next.
func keptInOrder(b bench) {
	for name, c := range map[string]struct {
		before []incident.Event
		then   incident.Event
	}{
		"begun unasked":              {nil, begun("a")},
		"missed unasked":             {nil, missed()},
		"by telephone unasked":       {nil, accepted()},
		"by telephone before begun":  {[]incident.Event{asked()}, accepted()},
		"asked twice":                {[]incident.Event{asked()}, asked()},
		"begun by another line":      {[]incident.Event{asked(), begun("a")}, begun("b")},
		"by telephone after radio":   {[]incident.Event{asked(), begun("a"), byRadio()}, accepted()},
		"closed during the handover": {[]incident.Event{asked(), begun("a")}, closed()},
		"ended unaccepted":           {[]incident.Event{asked(), begun("a"), missed()}, ended()},
		"asked when closed":          {[]incident.Event{closed()}, asked()},
		"accepted when closed":       {[]incident.Event{closed()}, byRadio()},
		"closed twice":               {[]incident.Event{closed()}, closed()},
	} {
		id := b.enter(c.before...)
		if err := b.store.Note(b.Context(), id, c.then); ivr.CodeOf(err) != ivr.Conflict {
			b.Errorf("%s: got %v", name, err)
		}
		if _, events := b.find(id); len(events) != len(c.before) {
			b.Errorf("%s: on record are %+v", name, events)
		}
	}
	again := b.enter(byRadio(), asked(), begun("a"), missed()) // a second service, in vain
	if i, _ := b.find(again); i.State != incident.Accepted || i.AcceptedBy != byRadio().By {
		b.Errorf("accepted by one, missed by another: %+v", i)
	}
}

func refused(b bench) {
	for name, spoil := range map[string]func(*incident.Incident){
		"no time":      func(i *incident.Incident) { i.At = time.Time{} },
		"nobody":       func(i *incident.Incident) { i.By = "" },
		"no place":     func(i *incident.Incident) { i.Place = " " },
		"no text":      func(i *incident.Incident) { i.Text = "" },
		"long text":    func(i *incident.Incident) { i.Text = strings.Repeat("ә", 2001) },
		"escapes":      func(i *incident.Incident) { i.Text = "a\x1b[2J" },
		"two lines":    func(i *incident.Incident) { i.Place = "a\nb" },
		"backwards":    func(i *incident.Incident) { i.Text = "a\u202eb" },
		"no text form": func(i *incident.Incident) { i.Text = "\xff" },
		"category":     func(i *incident.Incident) { i.Category = "../water" },
	} {
		i := New()
		spoil(&i)
		if _, err := b.store.Enter(b.Context(), i); ivr.CodeOf(err) != ivr.Invalid {
			b.Errorf("%s: got %v", name, err)
		}
	}
	id := b.enter()
	for name, spoil := range map[string]func(*incident.Event){
		"nobody asks":  func(e *incident.Event) { e.Author = "" },
		"no partner":   func(e *incident.Event) { e.Partner = "" },
		"no agent":     func(e *incident.Event) { e.Agent = "" },
		"no such kind": func(e *incident.Event) { e.Kind = "told" },
		"long note":    func(e *incident.Event) { e.Note = strings.Repeat("ә", 501) },
	} {
		e := asked()
		spoil(&e)
		if err := b.store.Note(b.Context(), id, e); ivr.CodeOf(err) != ivr.Invalid {
			b.Errorf("%s: got %v", name, err)
		}
	}
	for _, no := range []int64{0, -1, id + 1} {
		if err := b.store.Note(b.Context(), no, asked()); ivr.CodeOf(err) != ivr.NotFound {
			b.Errorf("incident %d: got %v", no, err)
		}
		if _, _, err := b.store.Find(b.Context(), no); ivr.CodeOf(err) != ivr.NotFound {
			b.Errorf("incident %d: got %v", no, err)
		}
	}
}

// begunOnce has many lines begin one hand-over.
func begunOnce(b bench) {
	id := b.enter(asked())
	var all sync.WaitGroup
	won := make(chan string, 8)
	for n := range cap(won) {
		all.Go(func() {
			line := "abcdefgh"[n : n+1]
			if err := b.store.Note(b.Context(), id, begun(line)); err == nil {
				won <- line
			} else if ivr.CodeOf(err) != ivr.Conflict {
				b.Error(err)
			}
		})
	}
	all.Wait()
	if i, _ := b.find(id); len(won) != 1 || i.Begun() != 1 || i.Line() != <-won {
		b.Errorf("begun by %d lines; on record %+v", len(won)+1, i)
	}
}

func listed(b bench) {
	first, second, third := b.enter(closed()), b.enter(asked(), begun("a")), b.enter(asked())
	for name, c := range map[string]struct {
		filter incident.Filter
		want   []int64
	}{
		"all":        {incident.Filter{}, []int64{third, second, first}},
		"open":       {incident.Filter{Open: true}, []int64{third, second}},
		"the newest": {incident.Filter{Limit: 1}, []int64{third}},
	} {
		all, err := b.store.List(b.Context(), c.filter)
		if diff := cmp.Diff(c.want, ids(all)); diff != "" || err != nil {
			b.Errorf("%s (-want +got): %v\n%s", name, err, diff)
		}
	}
	offered, err := b.store.Offered(b.Context())
	if diff := cmp.Diff([]int64{second, third}, ids(offered)); diff != "" || err != nil {
		b.Fatalf("offered (-want +got): %v\n%s", err, diff)
	}
	if offered[0].Line() != "a" || offered[1].Line() != "" {
		b.Errorf("under way by %q and %q", offered[0].Line(), offered[1].Line())
	}
}

func ids(all []incident.Incident) (ids []int64) {
	for _, i := range all {
		ids = append(ids, i.ID)
	}
	return ids
}
