package phone_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/phone"

	"pgregory.net/rapid"
)

func TestParseScript(t *testing.T) {
	tests := []struct {
		text string
		want phone.Script
	}{
		{"", nil},
		{" \t\n", nil},
		{"wait:2 1 wait:3 2", phone.Script{
			{Verb: phone.VerbWait, For: 2 * time.Second},
			{Verb: phone.VerbKeys, Keys: "1"},
			{Verb: phone.VerbWait, For: 3 * time.Second},
			{Verb: phone.VerbKeys, Keys: "2"},
		}},
		{"12#,*0 a", phone.Script{
			{Verb: phone.VerbKeys, Keys: "12#"}, {Verb: phone.VerbKeys, Keys: "*0"}, {Verb: phone.VerbKeys, Keys: "A"},
		}},
		{"sound:10 silence:0.5 WAIT:250ms hangup", phone.Script{
			{Verb: phone.VerbSound, For: 10 * time.Second},
			{Verb: phone.VerbSilence, For: 500 * time.Millisecond},
			{Verb: phone.VerbWait, For: 250 * time.Millisecond},
			{Verb: phone.VerbHangup},
		}},
	}
	for _, tt := range tests {
		got, err := phone.ParseScript(tt.text)
		if err != nil || !slices.Equal(got, tt.want) {
			t.Errorf("%q: got %v, %v, want %v", tt.text, got, err, tt.want)
		}
	}
}

func TestScriptErrors(t *testing.T) {
	tests := []struct {
		text   string
		column int
		cure   string
	}{
		{"1 2 hello", 5, "write keys"},
		{"1 wait 2", 3, "write keys"},
		{"1 wait: 2", 3, "in seconds"},
		{"wait:-2", 1, "in seconds"},
		{"wait:NaN", 1, "in seconds"},
		{"күту:2", 1, "write wait:2"},
		{"1 күту 2", 3, "write keys"},
		{"күту wait:9999999", 6, "at most 1h0m0s"},
		{strings.Repeat("1 ", 1001), 2001, "at most 1000 steps"},
	}
	for _, tt := range tests {
		_, err := phone.ParseScript(tt.text)
		if err == nil {
			t.Errorf("%.40q was understood", tt.text)
			continue
		}
		lines := strings.Split(err.Error(), "\n")
		last := lines[len(lines)-1]
		var fault *phone.ScriptError
		if !errors.As(err, &fault) || len(lines) == 1 && fault.Column != tt.column || !strings.Contains(last, tt.cure) {
			t.Errorf("%.40q: %v, want column %d and %q", tt.text, err, tt.column, tt.cure)
		}
	}
}

// TestScriptRoundTrip writes scripts and reads them back.
func TestScriptRoundTrip(t *testing.T) {
	step := rapid.Custom(func(t *rapid.T) phone.Step {
		switch verb := rapid.SampledFrom([]phone.Verb{
			phone.VerbKeys, phone.VerbWait, phone.VerbSound, phone.VerbSilence, phone.VerbHangup,
		}).Draw(t, "verb"); verb {
		case phone.VerbKeys:
			return phone.Step{Verb: verb, Keys: rapid.StringMatching(`[0-9A-D*#]{1,8}`).Draw(t, "keys")}
		case phone.VerbHangup:
			return phone.Step{Verb: verb}
		default:
			return phone.Step{Verb: verb, For: time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "time"))}
		}
	})
	rapid.Check(t, func(t *rapid.T) {
		want := phone.Script(rapid.SliceOfN(step, 0, 20).Draw(t, "script"))
		got, err := phone.ParseScript(want.String())
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("%q: got %v, %v", want, got, err)
		}
	})
}

// FuzzScript: whatever is understood can be written and understood again.
func FuzzScript(f *testing.F) {
	for _, seed := range []string{"wait:2 1 wait:3 2 hangup", "wait:1e9 \x00", "1,2,,#", "wait:wait:2", "ҚҰ:1", "hangup:1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		script, err := phone.ParseScript(text)
		if err != nil {
			return
		}
		again, err := phone.ParseScript(script.String())
		if err != nil || !slices.Equal(again, script) {
			t.Errorf("%q became %q: %v", text, script, err)
		}
	})
}

func TestRunScript(t *testing.T) {
	out, in := pair(t, phone.Options{}, phone.Options{})
	script, err := phone.ParseScript("wait:0.05 12 silence:0.1 #")
	if err != nil {
		t.Fatal(err)
	}
	if err := out.Run(patience(t), script, phone.RFC4733); err != nil {
		t.Fatal(err)
	}
	eventually(t, "all keys came", func() bool { return len(in.Keys()) == 3 }) // a goodbye may overtake them
	if script, err = phone.ParseScript("hangup 5"); err != nil {
		t.Fatal(err)
	}
	err = out.Run(patience(t), script, phone.RFC4733)
	if !errors.Is(err, phone.ErrEnded) || !strings.Contains(err.Error(), "step 2 (5)") {
		t.Errorf("a key after the end: %v", err)
	}
	receive(t, in.Done(), "the end")
	var keys []byte
	for _, k := range in.Keys() {
		keys = append(keys, k.Digit)
	}
	if string(keys) != "12#" {
		t.Errorf("keys %s", keys)
	}
}

func TestRunWaitsForSoundInVain(t *testing.T) {
	out, _ := pair(t, phone.Options{}, phone.Options{})
	err := out.Run(patience(t), phone.Script{{Verb: phone.VerbSound, For: 50 * time.Millisecond}}, phone.INFO)
	if err == nil || !strings.Contains(err.Error(), "nothing was heard for 50ms") {
		t.Errorf("got %v", err)
	}
}
