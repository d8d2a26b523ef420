package ivrtest

import (
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"ikomek109/ivr"
)

// JournalSuite is what every [ivr.Journal] has to do. open gives an empty one.
func JournalSuite(t *testing.T, open func(t *testing.T) ivr.Journal) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, ivr.Journal){
		"life of a call":         lifeOfACall,
		"live calls by node":     liveByNode,
		"sent twice, kept once":  sentTwice,
		"late step is kept":      lateStep,
		"state alone":            stateAlone,
		"closed once":            closedOnce,
		"opened once":            openedOnce,
		"channel taken":          channelTaken,
		"unknown call":           unknownCall,
		"refused input":          refusedInput,
		"hostile text":           hostileText,
		"nothing is shared":      nothingShared,
		"many calls at once":     manyCalls,
		"one closer of many":     oneCloser,
		"a durable step sweeps":  durableSweeps,
		"an ended channel again": channelAgain,
		"amended":                amended,
		"amended wrongly":        amendedWrongly,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t)) })
	}
}

// Start is when the suite's calls arrive: whole microseconds, UTC.
func Start() time.Time { return time.Date(2022, 1, 6, 9, 30, 0, 123456000, time.UTC) }

// NewRecord gives a call that has just arrived, on a channel of its own.
func NewRecord(node string) ivr.Record {
	id := uuid.Must(uuid.NewV7()).String()
	return ivr.Record{
		ID: ivr.CallID(id), Node: node, Channel: ivr.ChannelID("ch-" + id), Caller: "+77011234567",
		Dialled: "109", Flow: "rev1", ArrivedAt: Start(),
	}
}

// NewStep gives a step with entries from the first Seq to the last.
func NewStep(call ivr.CallID, first, last int) ivr.Step {
	s := ivr.Step{Call: call, State: []byte("state after " + strconv.Itoa(last))}
	for seq := first; seq <= last; seq++ {
		s.Entries = append(s.Entries, ivr.Entry{
			Seq: seq, At: Start().Add(time.Duration(seq) * time.Second), Kind: ivr.KeyPressedKind,
			Node: "topics", Detail: map[string]string{"key": strconv.Itoa(seq % 10)},
		})
	}
	return s
}

// Ended gives the record as it is when the call has ended.
func Ended(r ivr.Record) ivr.Record {
	r.Language, r.Category, r.Path, r.Keys = "kk", "health", []string{"welcome", "topics"}, "123"
	r.QueuedAt, r.ConnectedAt = r.ArrivedAt.Add(time.Second), r.ArrivedAt.Add(3*time.Second)
	r.EndedAt = r.ArrivedAt.Add(time.Minute)
	r.Queue, r.Agent, r.Wait, r.Talk, r.Heard = "general", "aigul", 2*time.Second, 57*time.Second, 1
	r.Outcome, r.Reason = ivr.Served, ivr.CallerHungUp
	r.Partner, r.Score = "112", 5
	r.Hold, r.HandedBy = 7*time.Second, "aigul"
	return r
}

func lifeOfACall(t *testing.T, j ivr.Journal) {
	r := NewRecord("a")
	ok(t, j.Open(t.Context(), r, NewStep(r.ID, 1, 2)))
	ok(t, j.Append(t.Context(), NewStep(r.ID, 3, 5)))
	s := NewStep(r.ID, 6, 6)
	s.Durable = true
	ok(t, j.Append(t.Context(), s))
	same(t, live(t, j, "a"), []ivr.Saved{{Record: r, Entries: NewStep(r.ID, 1, 6).Entries, State: []byte("state after 6")}})
	ok(t, j.Close(t.Context(), Ended(r), NewStep(r.ID, 7, 7)))
	same(t, live(t, j, "a"), nil)
}

func liveByNode(t *testing.T, j ivr.Journal) {
	here, there := NewRecord("here"), NewRecord("there")
	there.Channel = here.Channel // ids of channels are unique per node only
	ok(t, j.Open(t.Context(), here, NewStep(here.ID, 1, 1)))
	ok(t, j.Open(t.Context(), there, NewStep(there.ID, 1, 1)))
	same(t, calls(live(t, j, "here")), []ivr.CallID{here.ID})
	same(t, calls(live(t, j, "there")), []ivr.CallID{there.ID})
	same(t, calls(live(t, j, "elsewhere")), nil)
}

func sentTwice(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	ok(t, j.Append(t.Context(), NewStep(r.ID, 2, 4)))
	ok(t, j.Append(t.Context(), NewStep(r.ID, 5, 5)))
	ok(t, j.Append(t.Context(), NewStep(r.ID, 2, 4)))
	one := live(t, j, "a")[0]
	same(t, one.Entries, NewStep(r.ID, 1, 5).Entries)
	same(t, string(one.State), "state after 5")
	ok(t, j.Append(t.Context(), NewStep(r.ID, 4, 7))) // partly known
	same(t, live(t, j, "a")[0].Entries, NewStep(r.ID, 1, 7).Entries)
}

func lateStep(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	ok(t, j.Append(t.Context(), NewStep(r.ID, 4, 5)))
	ok(t, j.Append(t.Context(), NewStep(r.ID, 2, 3)))
	same(t, live(t, j, "a")[0].Entries, NewStep(r.ID, 1, 5).Entries)
}

func stateAlone(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	ok(t, j.Append(t.Context(), ivr.Step{Call: r.ID, State: []byte("new")}))
	same(t, string(live(t, j, "a")[0].State), "new")
	s := NewStep(r.ID, 2, 2)
	s.State = nil
	ok(t, j.Append(t.Context(), s))
	same(t, string(live(t, j, "a")[0].State), "new")
}

func closedOnce(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	ok(t, j.Close(t.Context(), Ended(r), NewStep(r.ID, 2, 2)))
	fails(t, j.Close(t.Context(), Ended(r), NewStep(r.ID, 2, 2)), ivr.Conflict)
	s := NewStep(r.ID, 3, 3)
	s.Durable = true
	fails(t, j.Append(t.Context(), s), ivr.Conflict)
}

func openedOnce(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	fails(t, j.Open(t.Context(), r, NewStep(r.ID, 1, 1)), ivr.Conflict)
	same(t, live(t, j, "a")[0].Entries, NewStep(r.ID, 1, 1).Entries)
	ok(t, j.Close(t.Context(), Ended(r), NewStep(r.ID, 2, 2)))
	fails(t, j.Open(t.Context(), r, NewStep(r.ID, 1, 1)), ivr.Conflict)
}

func channelTaken(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	other := NewRecord("a")
	other.Channel = r.Channel
	fails(t, j.Open(t.Context(), other, NewStep(other.ID, 1, 1)), ivr.Conflict)
	same(t, calls(live(t, j, "a")), []ivr.CallID{r.ID})
}

func channelAgain(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	ok(t, j.Close(t.Context(), Ended(r), NewStep(r.ID, 2, 2)))
	other := NewRecord("a")
	other.Channel = r.Channel
	ok(t, j.Open(t.Context(), other, NewStep(other.ID, 1, 1)))
}

func unknownCall(t *testing.T, j ivr.Journal) {
	r := NewRecord("a")
	s := NewStep(r.ID, 1, 1)
	s.Durable = true
	fails(t, j.Append(t.Context(), s), ivr.NotFound)
	fails(t, j.Close(t.Context(), Ended(r), s), ivr.NotFound)
}

func refusedInput(t *testing.T, j ivr.Journal) {
	for name, spoil := range map[string]func(*ivr.Record, *ivr.Step){
		"no id":         func(r *ivr.Record, s *ivr.Step) { r.ID, s.Call = "", "" },
		"no node":       func(r *ivr.Record, _ *ivr.Step) { r.Node = "" },
		"no channel":    func(r *ivr.Record, _ *ivr.Step) { r.Channel = "" },
		"no arrival":    func(r *ivr.Record, _ *ivr.Step) { r.ArrivedAt = time.Time{} },
		"another call":  func(_ *ivr.Record, s *ivr.Step) { s.Call = "x" },
		"ended":         func(r *ivr.Record, _ *ivr.Step) { *r = Ended(*r) },
		"seq from 0":    func(_ *ivr.Record, s *ivr.Step) { s.Entries[0].Seq = 0 },
		"seq backwards": func(_ *ivr.Record, s *ivr.Step) { slices.Reverse(s.Entries) },
		"no kind":       func(_ *ivr.Record, s *ivr.Step) { s.Entries[0].Kind = "" },
		"no time":       func(_ *ivr.Record, s *ivr.Step) { s.Entries[0].At = time.Time{} },
	} {
		r := NewRecord("a")
		s := NewStep(r.ID, 1, 2)
		spoil(&r, &s)
		if err := j.Open(t.Context(), r, s); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%s: got %v, want code invalid", name, err)
		}
	}
	r := opened(t, j)
	fails(t, j.Close(t.Context(), r, NewStep(r.ID, 2, 2)), ivr.Invalid)
	same(t, calls(live(t, j, "a")), []ivr.CallID{r.ID})
}

func hostileText(t *testing.T, j ivr.Journal) {
	r := NewRecord("a")
	r.Caller = ivr.NewNumber(`'); DROP TABLE calls; -- "\` + "\u2028қ")
	r.Dialled = "109\x00\"'"
	s := NewStep(r.ID, 1, 1)
	s.Entries[0].Node = "node \"quoted\" \\ \n\t\x01 Ақпарат 🙂 \u2028"
	s.Entries[0].Detail = map[string]string{"": "", "ключ\"": "</script>&\x7f"}
	s.State = []byte{0, 1, 2, 255}
	ok(t, j.Open(t.Context(), r, s))
	same(t, live(t, j, "a"), []ivr.Saved{{Record: r, Entries: s.Entries, State: s.State}})
}

func nothingShared(t *testing.T, j ivr.Journal) {
	r := NewRecord("a")
	s := NewStep(r.ID, 1, 1)
	ok(t, j.Open(t.Context(), r, s))
	s2 := NewStep(r.ID, 2, 2)
	ok(t, j.Append(t.Context(), s2))
	s2.Entries[0].Kind, s2.Entries[0].Detail["key"], s2.State[0] = "spoiled", "spoiled", 'X'
	one := live(t, j, "a")[0]
	same(t, one.Entries, NewStep(r.ID, 1, 2).Entries)
	same(t, string(one.State), "state after 2")
}

func manyCalls(t *testing.T, j ivr.Journal) {
	const n, steps = 40, 8
	var all sync.WaitGroup
	want := make([]ivr.CallID, n)
	for i := range n {
		r := NewRecord("a")
		want[i] = r.ID
		all.Go(func() {
			err := j.Open(t.Context(), r, NewStep(r.ID, 1, 1))
			for seq := 2; seq <= steps && err == nil; seq++ {
				s := NewStep(r.ID, seq, seq)
				s.Durable = seq%4 == 0
				err = j.Append(t.Context(), s)
			}
			if err == nil && i%2 == 1 {
				err = j.Close(t.Context(), Ended(r), NewStep(r.ID, steps+1, steps+1))
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	saved := live(t, j, "a")
	if len(saved) != n/2 {
		t.Fatalf("got %d live calls, want %d", len(saved), n/2)
	}
	for _, one := range saved {
		if i := slices.Index(want, one.Record.ID); i < 0 || i%2 == 1 {
			t.Errorf("call %d is live", i)
		}
		same(t, one.Entries, NewStep(one.Record.ID, 1, steps).Entries)
	}
}

func oneCloser(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	results := make([]error, 10)
	var all sync.WaitGroup
	for i := range results {
		all.Go(func() { results[i] = j.Close(t.Context(), Ended(r), NewStep(r.ID, 2, 2)) })
	}
	all.Wait()
	closed := 0
	for _, err := range results {
		if err == nil {
			closed++
		} else {
			fails(t, err, ivr.Conflict)
		}
	}
	if closed != 1 {
		t.Errorf("%d closed the call, want 1", closed)
	}
}

func durableSweeps(t *testing.T, j ivr.Journal) {
	r := opened(t, j)
	for seq := 2; seq < 20; seq++ {
		ok(t, j.Append(t.Context(), NewStep(r.ID, seq, seq)))
	}
	ok(t, j.Close(t.Context(), Ended(r), NewStep(r.ID, 20, 20)))
	same(t, live(t, j, "a"), nil)
}

// opened opens a call with one entry on node a.
func opened(t *testing.T, j ivr.Journal) ivr.Record {
	t.Helper()
	r := NewRecord("a")
	ok(t, j.Open(t.Context(), r, NewStep(r.ID, 1, 1)))
	return r
}

func live(t *testing.T, j ivr.Journal, node string) []ivr.Saved {
	t.Helper()
	saved, err := j.Live(t.Context(), node)
	ok(t, err)
	return saved
}

func calls(saved []ivr.Saved) []ivr.CallID {
	var ids []ivr.CallID
	for _, s := range saved {
		ids = append(ids, s.Record.ID)
	}
	return ids
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func fails(t *testing.T, err error, code ivr.Code) {
	t.Helper()
	if err == nil || ivr.CodeOf(err) != code {
		t.Fatalf("got %v, want an error with code %q", err, code)
	}
}

// same compares; a number shows in the clear, it is the suite's own.
func same[T any](t *testing.T, got, want T) {
	t.Helper()
	reveal := cmp.Transformer("Reveal", func(n ivr.Number) string { return n.Reveal() })
	if d := cmp.Diff(want, got, reveal, cmpopts.EquateEmpty(), cmpopts.IgnoreUnexported(ivr.Record{})); d != "" {
		t.Fatalf("difference (-want +got):\n%s", d)
	}
}
