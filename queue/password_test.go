package queue_test

import (
	"regexp"
	"strings"
	"testing"

	"ikomek109/ivr"
	"ikomek109/queue"
)

func TestNewPassword(t *testing.T) {
	shape := regexp.MustCompile(`^([0-9a-hjkmnp-tv-z]{4}-){4}[0-9a-hjkmnp-tv-z]{4}$`)
	seen, signs := map[string]bool{}, map[rune]bool{}
	for range 500 {
		p, err := queue.NewPassword()
		if err != nil {
			t.Fatal(err)
		}
		if !shape.MatchString(p) || seen[p] {
			t.Fatalf("password %q", p)
		}
		seen[p] = true
		for _, r := range p {
			signs[r] = true
		}
	}
	if len(signs) != 33 { // 32 and the dash
		t.Errorf("%d different signs: fewer than 5 bits each", len(signs))
	}
}

func TestCredential(t *testing.T) {
	// printf 'aigul:ikomek109:secret' | md5sum
	if got := queue.Credential("aigul", "secret"); got != "8f4ca76e3776407782cef9cdf2743b28" {
		t.Errorf("credential %s", got)
	}
}

func TestParseAgentID(t *testing.T) {
	for _, good := range []string{"a", "aigul", "a.serik-2", "x9", strings.Repeat("a", 32)} {
		if id, err := queue.ParseAgentID(good); err != nil || string(id) != good {
			t.Errorf("%q: %q, %v", good, id, err)
		}
	}
	bad := []string{
		"", "Aigul", "айгуль", "9a", "-a", ".a", "a-", "a.", "a b", "a/b", "a;b", "a\nb", "a\x00", "a@b", "a_b",
		"../etc", "anonymous", "global", strings.Repeat("a", 33), strings.Repeat("ж", 1000), "a\xff",
	}
	for _, s := range bad {
		_, err := queue.ParseAgentID(s)
		if ivr.CodeOf(err) != ivr.Invalid {
			t.Errorf("%q: %v", s, err)
			continue
		}
		if !strings.Contains(err.Error(), "lower-case") {
			t.Errorf("%q: no cure in %v", s, err)
		}
	}
}

func FuzzParseAgentID(f *testing.F) {
	f.Add("aigul")
	f.Add("a;b\n")
	f.Fuzz(func(t *testing.T, s string) {
		id, err := queue.ParseAgentID(s)
		if err == nil && strings.ContainsAny(string(id), " ;@/\\\"'<>[]()\r\n\x00") {
			t.Errorf("let through: %q", id)
		}
	})
}
