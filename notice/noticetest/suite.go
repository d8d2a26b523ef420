package noticetest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/notice"
)

// Start is when the suite's notices begin: whole microseconds, UTC.
func Start() time.Time { return time.Date(2022, 1, 5, 12, 0, 0, 0, time.UTC) }

// NewSwitch gives a switch that lasts from the hour after [Start] to another.
func NewSwitch(m notice.Mode, from, until int) notice.Switch {
	s := notice.Switch{
		Mode: m, Author: "Әйгүл", Reason: "ТЖ \"a\"", By: notice.ByCommand,
		At: Start(), From: Start().Add(time.Duration(from) * time.Hour),
	}
	if until > 0 {
		s.Until = Start().Add(time.Duration(until) * time.Hour)
	}
	return s
}

// NewBulletin gives a bulletin of six hours.
func NewBulletin() notice.Bulletin {
	return notice.Bulletin{
		Text:   flows.Text{KK: "Бүгін кешке су болмайды.", RU: "Сегодня вечером не будет воды."},
		Author: "Әйгүл", By: notice.ByAPI, Reason: "авария", At: Start(), From: Start(), Until: Start().Add(6 * time.Hour),
	}
}

// StoreSuite is what every store has to do. open gives an empty one.
func StoreSuite(t *testing.T, open func(t *testing.T) notice.Store) {
	t.Helper()
	for name, test := range map[string]func(bench){
		"switches": switches, "bulletins": bulletins, "released once": releasedOnce,
		"ended once": endedOnce, "current": current,
	} {
		t.Run(name, func(t *testing.T) { test(bench{t, open(t)}) })
	}
}

type bench struct {
	*testing.T
	store notice.Store
}

func (b bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) fails(err error, code ivr.Code) {
	b.Helper()
	if ivr.CodeOf(err) != code {
		b.Errorf("got %v, want code %q", err, code)
	}
}

func same(b bench, got, want any) {
	b.Helper()
	if d := cmp.Diff(want, got, cmpopts.EquateEmpty()); d != "" {
		b.Errorf("(-want +got)\n%s", d)
	}
}

func (b bench) add(s notice.Switch) notice.Switch {
	b.Helper()
	id, err := b.store.AddSwitch(b.Context(), s)
	b.ok(err)
	s.ID = id
	return s
}

func (b bench) propose(n notice.Bulletin) notice.Bulletin {
	b.Helper()
	id, err := b.store.AddBulletin(b.Context(), n)
	b.ok(err)
	n.ID = id
	return n
}

func switches(b bench) {
	one := b.add(NewSwitch(notice.Emergency, 0, 6))
	two := b.add(NewSwitch(notice.Daily, 1, 0))
	all, err := b.store.Switches(b.Context(), 10)
	b.ok(err)
	same(b, all, []notice.Switch{two, one})
	all, err = b.store.Switches(b.Context(), 1)
	b.ok(err)
	same(b, all, []notice.Switch{two})
}

func bulletins(b bench) {
	plain, recorded := NewBulletin(), NewBulletin()
	recorded.Recording = "flood"
	plain, recorded = b.propose(plain), b.propose(recorded)
	all, err := b.store.Bulletins(b.Context(), 10)
	b.ok(err)
	same(b, all, []notice.Bulletin{recorded, plain})
}

func releasedOnce(b bench) {
	ctx, n := b.Context(), b.propose(NewBulletin())
	at := Start().Add(time.Minute)
	b.ok(b.store.Release(ctx, n.ID, "Тимур", 9*time.Second, at))
	n.ReleasedBy, n.ReleasedAt, n.Length = "Тимур", at, 9*time.Second
	b.fails(b.store.Release(ctx, n.ID, "Other", time.Second, at), ivr.Conflict)
	b.fails(b.store.Release(ctx, n.ID+1, "Other", time.Second, at), ivr.NotFound)
	all, err := b.store.Bulletins(ctx, 10)
	b.ok(err)
	same(b, all, []notice.Bulletin{n})
	ended := b.propose(NewBulletin())
	b.ok(b.store.End(ctx, ended.ID, "Тимур", "қате", at))
	b.fails(b.store.Release(ctx, ended.ID, "Other", time.Second, at), ivr.Conflict)
}

func endedOnce(b bench) {
	ctx, n := b.Context(), b.propose(NewBulletin())
	at := Start().Add(time.Hour)
	b.ok(b.store.End(ctx, n.ID, "Тимур", "су берілді", at))
	n.EndedBy, n.EndedAt, n.EndReason = "Тимур", at, "су берілді"
	b.fails(b.store.End(ctx, n.ID, "Other", "again", at), ivr.Conflict)
	b.fails(b.store.End(ctx, n.ID+1, "Other", "again", at), ivr.NotFound)
	all, err := b.store.Bulletins(ctx, 10)
	b.ok(err)
	same(b, all, []notice.Bulletin{n})
}

func current(b bench) {
	ctx := b.Context()
	b.add(NewSwitch(notice.Emergency, 0, 2))
	b.add(NewSwitch(notice.Heightened, 1, 3))
	b.add(NewSwitch(notice.Emergency, 4, 5))
	short, long, ended := NewBulletin(), NewBulletin(), NewBulletin()
	short.Until = Start().Add(time.Hour)
	b.propose(short)
	long, ended = b.propose(long), b.propose(ended)
	b.ok(b.store.End(ctx, ended.ID, "Тимур", "қате", Start()))
	for hour, want := range []notice.Mode{notice.Emergency, notice.Heightened, notice.Heightened, notice.Daily, notice.Emergency, notice.Daily} {
		at := Start().Add(time.Duration(hour) * time.Hour)
		now, err := b.store.Current(ctx, at)
		b.ok(err)
		if got := notice.InForce(now.Switches, at).Mode; got != want {
			b.Errorf("hour %d: %s, want %s", hour, got, want)
		}
		// What was read stays true later.
		if got := notice.InForce(now.Switches, Start().Add(4*time.Hour)).Mode; hour <= 4 && got != notice.Emergency {
			b.Errorf("hour %d: what comes in the fourth is %s", hour, got)
		}
	}
	now, err := b.store.Current(ctx, Start().Add(2*time.Hour))
	b.ok(err)
	same(b, now.Bulletins, []notice.Bulletin{long})
}
