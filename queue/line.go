package queue

import (
	"cmp"
	"slices"
)

// before is the one place that says who comes first.
func before(a, b *Ticket) bool { return compare(a, b) < 0 }

// compare orders two tickets by rank; a store never gives the same Seq twice.
func compare(a, b *Ticket) int {
	return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(a.Seq, b.Seq))
}

// line is tickets in order. Adding and removing move pointers within one
// block of memory: a few microseconds with 10,000 waiting, which is less than
// any tree would cost at that size.
type line []*Ticket

// add puts a ticket at its place, which mostly is the end.
func (l *line) add(t *Ticket) {
	i, found := slices.BinarySearchFunc(*l, t, compare)
	if !found {
		*l = slices.Insert(*l, i, t)
	}
}

func (l *line) remove(t *Ticket) {
	if i, found := slices.BinarySearchFunc(*l, t, compare); found {
		*l = slices.Delete(*l, i, i+1)
	}
}

// ahead counts those who come before t, who need not be in the line.
func (l line) ahead(t *Ticket) int {
	i, _ := slices.BinarySearchFunc(l, t, compare)
	return i
}
