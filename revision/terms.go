package revision

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"ikomek109/flows"
)

// TermsEvery is how often the answers' terms are looked at.
const TermsEvery = time.Minute

// Ahead is how long before the end of its term an answer's owner is warned.
const Ahead = 24 * time.Hour

// Standing is where an answer stands in its term. The zero value is none.
type Standing string

// The standings of an answer.
const (
	InTerm Standing = "in_term"
	Ending Standing = "ending"      // read, for less than Ahead
	Early  Standing = "early"       // not read yet
	Over   Standing = "out_of_term" // not read any more
)

// Standings lists the standings of an answer.
func Standings() []Standing { return []Standing{InTerm, Ending, Early, Over} }

// StandingOf tells where an answer stands at a moment.
func StandingOf(t flows.Term, now time.Time) Standing {
	switch {
	case now.Before(t.From):
		return Early
	case !now.Before(t.Until):
		return Over
	case !now.Add(Ahead).Before(t.Until):
		return Ending
	default:
		return InTerm
	}
}

// Terms watches the terms of the live flow's answers: an answer that ends, or
// has ended, is logged once, with its owner, and counted as long as it lasts.
// It is safe for many goroutines.
type Terms struct {
	log *slog.Logger

	mu     sync.Mutex
	counts map[Standing]int    // guarded by mu
	told   map[answer]Standing // guarded by mu: of the answers of the last look
}

// answer tells answers apart, also over revisions: one that is published again
// with another term is another.
type answer struct {
	node        string
	from, until int64 // seconds
}

// NewTerms makes a watch that logs to log.
func NewTerms(log *slog.Logger) *Terms {
	return &Terms{log: log, counts: map[Standing]int{}, told: map[answer]Standing{}}
}

// Look looks at a flow's answers once: answers that changed their standing
// since the last look are logged.
func (t *Terms) Look(ctx context.Context, f *flows.Flow, now time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	seen := map[answer]Standing{}
	counts := map[Standing]int{}
	for _, one := range f.Terms() {
		standing := StandingOf(one, now)
		key := answer{one.Node, one.From.Unix(), one.Until.Unix()}
		seen[key] = standing
		counts[standing]++
		if before, known := t.told[key]; before != standing && (known || standing != InTerm) {
			t.tell(ctx, one, standing)
		}
	}
	t.told, t.counts = seen, counts
}

func (t *Terms) tell(ctx context.Context, one flows.Term, s Standing) {
	log := t.log.With("node", one.Node, "owner", one.Owner, "from", one.From, "until", one.Until)
	switch s {
	case Over:
		log.ErrorContext(ctx, "an answer is out of term and is not read")
	case Early:
		log.WarnContext(ctx, "an answer is not in term yet and is not read")
	case Ending:
		log.WarnContext(ctx, "an answer is read for less than a day more")
	case InTerm:
		log.InfoContext(ctx, "an answer is in term")
	}
}

// Count tells how many answers stood so at the last look.
func (t *Terms) Count(s Standing) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counts[s]
}
