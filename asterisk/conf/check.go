package conf

import (
	"fmt"
	"path/filepath"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	maxPath     = 1024
	minPassword = 8
	maxPassword = 64 // Asterisk cuts a longer one off without a word
)

// checkName holds s to letters, digits, '-', '_' and '.', beginning with a
// letter or digit: such a name can be a section, a file name or an argument.
func checkName(field, s string, limit int) error {
	if s == "" || len(s) > limit {
		return fmt.Errorf("%s has %d characters: give 1 to %d", field, len(s), limit)
	}
	for i, r := range s {
		if !isWord(r) && (i == 0 || !strings.ContainsRune("-_.", r)) {
			return fmt.Errorf("%s has the character %q: use letters a-z, digits, '-', '_' and '.'", field, r)
		}
	}
	if s == "general" {
		return fmt.Errorf("%s cannot be \"general\": Asterisk keeps that word for itself", field)
	}
	return nil
}

// checkPassword never shows the password in its errors.
func checkPassword(s string) error {
	if len(s) < minPassword || len(s) > maxPassword {
		return fmt.Errorf("ARIPassword has %d characters: give %d to %d", len(s), minPassword, maxPassword)
	}
	for _, r := range s {
		if !isWord(r) && !strings.ContainsRune("-_.", r) {
			return fmt.Errorf("ARIPassword has a character that Asterisk's files cannot carry: use letters a-z, digits, '-', '_' and '.'")
		}
	}
	return nil
}

// checkPath accepts the empty path, and absolute paths without the characters
// that mean something in Asterisk's files or dialplan.
func checkPath(field, p string) error {
	switch {
	case p == "":
		return nil
	case len(p) > maxPath:
		return fmt.Errorf("%s has %d bytes: give a path of at most %d", field, len(p), maxPath)
	case !utf8.ValidString(p):
		return fmt.Errorf("%s %q is not valid UTF-8: use another folder", field, p)
	case !filepath.IsAbs(p) || filepath.Clean(p) != p:
		return fmt.Errorf("%s %q: give an absolute path without \"..\" or a trailing slash", field, p)
	}
	for _, r := range p {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("/._-+@~: ", r) {
			return fmt.Errorf("%s %q has the character %q, which Asterisk's files cannot carry: use another folder", field, p, r)
		}
	}
	if strings.TrimSpace(p) != p {
		return fmt.Errorf("%s %q ends in a space: use another folder", field, p)
	}
	return nil
}

func checkPort(field string, p int) error {
	if p < 1 || p > 65535 {
		return fmt.Errorf("%s is %d: give a port from 1 to 65535", field, p)
	}
	return nil
}

func isNumber(s string) bool {
	s = strings.TrimPrefix(s, "+")
	if len(s) < 2 || len(s) > 15 {
		return false
	}
	return strings.Trim(s, "0123456789") == ""
}

func isWord(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
}

// isPlain tells what a person's name may have in a caller ID.
func isPlain(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune(" .-'", r)
}
