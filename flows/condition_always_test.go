package flows_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"

	"pgregory.net/rapid"
)

// asking is a flow that asks a condition first thing, and what is found in it.
func asking(condition string) (*flows.Flow, flows.Findings) {
	text := "flow: f\nstart: s\noperator: held\ngoodbye: bye\ncalendars: {office: office.calendar.yaml}\n" +
		"vars: {account: digits, street: text, left: days, opens: time, since: date}\n" +
		"categories: {water: {name: {kk: Су, ru: Вода}, announce: {kk: Су., ru: Вода.}}, gas: {name: {kk: Газ, ru: Газ для дома}, announce: {kk: Газ., ru: О газе.}}}\nnodes:\n" +
		"  s: {kind: switch, cases: [{when: '" + condition + "', to: held}], else: bye}\n" +
		"  held: {kind: queue, queue: main}\n  bye: {kind: end}\n"
	return flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(text)}, "office.calendar.yaml": {Data: []byte(office)}}, "f.yaml", flows.Known{Queues: []string{"main", "a", "b", "c"}})
}

// TestRightConditionsAreNotBlamed has what an admin writes for a holiday at night.
func TestRightConditionsAreNotBlamed(t *testing.T) {
	for _, condition := range []string{
		`date > "2026-12-16" and date < "2026-12-20"`,
		`date >= "2026-12-16" and date != "2026-12-16" and date < "2027-01-01"`,
		`since > "2026-12-16" and since < "2026-12-20"`,
		`opens > "08:00" and opens < "09:00"`,
		`account startsWith "77" and account != "77"`,
		`account contains "5" and account startsWith "7"`,
		`account > "5" and account < "7"`,
		`queue("main").wait > 2.5 and queue("main").wait < 3.5`,
		`queue("a").free < queue("b").free and queue("b").free < queue("c").free`,
		`street != account and street != "" and account != "" and street endsWith "s"`,
	} {
		if _, found := asking(condition); len(found) > 0 {
			t.Errorf("%s: %v", condition, found)
		}
	}
}

// TestWrongConditionsAreTold holds the trial to finding something still. It is a
// trial, no proof: it warns, and keeps nobody from publishing.
func TestWrongConditionsAreTold(t *testing.T) {
	for condition, want := range map[string]string{
		`date > "2026-12-16" and date < "2026-12-17"`: "never",
		`time == "24:00"`:                                       "never",
		`account > "7" and account < "5"`:                       "never",
		`queue("main").wait > 2.5 and queue("main").wait < 2.9`: "never",
		`category startsWith "z"`:                               "never",
		`left > 3.5 or left < 4`:                                "always",
		`1 + 1 == 2`:                                            "always",
	} {
		f, found := asking(condition)
		if f == nil || len(found) != 1 || found[0].Code != flows.CodeAlwaysSame || found[0].Severity != flows.Warning || !strings.Contains(found[0].Message, want) {
			t.Errorf("%s: %v, want one warning with %q", condition, found, want)
		}
	}
}

// oneOf picks a text.
func oneOf(t *rapid.T, all ...string) string { return rapid.SampledFrom(all).Draw(t, "one") }

// question draws a comparison of few values, so that they often meet.
func question(t *rapid.T) string {
	number := fmt.Sprint(rapid.IntRange(-1, 7).Draw(t, "number"))
	if rapid.Bool().Draw(t, "broken") {
		number += ".5"
	}
	sign, holds := oneOf(t, "==", "!=", "<", "<=", ">", ">="), oneOf(t, "contains", "startsWith", "endsWith")
	count := oneOf(t, "hour", "minute", "weekday", "calls_today", "left", `queue("main").wait`, `queue("main").free`)
	digits := oneOf(t, `"5"`, `"57"`, `"7"`, `"75"`, `""`)
	return oneOf(t,
		count+" "+sign+" "+number,
		count+" "+sign+" "+oneOf(t, "hour", "left", "calls_today"),
		count+" in [1, 2, "+number+"]",
		oneOf(t, "date", "since")+" "+sign+" "+oneOf(t, `"2026-12-15"`, `"2026-12-16"`, `"2026-12-18"`),
		oneOf(t, "time", "opens")+" "+sign+" "+oneOf(t, `"00:00"`, `"08:00"`, `"08:02"`, `"23:59"`),
		oneOf(t, "account", "street")+" "+oneOf(t, sign, holds)+" "+digits,
		digits+" "+oneOf(t, sign, "contains")+" "+oneOf(t, "account", "street"),
		"account "+sign+" street",
		"category "+holds+" "+oneOf(t, `"wat"`, `"gas"`, `"s"`),
		"mode in "+oneOf(t, `["daily"]`, `["daily", "emergency"]`),
		oneOf(t, "caller_known", `open("office")`, "true"),
	)
}

// drawn is a way for a call to begin, of few values.
func drawn(t *rapid.T, zone *time.Location) (flows.Start, flows.Env) {
	few := rapid.IntRange(0, 8)
	at := time.Date(2026, 12, rapid.IntRange(13, 20).Draw(t, "day"), few.Draw(t, "hour"), few.Draw(t, "minute"), 0, 0, zone)
	if rapid.Bool().Draw(t, "morning") {
		at = time.Date(2026, 12, at.Day(), 8, rapid.IntRange(0, 3).Draw(t, "minute"), 0, 0, zone)
	}
	q := flows.QueueState{Free: few.Draw(t, "free"), Wait: time.Duration(few.Draw(t, "wait")) * time.Minute}
	start := flows.Start{Language: flows.Russian, Category: oneOf(t, "", "water", "gas"), Vars: map[string]string{
		"account": oneOf(t, "", "5", "57", "575", "6", "7", "75", "8"), "street": oneOf(t, "", "5", "57", "a57", "7", "75", "7a", "8"),
		"left": fmt.Sprint(few.Draw(t, "left")), "opens": oneOf(t, "", "00:00", "07:00", "08:00", "08:01", "08:02", "09:00", "24:00"),
		"since": oneOf(t, "", "2026-12-14", "2026-12-15", "2026-12-16", "2026-12-17", "2026-12-18", "2026-12-19"),
	}}
	return start, flows.Env{
		Now: at, Mode: oneOf(t, flows.Modes()...), CallsToday: few.Draw(t, "calls"), CallerKnown: rapid.Bool().Draw(t, "known"),
		Queue: func(string) flows.QueueState { return q },
	}
}

// TestWhatIsBlamedIsSo wants a condition of which is told that it never holds,
// or always, to do so in any world.
func TestWhatIsBlamedIsSo(t *testing.T) {
	zone, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	blamed := 0
	rapid.Check(t, func(t *rapid.T) {
		condition := question(t)
		for range rapid.IntRange(0, 2).Draw(t, "more") {
			condition = oneOf(t, "", "not ") + "(" + condition + ") " + oneOf(t, "and", "and", "or") + " " + oneOf(t, "", "not ") + "(" + question(t) + ")"
		}
		f, found := asking(condition)
		if f == nil {
			t.Fatalf("%s: %v", condition, found)
		}
		if len(found) == 0 {
			return
		}
		blamed++
		always := strings.Contains(found[0].Message, "always holds")
		for range 200 {
			start, env := drawn(t, zone)
			if r := f.BeginAt(start, env); (r.State.Node == "held") != always {
				t.Fatalf("%s: %v\nbut not with %+v, %+v", condition, found, start, env)
			}
		}
	})
	if blamed == 0 {
		t.Error("not one condition was blamed")
	}
}
