package ivr_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"ikomek109/ivr"
)

func TestNumberPrintsMasked(t *testing.T) {
	for raw, want := range map[string]string{
		"":                               "withheld",
		"109":                            "•••",
		"771722":                         "••••••",
		"7717255":                        "77•••55",
		"87011234567":                    "8701•••••67",
		"+77011234567":                   "+7701•••••67",
		"<sip:+77011234567@example.net>": "<sip:•••••••••••••••••••••••t>",
		"77777777777777777777":           "77777•••••••••••••77",
	} {
		n := ivr.NewNumber(raw)
		encoded, err := json.Marshal(n)
		if err != nil {
			t.Fatal(err)
		}
		var decoded string
		if err := json.Unmarshal(encoded, &decoded); err != nil {
			t.Fatal(err)
		}
		for how, got := range map[string]string{
			"String": n.String(), "%v": fmt.Sprintf("%v", n), "LogValue": n.LogValue().String(), "JSON": decoded,
		} {
			if got != want {
				t.Errorf("%s of %q is %q, want %q", how, raw, got, want)
			}
		}
		if n.Reveal() != raw {
			t.Errorf("%q reveals %q", raw, n.Reveal())
		}
	}
}
