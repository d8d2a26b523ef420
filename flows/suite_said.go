package flows

import (
	"fmt"
	"slices"
)

// maxCompared bounds the two lists that are compared; no step says so much.
const maxCompared = 500

// judgeSaid compares lists of phrases or sentences. With says and words others
// may stand between those that are expected.
func (x expectation) judgeSaid(said []Utterance) (message string, diff []string) {
	got := make([]string, 0, len(said))
	for _, u := range said {
		if x.key == "words" {
			got = append(got, u.Text())
		} else {
			got = append(got, u.Phrase.ID)
		}
	}
	got = once(got, said)
	if len(got) > maxCompared || len(x.want) > maxCompared {
		return fmt.Sprintf("more than %d are said or expected in one step", maxCompared), nil
	}
	missing, extra := 0, 0
	for _, line := range compare(x.want, got) {
		switch {
		case line.sign == '-':
			missing++
		case line.sign == '+' && x.key != "says-only":
			line.sign = ' '
		case line.sign == '+':
			extra++
		}
		diff = append(diff, string(line.sign)+" "+line.text)
	}
	switch {
	case missing > 0 && extra > 0:
		return "other is said than expected", diff
	case missing > 0:
		return fmt.Sprintf("%d of %d expected are not said, or not in this order", missing, len(x.want)), diff
	case extra > 0:
		return "more is said than expected", diff
	default:
		return "", nil
	}
}

// once drops what is said again in the second language: until one is chosen a
// phrase is said in both, and is one phrase to a test.
func once(ids []string, said []Utterance) []string {
	var all []string
	for i, id := range ids {
		again := said[i].Language != Kazakh && slices.ContainsFunc(said[:i], func(u Utterance) bool {
			return u.Language == Kazakh && u.Phrase.ID == said[i].Phrase.ID && id == said[i].Phrase.ID
		})
		if !again {
			all = append(all, id)
		}
	}
	return all
}

// diffLine is one line of a comparison: ' ' in both, '-' wanted, '+' got.
type diffLine struct {
	sign rune
	text string
}

// compare lays two lists side by side, with as much in common as there can be.
func compare(want, got []string) []diffLine {
	common := make([][]int, len(want)+1) // [i][j]: the most that want[i:] and got[j:] have in common
	for i := range common {
		common[i] = make([]int, len(got)+1)
	}
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if want[i] == got[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	var lines []diffLine
	i, j := 0, 0
	for i < len(want) || j < len(got) {
		switch {
		case i < len(want) && j < len(got) && want[i] == got[j]:
			lines = append(lines, diffLine{' ', want[i]})
			i, j = i+1, j+1
		case j == len(got) || i < len(want) && common[i+1][j] >= common[i][j+1]:
			lines = append(lines, diffLine{'-', want[i]})
			i++
		default:
			lines = append(lines, diffLine{'+', got[j]})
			j++
		}
	}
	return lines
}
