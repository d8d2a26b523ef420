package flows

import (
	"fmt"
	"slices"
	"strings"
)

// nearest returns the known name most like the given one, or "" when none is
// near enough to be meant. Looking for it costs time, so that a file full of
// mistakes gets it for the first of them.
func (l *log) nearest(name string, known []string) string {
	const searches = 200
	if l.searched++; l.searched > searches {
		return ""
	}
	best, least := "", max(1, min(3, len([]rune(name))/3))+1
	for _, k := range known {
		if d := distance(name, k, least); d < least {
			best, least = k, d
		}
	}
	return best
}

// cureName is the advice for a name that is not known.
func (l *log) cureName(name string, known []string) string {
	const few = 20
	if latin := inLatin(name); latin != name && slices.Contains(known, latin) {
		return fmt.Sprintf("it is typed in Cyrillic letters: type %q in Latin ones", latin)
	}
	if best := l.nearest(name, known); best != "" {
		return fmt.Sprintf("did you mean %q?", best)
	}
	switch n := len(known); {
	case n == 0:
		return "there are none: add it, or remove this"
	case n > few:
		return fmt.Sprintf("use one of the %d there are, such as %s", n, strings.Join(known[:3], ", "))
	default:
		return "use one of " + strings.Join(slices.Sorted(slices.Values(known)), ", ")
	}
}

// inLatin changes the Cyrillic letters that look like Latin ones: with the
// keyboard in Kazakh or Russian, "кк" is easily typed for "kk".
func inLatin(name string) string {
	return strings.NewReplacer("а", "a", "с", "c", "е", "e", "і", "i", "к", "k", "о", "o", "р", "p",
		"т", "t", "у", "y", "х", "x", "һ", "h", "м", "m", "ѕ", "s", "ј", "j").Replace(name)
}

// distance is the number of edits (insert, delete, replace, swap of
// neighbours) between two names, or limit when it is at least that.
func distance(a, b string, limit int) int {
	if len(a)-len(b) >= 4*limit || len(b)-len(a) >= 4*limit { // a letter has at most four bytes
		return limit
	}
	x, y := []rune(a), []rune(b)
	if len(x)-len(y) >= limit || len(y)-len(x) >= limit {
		return limit
	}
	n := len(y) + 1
	rows := make([]int, 3*(MaxName+1)) // on the stack: there may be a great many names
	if 3*n > len(rows) {
		rows = make([]int, 3*n)
	}
	before, last, row := rows[:n], rows[n:2*n], rows[2*n:3*n]
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
