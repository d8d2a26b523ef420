package pintest

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ikomek109/ivr"
	"ikomek109/pin"
)

// Start is when the suite's tries are made: whole microseconds, UTC.
func Start() time.Time { return time.Date(2022, 1, 5, 12, 0, 0, 0, time.UTC) }

// StoreSuite is what every store has to do. open gives an empty one.
func StoreSuite(t *testing.T, open func(t *testing.T) pin.Store) {
	t.Helper()
	for name, test := range map[string]func(bench){
		"people": people, "all numbers": allNumbers, "lock of a person": lockOfPerson,
		"lock of a place": lockOfPlace, "wrong in all": wrongInAll, "finished once": finishedOnce,
	} {
		t.Run(name, func(t *testing.T) { test(bench{t, open(t)}) })
	}
}

type bench struct {
	*testing.T
	store pin.Store
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

func (b bench) set(name, hash string) pin.Person {
	b.Helper()
	p, err := b.store.Set(b.Context(), name, hash, Start())
	b.ok(err)
	return p
}

func people(b bench) {
	aigul, timur := b.set("Айгүл", "h1"), b.set("Timur", "h2")
	if aigul.Number != pin.FirstNumber || timur.Number != pin.FirstNumber+1 {
		b.Errorf("numbers %d, %d", aigul.Number, timur.Number)
	}
	again := b.set("timur", "h3")
	if again.Number != timur.Number || again.Name != "Timur" || again.Hash != "h3" {
		b.Errorf("set again: %+v", again)
	}
	all, err := b.store.People(b.Context())
	b.ok(err)
	if d := cmp.Diff([]pin.Person{aigul, again}, all); d != "" {
		b.Error(d)
	}
	b.ok(b.store.Remove(b.Context(), "TIMUR"))
	b.fails(b.store.Remove(b.Context(), "Timur"), ivr.NotFound)
}

func allNumbers(b bench) {
	for n := pin.FirstNumber; n <= pin.LastNumber; n++ {
		b.set("person "+strconv.Itoa(n), "h")
	}
	_, err := b.store.Set(b.Context(), "one more", "h", Start())
	b.fails(err, ivr.Conflict)
	b.ok(b.store.Remove(b.Context(), "person 50"))
	if p := b.set("one more", "h"); p.Number != 50 {
		b.Errorf("got number %d", p.Number)
	}
}

// try begins a try some minutes after Start and, unless it is locked, finishes it.
func (b bench) try(number int, place string, minute int, r pin.Result) pin.Result {
	b.Helper()
	at := Start().Add(time.Duration(minute) * time.Minute)
	t, _, err := b.store.Begin(b.Context(), pin.Try{Number: number, Place: place, At: at}, at.Add(-pin.LockedFor))
	b.ok(err)
	if t.Result == pin.Begun && r != pin.Begun {
		b.ok(b.store.Finish(b.Context(), t.ID, r))
	}
	return t.Result
}

func (b bench) is(what string, got, want pin.Result) {
	b.Helper()
	if got != want {
		b.Errorf("%s: %s, want %s", what, got, want)
	}
}

func lockOfPerson(b bench) {
	for i := range pin.MaxWrong {
		r := pin.Wrong
		if i == 2 {
			r = pin.Begun // the program was killed: it counts
		}
		b.is("a try", b.try(10, "x", i, r), pin.Begun)
	}
	b.is("one too many", b.try(10, "x", 6, pin.Right), pin.Locked)
	b.is("another person", b.try(11, "x", 6, pin.Right), pin.Begun)
	b.is("still locked", b.try(10, "x", 6, pin.Right), pin.Locked)
	b.is("at another place", b.try(10, "y", 6, pin.Right), pin.Begun)
	b.is("which is no help here", b.try(10, "x", 7, pin.Right), pin.Locked)
	b.is("after the first is forgotten", b.try(10, "x", 15, pin.Right), pin.Begun)
	for range pin.MaxWrong {
		b.is("a right one begins anew", b.try(10, "x", 16, pin.Wrong), pin.Begun)
	}
	b.is("one too many again", b.try(10, "x", 17, pin.Right), pin.Locked)
	all, err := b.store.Tries(b.Context(), 3)
	b.ok(err)
	if len(all) != 3 || all[0].Result != pin.Locked || all[1].Result != pin.Wrong || all[0].Place != "x" {
		b.Errorf("on record: %+v", all)
	}
}

// lockOfPlace is for who tries one person after the other, with their own PIN
// in between.
func lockOfPlace(b bench) {
	for i := range pin.MaxWrongHere {
		b.is("a try", b.try(20+i, "agent aigul", 0, pin.Wrong), pin.Begun)
		if i < pin.MaxWrongHere-1 {
			b.is("their own", b.try(10, "agent aigul", 0, pin.Right), pin.Begun)
		}
	}
	b.is("one too many", b.try(50, "agent aigul", 1, pin.Right), pin.Locked)
	b.is("their own", b.try(10, "agent aigul", 1, pin.Right), pin.Locked)
	b.is("elsewhere", b.try(20, "agent timur", 1, pin.Right), pin.Begun)
}

// wrongInAll counts those at all places, whatever was right since.
func wrongInAll(b bench) {
	for i := range 7 {
		b.try(10+i, "agent "+strconv.Itoa(i), i, pin.Wrong)
	}
	b.try(10, "agent 0", 8, pin.Right)
	for i, minute := range []int{9, 17} {
		at := Start().Add(time.Duration(minute) * time.Minute)
		t, wrong, err := b.store.Begin(b.Context(), pin.Try{Number: 10, Place: "z", At: at}, at.Add(-pin.LockedFor))
		b.ok(err)
		b.ok(b.store.Finish(b.Context(), t.ID, pin.Right))
		if want := []int{7, 4}[i]; wrong != want {
			b.Errorf("after %d minutes %d, want %d", minute, wrong, want)
		}
	}
}

func finishedOnce(b bench) {
	t, _, err := b.store.Begin(b.Context(), pin.Try{Number: 10, Place: "x", At: Start()}, Start())
	b.ok(err)
	b.ok(b.store.Finish(b.Context(), t.ID, pin.Wrong))
	b.fails(b.store.Finish(b.Context(), t.ID, pin.Right), ivr.Conflict)
	b.fails(b.store.Finish(b.Context(), t.ID+1, pin.Right), ivr.Conflict)
}
