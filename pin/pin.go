package pin

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"ikomek109/ivr"
)

// Person is somebody with a PIN.
type Person struct {
	Number int       `json:"number"` // FirstNumber to LastNumber; keyed in before the PIN
	Name   string    `json:"name"`   // as it stands on record when the PIN was used
	Hash   string    `json:"-"`      // Argon2id, in the PHC form
	SetAt  time.Time `json:"set_at"`
}

// The numbers of persons: two digits, of which the first is no zero.
const (
	FirstNumber = 10
	LastNumber  = 99
)

// The lengths of a PIN, in digits.
const (
	MinDigits = 6
	MaxDigits = 12
)

// The limits on wrong tries within LockedFor. MaxWrong of them lock a person at
// one place, and MaxWrongHere of whatever persons lock the place, until LockedFor
// has passed since the first of them. Nobody is locked out elsewhere by what
// others do; but where there have been more than Calm in all, each further try
// is looked at a Brake later, wherever it comes from.
const (
	MaxWrong     = 5
	MaxWrongHere = 15
	Calm         = 20
	Brake        = 2 * time.Second // no longer: somebody listens meanwhile
	LockedFor    = 15 * time.Minute
)

// Result is what came of a try. The zero value is refused.
type Result string

// The results.
const (
	Begun  Result = "begun" // being looked at; counts as wrong until it is known
	Wrong  Result = "wrong"
	Right  Result = "right"
	Locked Result = "locked" // not looked at
)

// Try is one attempt to use a PIN. What was keyed in is not part of it.
type Try struct {
	ID     int64     `json:"id"`
	Number int       `json:"number"` // of the person; one whom nobody is, too
	Place  string    `json:"place"`  // where from: an agent's phone, or the command line
	At     time.Time `json:"at"`
	Result Result    `json:"result"`
}

// Store keeps persons and tries. Changes are on disk when a method returns;
// several programs may use it at once.
type Store interface {
	// Set gives a person a new hash, and a number to who has none yet. Conflict
	// when all numbers are given away.
	Set(ctx context.Context, name, hash string, at time.Time) (Person, error)
	// Remove takes a person's PIN away; NotFound when there is none.
	Remove(ctx context.Context, name string) error
	// People gives all, by number.
	People(ctx context.Context) ([]Person, error)
	// Begin writes a try down before the PIN is looked at, as Begun, or as
	// Locked when the place has had MaxWrong wrong or unfinished tries of the
	// person, or MaxWrongHere of all, since the given moment. A right one makes up
	// for those of the same person at the same place before it, and for no others:
	// who knows one PIN may not try those of others for ever. It also tells how
	// many wrong ones there have been since then at all places.
	Begin(ctx context.Context, t Try, since time.Time) (begun Try, wrong int, err error)
	// Finish writes what came of a try, once.
	Finish(ctx context.Context, id int64, r Result) error
	// Tries gives the newest first, at most limit.
	Tries(ctx context.Context, limit int) ([]Try, error)
}

// CheckName refuses a name that would be no record of who it was.
func CheckName(name string) error {
	bad := func(message string) error {
		return &ivr.Error{Op: "set PIN", Code: ivr.Invalid, Message: message, Cure: "use the person's name, up to 80 letters, on one line"}
	}
	switch {
	case strings.TrimSpace(name) != name || name == "":
		return bad("a name is needed, with no blanks around it")
	case utf8.RuneCountInString(name) > 80:
		return bad("the name has more than 80 letters")
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return bad("the name holds a character that does not print")
	}
	return nil
}

// Check refuses a PIN that is too short, or one of those that are tried first.
func Check(pin string) error {
	bad := func(message string) error {
		return &ivr.Error{Op: "set PIN", Code: ivr.Invalid, Message: message, Cure: fmt.Sprintf("choose %d to %d digits that nobody would guess", MinDigits, MaxDigits)}
	}
	if strings.Trim(pin, "0123456789") != "" {
		return bad("a PIN is made of digits alone")
	}
	if len(pin) < MinDigits || len(pin) > MaxDigits {
		return bad(fmt.Sprintf("the PIN has %d digits", len(pin)))
	}
	steps := map[int]bool{}
	kinds := map[byte]bool{pin[0]: true}
	for i := 1; i < len(pin); i++ {
		steps[int(pin[i])-int(pin[i-1])] = true
		kinds[pin[i]] = true
	}
	if len(steps) == 1 || len(kinds) < 3 || strings.Repeat(pin[:len(pin)/2], 2) == pin {
		return bad("the PIN is one of those that are guessed first")
	}
	return nil
}
