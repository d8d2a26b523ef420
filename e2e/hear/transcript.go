package hear

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// cutShort is how much of a prompt's beginning must have been heard for a
// transcript to name it although it was cut.
const cutShort = 600 * time.Millisecond

// Heard is one prompt in a transcript.
type Heard struct {
	Name  string
	At    time.Duration // when it began, from the start of the recording
	Score float64       // over the whole prompt; low when it was cut
	For   time.Duration // how much of it was heard from its beginning on
	Cut   bool          // it was not heard to its end
}

// String is the find as a line of a failure's report.
func (h Heard) String() string {
	text := fmt.Sprintf("%6.2fs %s (%.2f)", h.At.Seconds(), h.Name, h.Score)
	if h.Cut {
		text += fmt.Sprintf(", cut after %.1fs", h.For.Seconds())
	}
	return text
}

// Report is a transcript as lines, for a test that failed.
func Report(all []Heard) string {
	if len(all) == 0 {
		return "nothing known was heard"
	}
	lines := make([]string, len(all))
	for i, h := range all {
		lines[i] = h.String()
	}
	return strings.Join(lines, "\n")
}

// Transcript tells which prompts of a library were heard, in order. A prompt
// that was cut short is named when its beginning was heard. Where several
// explain the same stretch of sound, as sentences that begin alike do, the one
// that explains most of it is named.
func Transcript(heard []int16, library map[string][]int16) []Heard {
	ear := Listen(heard)
	var all []Heard
	for name, prompt := range library {
		for _, m := range ear.matches(prompt) {
			cut := m.Score < DefaultScore
			if cut && m.Heard < cutShort {
				continue
			}
			h := Heard{Name: name, At: m.At, Score: m.Score, For: m.Heard, Cut: cut}
			if !cut && m.Heard < Length(prompt)/2 { // its beginning was damaged
				h.For = Length(prompt)
			}
			all = append(all, h)
		}
	}
	return explain(all)
}

// explain keeps, of finds that overlap, those that explain most.
func explain(all []Heard) []Heard {
	slices.SortFunc(all, func(a, b Heard) int {
		return cmp.Or(cmp.Compare(b.worth(), a.worth()), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name), cmp.Compare(a.At, b.At))
	})
	var kept []Heard
	for _, h := range all {
		if !slices.ContainsFunc(kept, h.overlaps) {
			kept = append(kept, h)
		}
	}
	slices.SortFunc(kept, func(a, b Heard) int {
		return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.Name, b.Name))
	})
	return kept
}

// worth is how much sound the find explains. A whole prompt counts a little
// more than the beginning of another that is as long.
func (h Heard) worth() time.Duration {
	if h.Cut {
		return h.For * 9 / 10
	}
	return time.Duration(float64(h.For) * h.Score)
}

// overlaps says whether two finds claim the same sound.
func (h Heard) overlaps(other Heard) bool {
	shared := min(h.At+h.For, other.At+other.For) - max(h.At, other.At)
	return shared > min(h.For, other.For)*3/10
}
