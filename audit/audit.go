// Package audit is the record of who looked at personal data that is hidden
// from most, or removed it: which record, who, when and why. It is only ever
// appended to. An entry is on disk before what it speaks of is done, so that
// nothing is shown or deleted without one.
//
//	entry := audit.Entry{Kind: audit.Message, Subject: id, Deed: audit.Revealed, By: who, Reason: why, At: time.Now()}
//	if err := store.Append(ctx, entry); err != nil {
//		return err
//	}
//	fmt.Println(message.Caller.Reveal())
package audit

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ikomek109/ivr"
)

// Kind is what sort of record an entry speaks of. The zero value is refused.
type Kind string

// The kinds of records with personal data.
const (
	Message   Kind = "message"   // what a caller said after the tone
	Callback  Kind = "callback"  // a wish to be called back
	Recording Kind = "recording" // a conversation
)

// Kinds gives every kind.
func Kinds() []Kind { return []Kind{Message, Callback, Recording} }

// Deed is what was done to a record. The zero value is refused.
type Deed string

// What is done to records.
const (
	Revealed Deed = "revealed" // the phone number was shown
	Heard    Deed = "heard"    // the sound was given out
	Deleted  Deed = "deleted"
)

// Deeds gives every deed.
func Deeds() []Deed { return []Deed{Revealed, Heard, Deleted} }

// Entry is one line of the record.
type Entry struct {
	N       int64     `json:"n"` // given by the store, in the order of writing
	Kind    Kind      `json:"kind"`
	Subject string    `json:"id"` // of the record that it speaks of
	Deed    Deed      `json:"deed"`
	By      string    `json:"by"`
	Reason  string    `json:"reason"`
	At      time.Time `json:"at"`
}

// Filter chooses entries. The zero filter chooses the newest.
type Filter struct {
	Kind    Kind
	Subject string
	By      string
	Limit   int // 0: DefaultLimit
}

// DefaultLimit is how many entries are read where nobody says.
const DefaultLimit = 100

// Store keeps the record. Several programs may use it at once.
type Store interface {
	// Append adds an entry; it is on disk when it returns. Invalid for one that
	// [Entry.Check] refuses.
	Append(ctx context.Context, e Entry) error
	// Entries gives what a filter chooses, the newest first.
	Entries(ctx context.Context, f Filter) ([]Entry, error)
}

// The longest that is kept of what people write, in characters.
const maxBy, maxReason, maxSubject = 80, 300, 200

// Check refuses an entry that would be no record of what was done: the error is
// Invalid and says what to give.
func (e Entry) Check() error {
	for _, n := range []struct {
		what, text, cure string
		most             int
	}{
		{"kind", string(e.Kind), "", maxBy},
		{"deed", string(e.Deed), "", maxBy},
		{"record", e.Subject, "", maxSubject},
		{"name", e.By, "say who you are: --by NAME", maxBy},
		{"reason", e.Reason, `say why in a few words: --reason "…"`, maxReason},
	} {
		switch {
		case strings.TrimSpace(n.text) == "":
			return invalid("no "+n.what+" is given", n.cure)
		case utf8.RuneCountInString(n.text) > n.most:
			return invalid(fmt.Sprintf("the %s has more than %d characters", n.what, n.most), "shorten it")
		case !utf8.ValidString(n.text) || strings.ContainsFunc(n.text, func(r rune) bool { return !unicode.IsPrint(r) }):
			return invalid("the "+n.what+" holds a character that does not print", "write it as plain text on one line")
		}
	}
	if e.At.IsZero() {
		return invalid("no time is given", "")
	}
	return nil
}

func invalid(message, cure string) error {
	return &ivr.Error{Op: "put on record", Code: ivr.Invalid, Message: message, Cure: cure}
}
