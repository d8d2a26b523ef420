package revisiontest

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"ikomek109/ivr"
	"ikomek109/revision"
)

// Store is [revision.Store] in memory. It is safe for many goroutines.
type Store struct {
	mu    sync.Mutex
	all   []revision.Revision   // guarded by mu: by number, from 1
	files [][]revision.File     // guarded by mu
	fault func(op string) error // guarded by mu
}

// Break makes methods fail as f says, from now on; nil mends the store. The op
// is the method's name: "Add".
func (s *Store) Break(f func(op string) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault = f
}

func (s *Store) do(ctx context.Context, op string, work func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "gave up before it began", Err: err}
	}
	if s.fault != nil {
		if err := s.fault(op); err != nil {
			return err
		}
	}
	return work()
}

func failure(op string, code ivr.Code, message string) error {
	return &ivr.Error{Op: op, Code: code, Message: message}
}

// Add implements [revision.Store].
func (s *Store) Add(ctx context.Context, r revision.Revision, files []revision.File, after int64) (revision.Revision, error) {
	err := s.do(ctx, "Add", func() error {
		if err := sound(r, files); err != nil {
			return err
		}
		if int64(len(s.all)) != after {
			return failure("Add", ivr.Conflict, fmt.Sprintf("revision %d was published meanwhile", len(s.all)))
		}
		if r.Of < 0 || r.Of > int64(len(s.all)) {
			return failure("Add", ivr.Invalid, "no such origin")
		}
		r.Number = after + 1
		s.all, s.files = append(s.all, r), append(s.files, clone(files))
		return nil
	})
	return r, err
}

// sound refuses what no store may hold.
func sound(r revision.Revision, files []revision.File) error {
	size := 0
	names := map[string]bool{}
	for _, f := range files {
		if !fs.ValidPath(f.Name) || names[f.Name] {
			return failure("Add", ivr.Invalid, fmt.Sprintf("a file is called %q", f.Name))
		}
		names[f.Name] = true
		size += len(f.Content)
	}
	switch {
	case len(files) == 0 || len(files) > revision.MaxFiles || size > revision.MaxBytes:
		return failure("Add", ivr.Invalid, "no files, or too many")
	case r.Flow == "" || r.Author == "" || !slices.Contains(revision.Ways(), r.By):
		return failure("Add", ivr.Invalid, "a revision needs a flow, a way and an author")
	case (r.By == revision.ByRollback) != (r.Of != 0):
		return failure("Add", ivr.Invalid, "a roll back has an origin, and nothing else has")
	}
	return nil
}

func clone(files []revision.File) []revision.File {
	all := make([]revision.File, 0, len(files))
	for _, f := range files {
		all = append(all, revision.File{Name: f.Name, Content: bytes.Clone(f.Content)})
	}
	slices.SortFunc(all, func(a, b revision.File) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// Newest implements [revision.Store].
func (s *Store) Newest(ctx context.Context) (revision.Revision, error) {
	return s.last(ctx, "Newest", func(revision.Revision) bool { return true })
}

// Get implements [revision.Store].
func (s *Store) Get(ctx context.Context, number int64) (revision.Revision, error) {
	return s.last(ctx, "Get", func(r revision.Revision) bool { return r.Number == number })
}

// OfFlow implements [revision.Store].
func (s *Store) OfFlow(ctx context.Context, flow string) (revision.Revision, error) {
	return s.last(ctx, "OfFlow", func(r revision.Revision) bool { return r.Flow == flow })
}

// LastNamed implements [revision.Store].
func (s *Store) LastNamed(ctx context.Context) (revision.Revision, error) {
	return s.last(ctx, "LastNamed", func(r revision.Revision) bool { return r.Named && r.By != revision.ByRollback })
}

// last gives the newest revision that fits.
func (s *Store) last(ctx context.Context, op string, fits func(revision.Revision) bool) (found revision.Revision, err error) {
	err = s.do(ctx, op, func() error {
		for _, r := range slices.Backward(s.all) {
			if fits(r) {
				found = r
				return nil
			}
		}
		return failure(op, ivr.NotFound, "no such revision")
	})
	return found, err
}

// List implements [revision.Store].
func (s *Store) List(ctx context.Context, before int64, limit int) (some []revision.Revision, err error) {
	err = s.do(ctx, "List", func() error {
		for _, r := range slices.Backward(s.all) {
			if (before == 0 || r.Number < before) && len(some) < limit {
				some = append(some, r)
			}
		}
		return nil
	})
	return some, err
}

// Files implements [revision.Store].
func (s *Store) Files(ctx context.Context, number int64) (files []revision.File, err error) {
	err = s.do(ctx, "Files", func() error {
		if number < 1 || number > int64(len(s.all)) {
			return failure("Files", ivr.NotFound, "no such revision")
		}
		files = clone(s.files[number-1])
		return nil
	})
	return files, err
}
