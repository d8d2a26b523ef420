package pin

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/argon2id"

	"ikomek109/ivr"
)

// strength is what one look at a PIN costs: 19 MiB and about 30 ms, as OWASP
// asks at least. It is what stands between a stolen store and the PINs in it.
func strength() *argon2id.Params {
	return &argon2id.Params{Memory: 19 << 10, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}
}

// Guard sets PINs and checks them. It is safe for many goroutines.
type Guard struct {
	store Store
	one   sync.Mutex // one hash at a time: a flood of tries costs one core and 19 MiB
}

// NewGuard makes a guard over a store.
func NewGuard(store Store) *Guard { return &Guard{store: store} }

// Set gives a person a PIN.
func (g *Guard) Set(ctx context.Context, name, pin string) (Person, error) {
	if err := CheckName(name); err != nil {
		return Person{}, err
	}
	if err := Check(pin); err != nil {
		return Person{}, err
	}
	hash, err := argon2id.CreateHash(pin, strength())
	if err != nil {
		return Person{}, &ivr.Error{Op: "set PIN", Message: "the system gives no random numbers", Err: err}
	}
	return g.store.Set(ctx, name, hash, time.Now())
}

// Open checks what was keyed in on a telephone: the person's number and the
// PIN. place names the telephone. The error is Denied for a wrong one, without
// a word on what is wrong with it, and Conflict while it is locked.
func (g *Guard) Open(ctx context.Context, keyed, place string) (Person, error) {
	number := 0
	if len(keyed) >= 2 && strings.Trim(keyed, "0123456789") == "" {
		number, _ = strconv.Atoi(keyed[:2]) // two digits
		keyed = keyed[2:]
	}
	return g.check(ctx, func(p Person) bool { return p.Number == number }, Try{Number: number, Place: place}, keyed)
}

// OpenAs checks the PIN of a person who is named.
func (g *Guard) OpenAs(ctx context.Context, name, pin, place string) (Person, error) {
	people, err := g.store.People(ctx)
	if err != nil {
		return Person{}, err
	}
	for _, p := range people {
		if strings.EqualFold(p.Name, name) {
			return g.check(ctx, func(q Person) bool { return q.Number == p.Number }, Try{Number: p.Number, Place: place}, pin)
		}
	}
	return Person{}, &ivr.Error{
		Op: "check PIN", Code: ivr.NotFound, Message: "there is no PIN of " + name,
		Cure: "`ikomek109 pin set NAME` sets one, `ikomek109 pin list` shows who has one",
	}
}

func (g *Guard) check(ctx context.Context, is func(Person) bool, try Try, pin string) (Person, error) {
	try.At = time.Now()
	begun, wrong, err := g.store.Begin(ctx, try, try.At.Add(-LockedFor))
	if err != nil {
		return Person{}, err
	}
	if begun.Result == Locked {
		return Person{}, &ivr.Error{
			Op: "check PIN", Code: ivr.Conflict, Message: "too many wrong PINs",
			Cure: "try again in " + LockedFor.String() + "; `ikomek109 pin tries` shows them",
		}
	}
	people, err := g.store.People(ctx)
	if err == nil {
		err = g.slow(ctx, wrong)
	}
	if err != nil {
		return Person{}, err
	}
	who, right := g.look(people, is, pin)
	result := Wrong
	if right {
		result = Right
	}
	if err := g.store.Finish(ctx, begun.ID, result); err != nil {
		return Person{}, err
	}
	if !right {
		return Person{}, &ivr.Error{Op: "check PIN", Code: ivr.Denied, Message: "wrong number or PIN"}
	}
	return who, nil
}

// slow has a try wait while there are many wrong ones. It holds up no other.
func (g *Guard) slow(ctx context.Context, wrong int) error {
	if wrong <= Calm {
		return nil
	}
	select {
	case <-time.After(Brake):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// nobody is the hash of no PIN: one look costs the same whether or not there is
// such a person, so that the time tells nobody who has one.
const nobody = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

func (g *Guard) look(people []Person, is func(Person) bool, pin string) (Person, bool) {
	g.one.Lock()
	defer g.one.Unlock()
	who := Person{Hash: nobody}
	for _, p := range people {
		if is(p) {
			who = p
		}
	}
	right, err := argon2id.ComparePasswordAndHash(pin, who.Hash)
	return who, err == nil && right && who.Number != 0
}
