package config

import (
	"fmt"
	"strings"
)

// longestKey bounds the cost of a comparison: no key of ours is near it.
const longestKey = 64

// unknownKey gives the cure for a key that does not exist in the section.
func (s *schema) unknownKey(section, name string) string {
	if near := nearest(name, s.sections[section]); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	for _, leaf := range s.settings { // right name, wrong place
		if strings.HasSuffix(leaf.key, "."+name) || leaf.key == name {
			below, last := splitKey(leaf.key)
			return fmt.Sprintf("write it below %s:, indented, as %s:", below, last)
		}
	}
	if section == "" {
		return "known here: " + strings.Join(s.sections[""], ", ")
	}
	return fmt.Sprintf("known below %s: %s", section, strings.Join(s.sections[section], ", "))
}

// nearest gives the candidate that name was most likely meant to be, or "".
func nearest(name string, candidates []string) string {
	if len(name) > longestKey {
		return ""
	}
	name = strings.ToLower(strings.ReplaceAll(name, "-", "_"))
	best, least := "", 1+max(2, len(name)/3)
	for _, candidate := range candidates {
		if d := distance(name, candidate); d < least && d < len(candidate) {
			best, least = candidate, d
		}
	}
	return best
}

// distance is Levenshtein's, in bytes.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
