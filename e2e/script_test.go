package e2e_test

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// line is a step of a script and where it stands.
type line struct {
	file  string
	at    int
	words []string
}

// readScript leaves out empty lines and comments.
func readScript(file, text string) []line {
	var all []line
	for i, raw := range strings.Split(text, "\n") {
		words := strings.Fields(raw)
		if len(words) > 0 && !strings.HasPrefix(words[0], "#") {
			all = append(all, line{file: file, at: i + 1, words: words})
		}
	}
	return all
}

// play carries out the steps, in order. What stands between "together" and
// "end", parted by "also", happens at the same time.
func (s *scenario) play(lines []line) error {
	for len(lines) > 0 {
		first := lines[0]
		lines = lines[1:]
		if first.words[0] != "together" {
			if err := s.step(first.words); err != nil {
				return fmt.Errorf("%s:%d: %s: %w", first.file, first.at, strings.Join(first.words, " "), err)
			}
			continue
		}
		end := slices.IndexFunc(lines, func(l line) bool { return l.words[0] == "end" })
		if end < 0 {
			return fmt.Errorf("%s:%d: no end follows", first.file, first.at)
		}
		if err := s.together(lines[:end]); err != nil {
			return err
		}
		lines = lines[end+1:]
	}
	return nil
}

func (s *scenario) together(lines []line) error {
	var all errgroup.Group
	for len(lines) > 0 {
		n := slices.IndexFunc(lines, func(l line) bool { return l.words[0] == "also" })
		branch := lines
		if lines = nil; n >= 0 {
			branch, lines = branch[:n], branch[n+1:]
		}
		all.Go(func() error { return s.play(branch) })
	}
	return all.Wait()
}
