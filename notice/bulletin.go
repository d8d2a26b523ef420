package notice

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ikomek109/flows"
)

// Bulletin is one thing that every caller hears first, in both languages.
type Bulletin struct {
	ID   int64      `json:"id"`
	Text flows.Text `json:"text"`
	// Recording names the recordings that speak the text, "bulletin/<Recording>"
	// in each language; empty for the draft voice. Should the words of a
	// recording be others than the text, the draft voice reads the text.
	Recording string        `json:"recording,omitempty"`
	Length    time.Duration `json:"length"` // of both languages as they were rendered

	Author string    `json:"author"`
	By     By        `json:"by"`
	At     time.Time `json:"at"`   // when it was written
	From   time.Time `json:"from"` // said from then on, once released
	Until  time.Time `json:"until"`
	Reason string    `json:"reason"`

	ReleasedBy string    `json:"released_by,omitempty"`
	ReleasedAt time.Time `json:"released_at,omitzero"`
	EndedBy    string    `json:"ended_by,omitempty"`
	EndedAt    time.Time `json:"ended_at,omitzero"`
	EndReason  string    `json:"end_reason,omitempty"`

	// Plays is how often it was begun, as the calls' journals have it: a play
	// counts from its first sound, also when a key or a hang-up cuts it.
	Plays int `json:"plays"`
}

// State is where a bulletin stands. The zero value is unset.
type State string

// Where a bulletin can stand.
const (
	Proposed  State = "proposed"  // waits for a second person's release
	Scheduled State = "scheduled" // released, its time has not come
	Live      State = "live"
	Ended     State = "ended"   // by somebody's decision
	Expired   State = "expired" // by itself
)

// State tells where the bulletin stands at a moment.
func (b *Bulletin) State(now time.Time) State {
	switch {
	case !b.EndedAt.IsZero():
		return Ended
	case !b.Until.After(now):
		return Expired
	case b.ReleasedAt.IsZero():
		return Proposed
	case b.From.After(now):
		return Scheduled
	}
	return Live
}

// Spoken is the bulletin as the flow says it.
func (b *Bulletin) Spoken() flows.Bulletin {
	if b.Recording != "" {
		return flows.Bulletin{ID: b.Recording, Text: b.Text}
	}
	return flows.Bulletin{ID: strconv.FormatInt(b.ID, 10), Text: b.Text}
}

// PhraseID names the phrase that speaks it, for the voice and in the journals
// of calls.
func (b *Bulletin) PhraseID() string { return "bulletin/" + b.Spoken().ID }

// LiveAt gives the bulletins that callers hear at a moment, in the order in
// which they are said: what began first comes first.
func LiveAt(all []Bulletin, now time.Time) []Bulletin {
	var live []Bulletin
	for _, b := range all {
		if b.State(now) == Live {
			live = append(live, b)
		}
	}
	slices.SortStableFunc(live, func(a, b Bulletin) int {
		return cmp.Or(a.From.Compare(b.From), cmp.Compare(a.ID, b.ID))
	})
	return live
}

// SamePerson tells whether two names are one person's, however they were typed.
func SamePerson(a, b string) bool {
	return strings.EqualFold(strings.Join(strings.Fields(a), " "), strings.Join(strings.Fields(b), " "))
}
