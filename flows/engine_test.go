package flows_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
)

// small is a flow with every kind of node.
const small = `
flow: small
start: welcome
operator: operator
goodbye: bye
categories:
  water:
    name: {kk: Су, ru: Вода}
    announce: {kk: Су., ru: Вода.}
    sub:
      cold: {name: {kk: Суық су, ru: Холодная вода}}
  other:
    name: {kk: Басқа, ru: Другое}
    announce: {kk: Басқа., ru: Другое.}
nodes:
  welcome: {kind: say, text: {kk: Сәлем, ru: Привет}, to: language}
  language: {kind: language, text: {kk: Қазақша үшін, ru: Для русского}, to: topics}
  topics:
    kind: menu
    text: {kk: Тақырыптар., ru: Темы.}
    options:
      - {text: {kk: Су үшін, ru: Для воды}, to: water, category: water}
      - {text: {kk: Ескі жаңалық үшін, ru: Для старого}, to: old}
  water:
    kind: answer
    owner: Су арнасы
    valid: {from: 2026-01-01, until: 2026-12-31}
    category: water/cold
    text: {kk: Су бар., ru: Вода есть.}
  old:
    kind: answer
    owner: Су арнасы
    valid: {from: 2022-01-01, until: 2022-01-31}
    text: {kk: Су жоқ., ru: Воды нет.}
  operator:
    kind: queue
    queue: main
    category: other
    text: {kk: Операторға., ru: К оператору.}
    overflow: topics
  bye: {kind: end}
`

func TestEngine(t *testing.T) {
	for _, tc := range []struct {
		name, script, node string
		said               []string // what is heard last
		events             []flows.EventKind
	}{
		{
			"the welcome is said in both languages", "", "welcome",
			[]string{"kk:welcome/text", "ru:welcome/text"},
			[]flows.EventKind{flows.EventEntered},
		},
		{
			"each language is offered in itself", ".", "language",
			[]string{"kk:language/text", "kk:key/1", "ru:language/text", "ru:key/2"},
			[]flows.EventKind{flows.EventEntered},
		},
		{
			"silence means Kazakh", "_", "topics",
			[]string{
				"kk:topics/text", "kk:topics/to-water", "kk:key/1", "kk:topics/to-old", "kk:key/2",
				"kk:menu/operator", "kk:key/0", "kk:menu/repeat", "kk:key/hash", "kk:menu/back", "kk:key/star",
			},
			[]flows.EventKind{flows.EventLanguage, flows.EventEntered},
		},
		{
			"the second key means Russian", "2", "topics",
			[]string{
				"ru:topics/text", "ru:topics/to-water", "ru:key/1", "ru:topics/to-old", "ru:key/2",
				"ru:menu/operator", "ru:key/0", "ru:menu/repeat", "ru:key/hash", "ru:menu/back", "ru:key/star",
			},
			[]flows.EventKind{flows.EventLanguage, flows.EventEntered},
		},
		{
			"an answer is read", "21", "water",
			[]string{"ru:water/text"},
			[]flows.EventKind{flows.EventChosen, flows.EventCategory, flows.EventEntered, flows.EventCategory},
		},
		{
			"then the ways on are offered", "11.", "water",
			[]string{"kk:answer/again", "kk:key/1", "kk:answer/back", "kk:key/2", "kk:menu/operator", "kk:key/0", "kk:answer/goodbye", "kk:key/3"},
			[]flows.EventKind{flows.EventHeard},
		},
		{"again by its key", "11.1", "water", []string{"kk:water/text"}, []flows.EventKind{flows.EventRepeat}},
		{"again by #, while it is read", "11#", "water", []string{"kk:water/text"}, []flows.EventKind{flows.EventRepeat}},
		{
			"back by its key, without the hint", "11.2", "topics",
			[]string{"kk:topics/text", "kk:topics/to-water", "kk:key/1", "kk:topics/to-old", "kk:key/2"},
			[]flows.EventKind{flows.EventBack, flows.EventEntered},
		},
		{
			"back by *, to another language", "11**2", "topics",
			[]string{"ru:topics/text", "ru:topics/to-water", "ru:key/1", "ru:topics/to-old", "ru:key/2"},
			[]flows.EventKind{flows.EventLanguage, flows.EventEntered},
		},
		{
			"* in the first menu repeats", "*", "language",
			[]string{"kk:language/text", "kk:key/1", "ru:language/text", "ru:key/2"},
			[]flows.EventKind{flows.EventRepeat},
		},
		{"an operator before the language", "0", "operator", []string{"kk:operator/text", "ru:operator/text"}, []flows.EventKind{flows.EventOperator, flows.EventEntered, flows.EventCategory, flows.EventQueued}},
		{"an operator while an answer is read", "110", "operator", []string{"kk:operator/text"}, []flows.EventKind{flows.EventOperator, flows.EventEntered, flows.EventQueued}},
		{
			"a wrong key is told", "17", "topics",
			[]string{
				"kk:retry", "kk:topics/text", "kk:topics/to-water", "kk:key/1", "kk:topics/to-old", "kk:key/2",
				"kk:menu/operator", "kk:key/0", "kk:menu/repeat", "kk:key/hash", "kk:menu/back", "kk:key/star",
			},
			[]flows.EventKind{flows.EventWrong},
		},
		{
			"the second time it warns", "11._A", "water",
			[]string{"kk:retry", "kk:last_try", "kk:answer/again", "kk:key/1", "kk:answer/back", "kk:key/2", "kk:menu/operator", "kk:key/0", "kk:answer/goodbye", "kk:key/3"},
			[]flows.EventKind{flows.EventWrong},
		},
		{
			"silences and wrong keys lead to an operator", "1_B_", "operator",
			[]string{"kk:apology", "kk:operator/text"},
			[]flows.EventKind{flows.EventSilence, flows.EventGaveUp, flows.EventEntered, flows.EventCategory, flows.EventQueued},
		},
		{
			"wrong keys before the language", "999", "operator",
			[]string{"kk:apology", "ru:apology", "kk:operator/text", "ru:operator/text"},
			[]flows.EventKind{flows.EventWrong, flows.EventGaveUp, flows.EventEntered, flows.EventCategory, flows.EventQueued},
		},
		{
			"tries are counted in each node anew", "1__1.__", "water",
			[]string{"kk:silence", "kk:last_try"}, // and not read a third time
			[]flows.EventKind{flows.EventSilence},
		},
		{
			"an answer out of term is not read", "22", "operator",
			[]string{"ru:answer/expired", "ru:operator/text"},
			[]flows.EventKind{flows.EventChosen, flows.EventEntered, flows.EventExpired, flows.EventEntered, flows.EventCategory, flows.EventQueued},
		},
		{"* leads out of the queue, past an expired answer", "22*", "topics", []string{"ru:topics/text", "ru:topics/to-water", "ru:key/1", "ru:topics/to-old", "ru:key/2"}, []flows.EventKind{flows.EventBack, flows.EventEntered}},
		{"other keys change nothing in the queue", "107", "operator", nil, nil},
		{"goodbye", "11.3", "bye", []string{"kk:goodbye"}, []flows.EventKind{flows.EventChosen, flows.EventEntered}},
		{"and the end", "11.3_", "bye", nil, []flows.EventKind{flows.EventEnded}},
		{"a second thought at the goodbye", "11.30", "operator", []string{"kk:operator/text"}, []flows.EventKind{flows.EventOperator, flows.EventEntered, flows.EventQueued}},
		{"a hang-up in the welcome", "-", "welcome", nil, []flows.EventKind{flows.EventEnded}},
		{"a hang-up in the queue", "0-", "operator", nil, []flows.EventKind{flows.EventEnded}},
		{"nothing happens after the end", "0-1_.", "operator", nil, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := call(t, loadText(t, small)).do(tc.script)
			if c.last.State.Node != tc.node {
				t.Errorf("node %q, want %q", c.last.State.Node, tc.node)
			}
			if diff := cmp.Diff(tc.said, c.said()); diff != "" {
				t.Errorf("said (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.events, c.happened()); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
		})
	}
}

func TestQueueGetsWhatItNeeds(t *testing.T) {
	for _, tc := range []struct {
		script string
		want   flows.Enqueue
	}{
		{"0", flows.Enqueue{Category: "other", Topic: "other", Language: flows.Kazakh}},
		{"210", flows.Enqueue{Category: "water/cold", Topic: "water", Language: flows.Russian}},
		{"____", flows.Enqueue{Category: "other", Topic: "other", Language: flows.Kazakh}},
	} {
		c := call(t, loadText(t, small)).do(tc.script)
		tc.want.Node, tc.want.Queue = "operator", "main"
		got, _ := c.ending().(flows.Enqueue)
		got.Keys = nil // see TestKeysOfAWaitingCaller
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.script, diff)
		}
	}
}

// TestOtherLanguageIfTheFlowSaysSo: of itself it says no.
func TestOtherLanguageIfTheFlowSaysSo(t *testing.T) {
	for line, want := range map[string]bool{"": false, "\n    other-language: true": true, "\n    other-language: false": false} {
		f := loadText(t, strings.Replace(small, "queue: main", "queue: main"+line, 1))
		q, ok := call(t, f).do("0").ending().(flows.Enqueue)
		if !ok || q.OtherLanguage != want {
			t.Errorf("with %q: %+v", line, q)
		}
		if f.OtherLanguage("main") != want || f.OtherLanguage("night") {
			t.Errorf("with %q: asked for the queue it says otherwise", line)
		}
	}
}

func TestLeavingTheQueueNeverEndsACall(t *testing.T) {
	for reason, want := range map[flows.LeftReason]string{
		flows.LeftOverflow: "topics", // as the flow says
		flows.LeftTimeout:  "operator",
		flows.LeftNoAgents: "operator",
		flows.LeftFailed:   "operator",
		"what":             "operator",
	} {
		c := call(t, loadText(t, small)).do("0")
		c.feed(flows.Left{Reason: reason})
		if c.last.State.Node != want {
			t.Errorf("%s leads to %q, want %q", reason, c.last.State.Node, want)
		}
		if len(c.said()) == 0 {
			t.Errorf("%s: the caller hears nothing, and a queue that refuses is asked again at once", reason)
		}
	}
}

func TestAnswerTerm(t *testing.T) {
	almaty, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		now  time.Time
		read bool
	}{
		{time.Date(2025, 12, 31, 23, 59, 59, 0, almaty), false},
		{time.Date(2026, 1, 1, 0, 0, 0, 0, almaty), true},
		{time.Date(2026, 12, 31, 23, 59, 59, 0, almaty), true}, // the last day counts whole
		{time.Date(2027, 1, 1, 0, 0, 0, 0, almaty), false},
		{time.Date(2026, 12, 31, 19, 30, 0, 0, time.UTC), false}, // half past midnight in the city
		{time.Time{}, false},
	} {
		c := call(t, loadText(t, small))
		c.env.Now = tc.now
		if c.do("11"); (c.last.State.Node == "water") != tc.read {
			t.Errorf("at %s the caller is at %q, read should be %v", tc.now, c.last.State.Node, tc.read)
		}
	}
}

func TestAnswerThatRunsOutIsNotRepeated(t *testing.T) {
	c := call(t, loadText(t, small)).do("11.")
	c.env.Now = c.env.Now.AddDate(1, 0, 0)
	if c.do("1"); c.last.State.Node != "operator" {
		t.Errorf("an answer out of term was repeated: %v", c.said())
	}
}

func TestHeardToTheEnd(t *testing.T) {
	c := call(t, loadText(t, small)).do("11")
	c.feed(flows.Played{Cut: true, Heard: time.Second, Total: 4 * time.Second})
	if len(c.last.State.Heard) != 0 {
		t.Errorf("a cut answer counts as heard: %v", c.last.State.Heard)
	}
	want := flows.Event{Kind: flows.EventHeard, Node: "water", Cut: true, Heard: time.Second, Total: 4 * time.Second}
	if diff := cmp.Diff([]flows.Event{want}, c.last.Events); diff != "" {
		t.Error(diff)
	}
	if c.do("1.1."); !slices.Equal(c.last.State.Heard, []string{"water"}) {
		t.Errorf("heard %v, want water once", c.last.State.Heard)
	}
}

func TestResume(t *testing.T) {
	for _, tc := range []struct {
		name, script string
		said         []string
	}{
		{"in the welcome", "", []string{"kk:one_moment", "ru:one_moment", "kk:welcome/text", "ru:welcome/text"}},
		{"in an answer", "21", []string{"ru:one_moment", "ru:water/text"}},
		{"after an answer", "21.", []string{"ru:one_moment", "ru:answer/again", "ru:key/1", "ru:answer/back", "ru:key/2", "ru:menu/operator", "ru:key/0", "ru:answer/goodbye", "ru:key/3"}},
		{"in the queue nothing is said", "0", nil},
		{"after the end neither", "0-", nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := call(t, loadText(t, small)).do(tc.script)
			before := c.last.State
			c.accept(c.flow.Resume(before, c.env))
			if diff := cmp.Diff(tc.said, c.said()); diff != "" {
				t.Error(diff)
			}
			after := c.last.State
			after.Hinted = before.Hinted
			if diff := cmp.Diff(before, after); diff != "" {
				t.Errorf("resuming changes where the call stands: %s", diff)
			}
			if q, ok := c.ending().(flows.Enqueue); ok && !q.Resumed {
				t.Error("the place in the queue is lost")
			}
		})
	}
}

func TestAStrangeStateGoesToAnOperator(t *testing.T) {
	f := loadText(t, small)
	for _, s := range []flows.State{
		{},
		{Node: "topics"},
		{Node: "nowhere", Phase: flows.Listening},
		{Node: "topics", Phase: flows.Queued},
		{Node: "operator", Phase: flows.Listening},
		{Node: "topics", Phase: "dancing", Language: "fr", Tries: -7, Steps: -1},
	} {
		for _, in := range []flows.Input{flows.Key{Digit: '1'}, flows.Silence{}, flows.Played{}, flows.Left{}, nil} {
			r := f.Step(s, in, daytime())
			checkShape(t, r)
			if r.State.Node != "operator" || r.State.Phase != flows.Queued {
				t.Errorf("state %+v, input %#v: the caller is at %q", s, in, r.State.Node)
			}
		}
	}
}

func TestMisplacedInputsChangeNothing(t *testing.T) {
	for script, inputs := range map[string][]flows.Input{
		"":  {flows.Silence{}, flows.Left{}, flows.Key{Digit: '7'}, nil},
		".": {flows.Played{}, flows.Left{}, nil},
		"0": {flows.Played{}, flows.Silence{}, flows.Key{Digit: '#'}, flows.Key{Digit: '0'}, nil},
	} {
		for _, in := range inputs {
			c := call(t, loadText(t, small)).do(script)
			before := c.last.State
			c.feed(in)
			before.Steps++
			if diff := cmp.Diff(before, c.last.State); diff != "" || c.ending() != flows.Action(flows.Stay{}) {
				t.Errorf("after %q, %#v: %+v %s", script, in, c.ending(), diff)
			}
		}
	}
}

func TestTooManyStepsLeadToAnOperator(t *testing.T) {
	c := call(t, loadText(t, small)).do(".")
	c.do(strings.Repeat("#", flows.MaxSteps-2))
	if c.last.State.Node != "language" {
		t.Fatalf("too early: %+v", c.last.State)
	}
	if c.do("#"); c.last.State.Node != "operator" || !slices.Contains(c.happened(), flows.EventLimit) {
		t.Fatalf("no operator after %d steps: %+v", flows.MaxSteps, c.last.State)
	}
	c.do("*")
	c.feed(flows.Left{Reason: flows.LeftOverflow})
	if _, ok := c.ending().(flows.Enqueue); !ok {
		t.Errorf("a call past its limit left the queue: %+v", c.ending())
	}
}
