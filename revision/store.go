package revision

import "context"

// Store keeps revisions. Methods may be called by many goroutines and
// processes; their errors are *ivr.Error. Nothing that was stored is ever
// changed or removed.
type Store interface {
	// Add stores a revision with its files, whole or not at all, and gives it
	// with its number. after is the newest one that its author has seen, 0 for
	// none: Conflict when another was added meanwhile. r.Number is not looked at.
	Add(ctx context.Context, r Revision, files []File, after int64) (Revision, error)
	// Newest gives the one that is live; NotFound when none was ever published.
	Newest(ctx context.Context) (Revision, error)
	// Get gives one by its number; NotFound.
	Get(ctx context.Context, number int64) (Revision, error)
	// Files gives the files of one, sorted by name; NotFound.
	Files(ctx context.Context, number int64) ([]File, error)
	// List gives at most limit of them below the number before (0: from the
	// newest on), newest first.
	List(ctx context.Context, before int64, limit int) ([]Revision, error)
	// OfFlow gives the newest with that flow; NotFound.
	OfFlow(ctx context.Context, flow string) (Revision, error)
	// LastNamed gives the newest that was the settings' menu and no roll back;
	// NotFound. It is what lay on disk when it was last published.
	LastNamed(ctx context.Context) (Revision, error)
}
