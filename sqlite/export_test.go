package sqlite

import (
	"context"
	"fmt"
	"io/fs"
)

// OpenWith opens a store whose schema has other steps than the program's.
func OpenWith(ctx context.Context, path string, steps fs.FS) (*Store, error) {
	return open(ctx, Options{Path: path}, steps)
}

// Bound forbids the writer's present connection to let the file grow by more
// than some pages: to SQLite that is a full disk.
func Bound(ctx context.Context, s *Store, pages int) error {
	return s.change(ctx, "bound", func(b *batch) error {
		var now int
		if err := b.row(`PRAGMA page_count`).Scan(&now); err != nil {
			return err
		}
		var got int
		return b.row(fmt.Sprintf(`PRAGMA max_page_count = %d`, now+pages)).Scan(&got)
	})
}

// Stall holds the writer up in the middle of a transaction, as a slow disk does,
// from the moment that it closes begun until somebody closes over.
func Stall(ctx context.Context, s *Store, begun chan<- struct{}, over <-chan struct{}) error {
	return s.change(ctx, "stall", func(*batch) error {
		close(begun)
		<-over
		return nil
	})
}

// RoomFor refuses the disk of a store with less room than so many bytes.
func RoomFor(path string, least uint64) error { return roomFor(path, least) }

// Queries whose plans are held by tests.
const (
	CallsOfQuery       = callsOf
	BulletinsOfQuery   = bulletinsOf
	HandlingTimesQuery = handlingTimes
	JournalSinceQuery  = journalSince
)

// Reading gives how many connections read, or could.
func (s *Store) Reading() int { return s.read.Stats().OpenConnections }

// ReadAtOnce has every connection that reads in use at once.
func (s *Store) ReadAtOnce(ctx context.Context) error {
	for range readers {
		c, err := s.read.Conn(ctx)
		if err != nil {
			return err
		}
		defer func() { _ = c.Close() }()
	}
	return nil
}
