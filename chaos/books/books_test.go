package books_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/chaos/books"
	"ikomek109/ivr"
)

// account is a call that went the given way; each word is a kind of entry, with
// a detail after an equals sign.
func account(number ivr.Number, way string) books.Account {
	at := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	a := books.Account{Record: ivr.Record{ID: ivr.CallID("of " + number.Reveal()), Caller: number, Path: []string{}}}
	for i, word := range strings.Fields(way) {
		kind, value, _ := strings.Cut(word, "=")
		name := map[string]string{"left_queue": "why", "ended": "outcome", "connected": "agent", "recall": "callback"}[kind]
		e := ivr.Entry{Seq: i + 1, At: at.Add(time.Duration(i) * time.Second), Kind: ivr.Kind(kind), Detail: map[string]string{"reason": "caller_hung_up"}}
		e.Detail[name] = value
		if kind == "recall" {
			e.Detail[name] = "7"
		}
		a.Record.Fold(e)
		a.Entries = append(a.Entries, e)
	}
	return a
}

// recall is a call of the line's own, for callback 7, that ended so.
func recall(number ivr.Number, outcome string) books.Account {
	way := "recall queued left_queue=no_answer ended=" + outcome
	if outcome == "served" {
		way = "recall queued connected=aigerim parted ended=served"
	}
	a := account(number, way)
	a.Record.ID += "again"
	return a
}

// sound are calls of every way out of the queue.
func sound() ([]books.Placed, []books.Account) {
	placed := []books.Placed{{Number: "7", Answered: true}, {Number: "8"}}
	var log []books.Account
	for i, way := range []string{
		"arrived ended=menu_hangup",
		"arrived queued connected=aigerim parted ended=served",
		"arrived queued left_queue=abandoned ended=abandoned",
		"arrived queued left_queue=lost ended=lost",
		"arrived queued left_queue=callback callback_asked ended=callback",
		"arrived queued left_queue=timeout ended=overflowed",
	} {
		number := ivr.Number(strconv.Itoa(i + 1))
		placed = append(placed, books.Placed{Number: number, Answered: true, Taken: true})
		log = append(log, account(number, way))
	}
	return placed, append(log, recall("5", "unreached"), recall("5", "served"))
}

func TestBalance(t *testing.T) {
	r := books.Balance(sound())
	if len(r.Wrong) > 0 || r.Records != 8 || r.Fallback != 1 || r.Met != 1 {
		t.Errorf("%+v", r)
	}
	if got := r.Sum.String(); got != "Q 5 = A 1 + B 2 + V 1 + X 1 + W 0" {
		t.Error(got)
	}
}

// TestWhatDoesNotAddUp spoils the books in each way that is looked for.
func TestWhatDoesNotAddUp(t *testing.T) {
	for want, spoil := range map[string]func(p *[]books.Placed, log *[]books.Account){
		"has 2 records": func(_ *[]books.Placed, log *[]books.Account) {
			*log = append(*log, account("1", "arrived ended=menu_hangup"))
		},
		"has no record":      func(_ *[]books.Placed, log *[]books.Account) { *log = (*log)[1:] },
		"who placed no call": func(p *[]books.Placed, _ *[]books.Account) { *p = slices.Delete(*p, 2, 3) },
		"is not closed": func(_ *[]books.Placed, log *[]books.Account) {
			(*log)[0] = account("1", "arrived")
		},
		"ended 2 times": func(_ *[]books.Placed, log *[]books.Account) {
			(*log)[0] = account("1", "arrived ended=menu_hangup ended=menu_hangup")
		},
		"has the number": func(_ *[]books.Placed, log *[]books.Account) { (*log)[0].Entries[1].Seq = 3 },
		"was met 2 times": func(_ *[]books.Placed, log *[]books.Account) {
			*log = append(*log, recall("1", "served"), recall("1", "unreached"))
		},
		"its outcome is abandoned": func(_ *[]books.Placed, log *[]books.Account) {
			*log = append(*log, recall("1", "abandoned"))
		},
		"differ in Keys": func(_ *[]books.Placed, log *[]books.Account) { (*log)[0].Record.Keys = "1" },
		"never left the queue": func(_ *[]books.Placed, log *[]books.Account) {
			(*log)[2] = account("3", "arrived queued ended=abandoned")
		},
		"and its outcome is informed": func(_ *[]books.Placed, log *[]books.Account) {
			(*log)[2] = account("3", "arrived queued left_queue=abandoned ended=informed")
		},
	} {
		placed, log := sound()
		spoil(&placed, &log)
		if r := books.Balance(placed, log); len(r.Wrong) != 1 || !strings.Contains(r.Wrong[0], want) {
			t.Errorf("wrong is %q, want one with %q", r.Wrong, want)
		}
	}
}
