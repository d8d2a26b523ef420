package notice

import (
	"context"
	"time"
)

// Store keeps the switches and the bulletins, for ever. Changes are on disk
// when a method returns. Methods may be called by many goroutines and by
// several programs at once.
type Store interface {
	// AddSwitch writes a switch and gives its id.
	AddSwitch(ctx context.Context, s Switch) (int64, error)
	// Switches gives the newest first, at most limit.
	Switches(ctx context.Context, limit int) ([]Switch, error)
	// AddBulletin writes a bulletin and gives its id.
	AddBulletin(ctx context.Context, b Bulletin) (int64, error)
	// Release notes who releases a bulletin, and how long it plays. Conflict
	// when it is released or ended already, NotFound when there is none.
	Release(ctx context.Context, id int64, who string, length time.Duration, at time.Time) error
	// End notes who ends a bulletin, and why. Conflict when it has ended,
	// NotFound when there is none.
	End(ctx context.Context, id int64, who, reason string, at time.Time) error
	// Bulletins gives the newest first, at most limit, with their plays.
	Bulletins(ctx context.Context, limit int) ([]Bulletin, error)
	// Current gives what may hold at that moment or later.
	Current(ctx context.Context, at time.Time) (Current, error)
}

// Source is what a [Wall] reads.
type Source interface {
	// Current is that of [Store].
	Current(ctx context.Context, at time.Time) (Current, error)
}

// Current is what may hold now or later.
type Current struct {
	Switches  []Switch
	Bulletins []Bulletin // neither ended nor expired
}

// Studio turns a bulletin into sound.
type Studio interface {
	// Render makes sure that both languages have sound, and tells how long they
	// play together. The error says what is missing and the cure.
	Render(ctx context.Context, b Bulletin) (time.Duration, error)
}
