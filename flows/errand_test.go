package flows_test

import (
	"strings"
	"testing"
	"time"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
)

// TestErrands wants the actions to carry what those who carry them out need.
func TestErrands(t *testing.T) {
	at := func(node string) flows.Start {
		return flows.Start{Node: node, Language: flows.Russian, Category: "water", Vars: map[string]string{"account": "1/ 2"}}
	}
	f := richFlow(t)
	feed := func(r flows.Result, ins ...flows.Input) flows.Result {
		for _, in := range ins {
			r = f.Step(r.State, in, daytime())
			checkShape(t, r)
		}
		return r
	}
	last := func(r flows.Result) flows.Action { return r.Actions[len(r.Actions)-1] }
	key := func(r rune) flows.Input { return flows.Key{Digit: r} }
	recorded := flows.Recorded{Name: "m1", Length: 5 * time.Second}
	keep := flows.Keep{Node: "message", Recording: "m1", Category: "water", Queue: "main", Language: flows.Russian}

	typed := []flows.Input{key('8'), key('7'), key('0'), key('1'), key('2'), key('3'), key('4'), key('5'), key('6'), key('7'), key('8'), key('#')}
	for name, c := range map[string]struct {
		got  flows.Result
		want flows.Action
	}{
		"record":   {f.BeginAt(at("message"), daytime()), flows.Record{Node: "message", Max: 2 * time.Minute, Silence: 5 * time.Second}},
		"keep":     {feed(f.BeginAt(at("message"), daytime()), recorded, key('1')), keep},
		"handover": {f.BeginAt(at("ambulance"), daytime()), flows.Handover{Node: "ambulance", Partner: "103", Category: "water", Language: flows.Russian, Away: []rune{'0'}}},
		"callback": {feed(f.BeginAt(at("callback"), daytime()), append(typed, key('1'))...), flows.RequestCallback{Node: "callback", Queue: "main", Number: "+77012345678", Category: "water", Language: flows.Russian}},
		"digits":   {f.BeginAt(at("account"), daytime()), flows.Listen{Node: "account", Timeout: 8 * time.Second, Private: true}},
		"public":   {f.BeginAt(at("pin"), daytime()), flows.Listen{Node: "pin", Timeout: 8 * time.Second}},
		"queue":    {f.BeginAt(at("operator"), daytime()), flows.Enqueue{Node: "operator", Queue: "main", Category: "water", Topic: "water", Language: flows.Russian, After: true}},
	} {
		if diff := cmp.Diff(c.want, last(c.got)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if r := feed(f.BeginAt(at("message"), daytime()), recorded, flows.Hangup{}); !cmp.Equal(r.Actions, []flows.Action{keep, flows.Disconnect{Reason: flows.EndHangup}}) {
		t.Errorf("who hangs up has not sent the message: %+v", r.Actions)
	}
}

// TestWhatIsAskedStaysAValue wants values to change nothing else of an address.
func TestWhatIsAskedStaysAValue(t *testing.T) {
	f := loadText(t, strings.NewReplacer("account: digits", "account: {type: text, start: x}", "into: account", "into: pin", "calendars: {office: office.calendar.yaml}\n", "", `not open("office") or `, "").Replace(rich))
	for value, want := range map[string]string{
		"12":        "http://192.0.2.10/a/12?left=5",
		"../up":     "http://192.0.2.10/a/..%2Fup?left=5",
		"a?b#c&d=e": "http://192.0.2.10/a/a%3Fb%23c&d=e?left=5",
		"№ 1":       "http://192.0.2.10/a/%E2%84%96%201?left=5",
		"..":        "",
		"@evil":     "http://192.0.2.10/a/@evil?left=5",
	} {
		r := f.BeginAt(flows.Start{Node: "bill", Vars: map[string]string{"account": value}}, daytime())
		l, _ := r.Actions[len(r.Actions)-1].(flows.Lookup)
		if l.URL != want {
			t.Errorf("%q: %q, want %q", value, l.URL, want)
		}
	}
}

// TestDigitsAreNobodysBusiness wants what was typed in no event, unless the
// author calls it public.
func TestDigitsAreNobodysBusiness(t *testing.T) {
	f := richFlow(t)
	for node, want := range map[string]string{"account": "", "pin": "42"} {
		w := f.Walk(flows.Start{Node: node}, daytime())
		for _, word := range map[string]string{"account": "4242 # 1", "pin": "42"}[node] {
			words, err := flows.ParseWords(string(word))
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range words {
				if err := w.Do(one); err != nil {
					t.Fatal(err)
				}
			}
		}
		for _, e := range w.Events() {
			if e.Kind == flows.EventInput && (e.Digits != want || e.Length == 0) {
				t.Errorf("%s: %+v", node, e)
			}
		}
	}
}
