package revisiontest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"ikomek109/ivr"
	"ikomek109/revision"
)

// Suite holds a store to what [revision.Store] promises. open gives an empty
// store; it is called for each part.
func Suite(t *testing.T, open func(t *testing.T) revision.Store) {
	for name, part := range map[string]func(bench){
		"kept as given": keptAsGiven, "nothing there": nothingThere, "one after the other": oneAfterTheOther,
		"refused whole": refusedWhole, "found": found, "pages": pages, "two at once": twoAtOnce,
	} {
		t.Run(name, func(t *testing.T) { part(bench{t, open(t)}) })
	}
}

// bench is a part of the suite at work.
type bench struct {
	*testing.T
	store revision.Store
}

// made is a revision that a store takes.
func made(n int) revision.Revision {
	return revision.Revision{
		Flow: fmt.Sprintf("109@%d", n), Main: "109.yaml", Digest: fmt.Sprintf("digest %d", n), Source: "/etc/109.yaml",
		By: revision.ByCommand, Author: "айгерім", Note: "жаңа мәтін", At: time.Date(2026, 11, 23, 12, n, 0, 0, time.UTC),
	}
}

func files(n int) []revision.File {
	return []revision.File{
		{Name: "109.yaml", Content: fmt.Appendf(nil, "flow: %d", n)},
		{Name: "empty.yaml", Content: []byte{}},
		{Name: "partners/water.yaml", Content: []byte("the same in all")},
	}
}

func (b bench) add(r revision.Revision, n int, after int64) revision.Revision {
	b.Helper()
	stored, err := b.store.Add(b.Context(), r, files(n), after)
	if err != nil {
		b.Fatal(err)
	}
	return stored
}

func (b bench) same(got, want any) {
	b.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		b.Error(diff)
	}
}

func (b bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b bench) fails(err error, code ivr.Code) {
	b.Helper()
	var told *ivr.Error
	if !errors.As(err, &told) || ivr.CodeOf(err) != code {
		b.Errorf("%v, want one of code %q", err, code)
	}
}

func keptAsGiven(b bench) {
	r := made(1)
	r.Named = true
	want := r
	want.Number = 1
	b.same(b.add(r, 1, 0), want)
	got, err := b.store.Get(b.Context(), 1)
	b.ok(err)
	b.same(got, want)
	all, err := b.store.Files(b.Context(), 1)
	b.ok(err)
	b.same(all, files(1))
}

func nothingThere(b bench) {
	ctx := b.Context()
	for _, ask := range []func() (revision.Revision, error){
		func() (revision.Revision, error) { return b.store.Newest(ctx) },
		func() (revision.Revision, error) { return b.store.LastNamed(ctx) },
		func() (revision.Revision, error) { return b.store.OfFlow(ctx, "109@1") },
		func() (revision.Revision, error) { return b.store.Get(ctx, 1) },
	} {
		_, err := ask()
		b.fails(err, ivr.NotFound)
	}
	_, err := b.store.Files(ctx, 1)
	b.fails(err, ivr.NotFound)
	some, err := b.store.List(ctx, 0, 10)
	b.ok(err)
	b.same(len(some), 0)
}

func oneAfterTheOther(b bench) {
	b.add(made(1), 1, 0)
	for _, after := range []int64{0, 2, -1} {
		_, err := b.store.Add(b.Context(), made(2), files(2), after)
		b.fails(err, ivr.Conflict)
	}
	b.same(b.add(made(2), 2, 1).Number, int64(2))
	newest, err := b.store.Newest(b.Context())
	b.ok(err)
	b.same(newest.Flow, "109@2")
}

// refusedWhole looks that what a store refuses leaves no trace.
func refusedWhole(b bench) {
	b.add(made(1), 1, 0)
	nobody, noWay, noOrigin, strange, lost := made(2), made(2), made(2), made(2), made(2)
	nobody.Author, noWay.By, noOrigin.By, strange.Of = "", "", revision.ByRollback, 1
	lost.By, lost.Of = revision.ByRollback, 7
	for _, r := range []revision.Revision{nobody, noWay, noOrigin, strange, lost} {
		_, err := b.store.Add(b.Context(), r, files(2), 1)
		b.fails(err, ivr.Invalid)
	}
	named := func(name string) []revision.File { return append(files(2), revision.File{Name: name}) }
	for _, fs := range [][]revision.File{
		nil, named("../109.yaml"), named("/etc/passwd"), named(""), named("a//b"), named("109.yaml"),
		slices.Repeat(files(2), revision.MaxFiles),
		{{Name: "109.yaml", Content: make([]byte, revision.MaxBytes+1)}},
	} {
		_, err := b.store.Add(b.Context(), made(2), fs, 1)
		b.fails(err, ivr.Invalid)
	}
	newest, err := b.store.Newest(b.Context())
	b.ok(err)
	b.same(newest.Number, int64(1))
	b.same(b.add(made(2), 2, 1).Number, int64(2))
}

func found(b bench) {
	ctx := b.Context()
	named := made(1)
	named.Named = true
	b.add(named, 1, 0)
	b.add(made(2), 2, 1)
	back := named
	back.By, back.Of = revision.ByRollback, 1
	b.add(back, 1, 2)
	last, err := b.store.LastNamed(ctx)
	b.ok(err)
	b.same(last.Number, int64(1))
	of, err := b.store.OfFlow(ctx, "109@1")
	b.ok(err)
	b.same([]int64{of.Number, of.Of}, []int64{3, 1})
	_, err = b.store.OfFlow(ctx, "109@'")
	b.fails(err, ivr.NotFound)
}

func pages(b bench) {
	for n := range 5 {
		b.add(made(n), n, int64(n))
	}
	for _, one := range []struct {
		before int64
		limit  int
		want   []int64
	}{{0, 2, []int64{5, 4}}, {4, 2, []int64{3, 2}}, {2, 10, []int64{1}}, {1, 10, nil}} {
		some, err := b.store.List(b.Context(), one.before, one.limit)
		b.ok(err)
		var got []int64
		for _, r := range some {
			got = append(got, r.Number)
		}
		b.same(got, one.want)
	}
}

// twoAtOnce has many publish after the same revision: one does, the others are
// told.
func twoAtOnce(b bench) {
	const many = 8
	var all sync.WaitGroup
	errs := make([]error, many)
	for i := range many {
		all.Go(func() { _, errs[i] = b.store.Add(b.Context(), made(i), files(i), 0) })
	}
	all.Wait()
	stored := 0
	for _, err := range errs {
		if err == nil {
			stored++
			continue
		}
		b.fails(err, ivr.Conflict)
	}
	b.same(stored, 1)
	newest, err := b.store.Newest(b.Context())
	b.ok(err)
	got, err := b.store.Files(b.Context(), newest.Number)
	b.ok(err)
	b.same(string(got[0].Content), "flow: "+strings.TrimPrefix(newest.Flow, "109@"))
}
