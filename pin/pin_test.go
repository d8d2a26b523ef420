package pin_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ikomek109/ivr"
	"ikomek109/pin"
	"ikomek109/pin/pintest"
)

func TestStoreInMemory(t *testing.T) {
	pintest.StoreSuite(t, func(*testing.T) pin.Store { return &pintest.Store{} })
}

func TestCheck(t *testing.T) {
	for given, want := range map[string]string{
		"274906": "", "002748391645": "",
		"27490": "the PIN has 5 digits", "2749061835274": "the PIN has 13 digits", "": "the PIN has 0 digits",
		"27490a": "digits alone", "２７４９０６": "digits alone",
		"111111": "guessed first", "123456": "guessed first", "987654": "guessed first",
		"135791": "", "121212": "guessed first", "122122": "guessed first", "109109": "guessed first",
	} {
		err := pin.Check(given)
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%q: %v, want %q", given, err, want)
		}
		if given != "" && err != nil && strings.Contains(err.Error(), given) {
			t.Errorf("the message has the PIN: %v", err)
		}
	}
}

func TestCheckName(t *testing.T) {
	for _, bad := range []string{"", " a", "a\nb", "a\x1b[2J", "\xff", strings.Repeat("ә", 81)} {
		if err := pin.CheckName(bad); ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestGuard(t *testing.T) {
	store := &pintest.Store{}
	guard := pin.NewGuard(store)
	who, err := guard.Set(t.Context(), "Айгерим", "274906")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(who.Hash, "$argon2id$") || strings.Contains(who.Hash, "274906") {
		t.Errorf("kept as %q", who.Hash)
	}
	right := fmt.Sprintf("%d274906", who.Number)
	if got, err := guard.Open(t.Context(), right, "agent a"); err != nil || got.Name != "Айгерим" {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := guard.OpenAs(t.Context(), "айгерим", "274906", "command"); err != nil || got.Number != who.Number {
		t.Errorf("%v, %v", got, err)
	}
	_, err = guard.OpenAs(t.Context(), "Тимур", "274906", "command")
	if ivr.CodeOf(err) != ivr.NotFound {
		t.Errorf("somebody without a PIN: %v", err)
	}
	for _, keyed := range []string{"10274907", "99274906", "", "1", "10", "абв"} {
		got, err := guard.Open(t.Context(), keyed, "agent "+keyed)
		if ivr.CodeOf(err) != ivr.Denied || err.Error() != "check PIN: wrong number or PIN" || got.Number != 0 {
			t.Errorf("%q: %v, %v", keyed, got, err)
		}
	}
}

// TestGuardLocks locks also the right PIN, at that place, and keeps every try.
func TestGuardLocks(t *testing.T) {
	store := &pintest.Store{}
	guard := pin.NewGuard(store)
	who, err := guard.Set(t.Context(), "Айгерим", "274906")
	if err != nil {
		t.Fatal(err)
	}
	for i := range pin.MaxWrong {
		_, err := guard.Open(t.Context(), fmt.Sprintf("%d00000%d", who.Number, i), "agent a")
		if ivr.CodeOf(err) != ivr.Denied {
			t.Fatal(err)
		}
	}
	right := fmt.Sprintf("%d274906", who.Number)
	_, err = guard.Open(t.Context(), right, "agent a")
	if ivr.CodeOf(err) != ivr.Conflict || !strings.Contains(err.Error(), "try again in 15m0s") {
		t.Errorf("the sixth try: %v", err)
	}
	if _, err := guard.Open(t.Context(), right, "agent b"); err != nil {
		t.Errorf("who was not the one that tried is locked out: %v", err)
	}
	tries, _ := store.Tries(t.Context(), 10)
	if len(tries) != pin.MaxWrong+2 || tries[1].Result != pin.Locked || tries[2].Result != pin.Wrong {
		t.Errorf("on record: %v", tries)
	}
}

// TestBrake has many wrong tries from many places slow each further one, for no
// longer than somebody listens in silence, and not one after the other.
func TestBrake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := &pintest.Store{}
		guard := pin.NewGuard(store)
		who, err := guard.Set(t.Context(), "Айгерим", "274906")
		if err != nil {
			t.Fatal(err)
		}
		begun := time.Now()
		for i := range pin.Calm {
			_, _ = guard.Open(t.Context(), "10000000", fmt.Sprint("agent ", i))
		}
		if took := time.Since(begun); took != 0 {
			t.Errorf("a few wrong ones took %s", took)
		}
		_, _ = guard.Open(t.Context(), "10000000", "agent x")
		begun = time.Now()
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				if _, err := guard.Open(t.Context(), fmt.Sprintf("%d274906", who.Number), fmt.Sprint("of aigerim ", i)); err != nil {
					t.Errorf("locked out by others: %v", err)
				}
			})
		}
		all.Wait()
		if took := time.Since(begun); took != pin.Brake {
			t.Errorf("a right one took %s, want %s", took, pin.Brake)
		}
		time.Sleep(pin.LockedFor)
		begun = time.Now()
		if _, err := guard.Open(t.Context(), fmt.Sprintf("%d274906", who.Number), "agent b"); err != nil || time.Since(begun) != 0 {
			t.Errorf("afterwards: %v, %s", err, time.Since(begun))
		}
	})
}
