package hear

import (
	"cmp"
	"slices"
	"time"
)

const (
	// DefaultScore is the score from which on a prompt counts as heard. True
	// finds score above 0.9 (one resampled), sentences that share half their
	// words up to 0.6, others below 0.3.
	DefaultScore = 0.8
	// floor is the likeness below which a segment counts as not found.
	floor = 0.55
	// drift is how far the segments of one prompt may be out of step: a stall
	// of the switch in the middle of a prompt shifts what follows.
	drift = half * 3 / 10
)

// Options shape a search. The zero value is right for prompts over G.711.
type Options struct {
	// MinScore is the score from which on a prompt counts as heard;
	// DefaultScore if zero.
	MinScore float64
	// From and To bound the part of the recording that is searched: the prompt
	// must begin in it. To zero means the end.
	From, To time.Duration
}

// Match is one place where a prompt was heard.
type Match struct {
	// At is when the prompt began, from the start of the recording. It is
	// negative when the recording begins in the middle of the prompt.
	At time.Duration
	// Score is the likeness over the whole prompt, 0 to 1: parts that were not
	// heard count as 0.
	Score float64
	// Heard is how much of the prompt was heard from its beginning on without a
	// break; 0 when its beginning was not heard.
	Heard time.Duration
}

// piece is a segment of a prompt.
type piece struct {
	offset int // in samples of the halved rate
	sound  []float64
	coarse []float64 // the same at half that rate
	weight float64   // its share in the vote
}

// Find gives the best place where the prompt was heard as a whole.
func Find(heard, prompt []int16, opts Options) (Match, bool) {
	return Listen(heard).Find(prompt, opts)
}

// FindStart tells whether at least the first d of the prompt were heard, as
// when a key cut it short.
func FindStart(heard, prompt []int16, d time.Duration, opts Options) (Match, bool) {
	n := int(d.Seconds() * Rate)
	return Find(heard, prompt[:max(0, min(n, len(prompt)))], opts)
}

// Find gives the best place where the prompt was heard as a whole.
func (e *Ear) Find(prompt []int16, opts Options) (Match, bool) {
	if opts.MinScore == 0 {
		opts.MinScore = DefaultScore
	}
	best := Match{}
	for _, m := range e.matches(prompt) {
		inside := m.At >= opts.From && (opts.To == 0 || m.At < opts.To)
		if inside && m.Score > best.Score {
			best = m
		}
	}
	return best, best.Score >= opts.MinScore
}

// matches gives every place where some part of the prompt was heard, in order.
func (e *Ear) matches(prompt []int16) []Match {
	pieces := cut(prepare(prompt))
	var votes []vote
	for tried, i := range order(pieces) {
		for _, p := range e.search(pieces[i]) {
			votes = append(votes, vote{start: p.at - pieces[i].offset, piece: i, score: p.score})
		}
		if tried == 1 && len(votes) == 0 {
			return nil // neither the beginning nor the loudest other: not there
		}
	}
	slices.SortFunc(votes, func(a, b vote) int { return cmp.Compare(a.start, b.start) })
	var all []Match
	for len(votes) > 0 {
		n := 1
		for n < len(votes) && votes[n].start-votes[0].start <= drift {
			n++
		}
		all = append(all, count(votes[:n], pieces, len(prompt)))
		votes = votes[n:]
	}
	return all
}

// cut parts a prompt into pieces and leaves out those that are silent.
func cut(x []float64) []piece {
	var pieces []piece
	coarse := decimate(x)
	total := 0.0
	for from := 0; from < len(x); {
		to := from + segment
		if len(x)-to < shortest {
			to = len(x)
		}
		energy := 0.0
		for _, v := range x[from:to] {
			energy += v * v
		}
		pieces = append(pieces, piece{offset: from, sound: x[from:to], coarse: coarse[from/2 : to/2], weight: energy})
		total += energy
		from = to
	}
	pieces = slices.DeleteFunc(pieces, func(p piece) bool { return p.weight < total/1000 })
	sum := 0.0
	for i := range pieces {
		pieces[i].weight = float64(len(pieces[i].sound))
		sum += pieces[i].weight
	}
	for i := range pieces {
		pieces[i].weight /= sum
	}
	return pieces
}

// order is the order in which pieces are searched for: the beginning, then by
// strength, so that an absent prompt is given up early.
func order(pieces []piece) []int {
	indices := make([]int, len(pieces))
	strength := make([]float64, len(pieces))
	for i, p := range pieces {
		indices[i] = i
		for _, v := range p.sound {
			strength[i] += v * v
		}
	}
	if len(indices) > 1 {
		slices.SortFunc(indices[1:], func(a, b int) int { return cmp.Compare(strength[b], strength[a]) })
	}
	return indices
}

// vote is one piece's word on where the prompt began.
type vote struct {
	start, piece int
	score        float64
}

// count makes a match of votes that agree.
func count(votes []vote, pieces []piece, length int) Match {
	best := make([]vote, len(pieces))
	for _, v := range votes {
		if v.score > best[v.piece].score {
			best[v.piece] = v
		}
	}
	m := Match{At: span(votes[0].start)}
	unbroken := true
	for i, v := range best {
		m.Score += v.score * pieces[i].weight
		if v.score == 0 {
			unbroken = false
		} else if unbroken {
			m.Heard = span(pieces[i].offset + len(pieces[i].sound))
			if i == len(best)-1 {
				m.Heard = time.Duration(length) * time.Second / Rate
			}
		}
	}
	if best[0].score > 0 {
		m.At = span(best[0].start)
	}
	return m
}
