package flows_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"
)

// TestConditions wants what a condition asks for to be what it is.
func TestConditions(t *testing.T) {
	almaty, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	env := flows.Env{
		Now: time.Date(2026, 12, 16, 8, 5, 0, 0, almaty), Mode: "heightened", CallerKnown: true, CallsToday: 3,
		Queue: func(name string) flows.QueueState {
			if name != "main" {
				return flows.QueueState{}
			}
			return flows.QueueState{Waiting: 12, Free: 1, OnDuty: 4, Wait: 61 * time.Second}
		},
	}
	for condition, want := range map[string]bool{
		`mode == "heightened"`:                              true,
		`mode in ["daily", "emergency"]`:                    false,
		`language == "ru" and category == "water"`:          true,
		`category startsWith "wat"`:                         true,
		`hour == 8 and minute == 5`:                         true,
		`time == "08:05" and date == "2026-12-16"`:          true,
		`time >= "08:06"`:                                   false,
		`weekday == 3`:                                      true,
		`weekday in [6, 7]`:                                 false,
		`open("office")`:                                    false,
		`queue("main").waiting == 12`:                       true,
		`queue("main").free + queue("main").on_duty == 5`:   true,
		`queue("main").wait == 2`:                           true,
		`queue("main").on_duty == 4 and caller_known`:       true,
		`calls_today > 2 and not (calls_today > 3)`:         true,
		`left == 7 and account == ""`:                       true,
		`pin == 0`:                                          true,
		`100 / pin > 1 or left == 7`:                        true, // a division by zero is no number
		`left % pin == 0 or left == 7`:                      false,
		`account contains "1" or !caller_known or hour > 8`: false,
	} {
		text := "flow: f\nstart: s\noperator: yes-node\ngoodbye: bye\ncalendars: {office: office.calendar.yaml}\n" +
			"vars: {account: digits, left: {type: days, start: 7}, pin: number}\n" +
			"categories: {water: {name: {kk: Су, ru: Вода}, announce: {kk: Су., ru: Вода.}}}\nnodes:\n" +
			"  s: {kind: switch, cases: [{when: '" + condition + "', to: yes-node}], else: bye}\n" +
			"  yes-node: {kind: queue, queue: main}\n  bye: {kind: end}\n"
		f, found := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(text)}, "office.calendar.yaml": {Data: []byte(office)}}, "f.yaml", flows.Known{})
		if len(found) > 0 {
			t.Errorf("%s: %v", condition, found)
			continue
		}
		r := f.BeginAt(flows.Start{Language: flows.Russian, Category: "water"}, env)
		if got := r.State.Node == "yes-node"; got != want {
			t.Errorf("%s is %v, want %v: %+v", condition, got, want, r.Events)
		}
	}
}

// TestAConditionThatFailsIsNoted wants a fault on record, and the call to go on.
func TestAConditionThatFailsIsNoted(t *testing.T) {
	f := loadText(t, "flow: f\nstart: s\noperator: op\ngoodbye: bye\nvars: {n: number}\nnodes:\n"+
		"  s: {kind: switch, cases: [{when: calls_today % n == 1, to: op}], else: bye}\n  op: {kind: queue, queue: main}\n  bye: {kind: end}\n")
	r := f.Begin(daytime())
	if r.State.Node != "bye" || len(r.Events) < 2 || r.Events[1].Kind != flows.EventFault {
		t.Errorf("%+v", r.Events)
	}
	if !f.AsksCallsToday() || loadText(t, small).AsksCallsToday() {
		t.Error("who asks for the calls of today is not told")
	}
}

// TestManyConditionsEndSoon wants a file of conditions, each of which costs far
// more than the line it is written in, to be done with.
func TestManyConditionsEndSoon(t *testing.T) {
	var b strings.Builder
	b.WriteString("flow: f\nstart: n0\noperator: op\ngoodbye: op\nnodes:\n  op: {kind: queue, queue: main}\n")
	for i := range 3000 {
		fmt.Fprintf(&b, "  n%d:\n    kind: switch\n    else: op\n    cases:\n", i)
		for k := range 10 {
			fmt.Fprintf(&b, "      - when: hour == %d and minute > %d and calls_today < %d and queue(\"main\").waiting > 3\n        to: n%d\n", k, i%60, i, i+1)
		}
	}
	begun := time.Now()
	_, found := loadBytes(b.String())
	t.Logf("%d lines in %v, %d findings", strings.Count(b.String(), "\n"), time.Since(begun), len(found))
	if !found.HasErrors() {
		t.Error("there is no end to conditions")
	}
}
