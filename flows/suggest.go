package flows

import (
	"fmt"
	"slices"
	"strings"
)

// nearest returns the known name most like the given one, or "" when none is
// near enough to be meant.
func nearest(name string, known []string) string {
	best, least := "", max(1, min(3, len([]rune(name))/3))+1
	for _, k := range known {
		if d := distance(name, k, least); d < least {
			best, least = k, d
		}
	}
	return best
}

// cureName is the advice for a name that is not known.
func cureName(name string, known []string) string {
	if best := nearest(name, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	if len(known) == 0 {
		return "there are none yet"
	}
	const few = 12
	known = slices.Sorted(slices.Values(known))
	if len(known) > few {
		return fmt.Sprintf("use one of the %d there are, such as %s", len(known), strings.Join(known[:3], ", "))
	}
	return "use one of " + strings.Join(known, ", ")
}

// distance is the number of edits (insert, delete, replace, swap of
// neighbours) between two names, or limit when it is at least that.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	before, last, row := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return min(last[len(y)], limit)
}
