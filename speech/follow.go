package speech

import (
	"context"
	"maps"
	"os"
	"time"
)

// stamp is by what a change of a file or folder is seen. The zero value is one
// that is not there.
type stamp struct {
	changed time.Time
	size    int64
}

func stampOf(path string) stamp {
	st, err := os.Stat(path)
	if err != nil {
		return stamp{}
	}
	return stamp{st.ModTime(), st.Size()}
}

// Follow reads the recordings again whenever something in their folder has
// changed, until ctx ends: so a running line plays what was imported a moment
// ago. Changed is told after each time, with what went wrong, if anything; then
// the recordings are taken as they were.
func (l *Library) Follow(ctx context.Context, every time.Duration, changed func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if l.outdated() {
				changed(l.refreshRecordings())
			}
		}
	}
}

// outdated tells whether the recordings were changed since they were read.
func (l *Library) outdated() bool {
	l.mu.RLock()
	watched := l.watched
	l.mu.RUnlock()
	for path, was := range watched {
		if now := stampOf(path); now.size != was.size || !now.changed.Equal(was.changed) {
			return true
		}
	}
	return false
}

// refreshRecordings reads the folder of recordings again. When it cannot be
// read, what is known stays, and so does what is watched, at its new state.
func (l *Library) refreshRecordings() error {
	l.mu.RLock()
	before := make(map[string]stamp, len(l.watched))
	for path := range l.watched { // before they are read: what changes meanwhile is read again
		before[path] = stampOf(path)
	}
	l.mu.RUnlock()
	s, err := l.scanRecordings()
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil {
		maps.Copy(before, s.watched)
		l.watched = before
		return err
	}
	l.recordings, l.watched = s.found, s.watched
	l.forget()
	return nil
}
