package incident

import "context"

// Filter chooses incidents. The zero filter chooses the newest.
type Filter struct {
	Open  bool // only those that are not closed
	Limit int  // 0: DefaultLimit
}

// DefaultLimit is how many incidents are read where nobody says.
const DefaultLimit = 100

// Store keeps incidents. Several programs may use it at once. Errors are as
// those of [ivr.Journal].
type Store interface {
	// Enter puts an incident down and gives its number; on disk when it returns.
	// Invalid for one that [Incident.Check] refuses.
	Enter(ctx context.Context, i Incident) (id int64, err error)
	// Note adds an event, on disk when it returns: Conflict when [Incident.May]
	// refuses it as the incident stands then, NotFound when there is none.
	Note(ctx context.Context, id int64, e Event) error
	// Find gives an incident and what happened to it, the oldest first.
	Find(ctx context.Context, id int64) (Incident, []Event, error)
	// List gives what a filter chooses, the newest first.
	List(ctx context.Context, f Filter) ([]Incident, error)
	// Offered gives the incidents in that state, the oldest first.
	Offered(ctx context.Context) ([]Incident, error)
}
