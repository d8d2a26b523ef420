package flows_test

import (
	"strings"
	"testing"

	"ikomek109/flows"

	"github.com/google/go-cmp/cmp"
)

// withCallback is the small flow in which a waiting caller can ask to be called back.
func withCallback() string {
	return strings.Replace(small, "    overflow: topics\n", "    overflow: topics\n    callback: call-me\n", 1) +
		"  call-me: {kind: callback, queue: main, to: bye}\n"
}

func ids(us []flows.Utterance) (all []string) {
	for _, u := range us {
		all = append(all, string(u.Language)+":"+u.Phrase.ID)
	}
	return all
}

// TestKeysOfAWaitingCaller are told only where they lead somewhere: an answer
// out of term is nothing to be heard.
func TestKeysOfAWaitingCaller(t *testing.T) {
	inform := []string{"kk:queue/inform", "kk:key/2"}
	back := []string{"kk:queue/back", "kk:key/star"}
	callMe := []string{"kk:queue/callback", "kk:key/1"}
	for _, tc := range []struct {
		name, flow, script string
		want               []string
	}{
		{"from the menu of topics", small, "10", append(append([]string{}, inform...), back...)},
		{"from an answer", small, "110", append(append([]string{}, inform...), back...)},
		{"with a callback", withCallback(), "10", append(append(append([]string{}, callMe...), inform...), back...)},
	} {
		c := call(t, loadText(t, tc.flow)).do(tc.script)
		q, _ := c.ending().(flows.Enqueue)
		var got []string
		for _, k := range q.Keys {
			got = append(got, ids(k.Says)...)
			if k.Away != (k.Digit != '2') {
				t.Errorf("%s: %c leads out of the queue: %t", tc.name, k.Digit, k.Away)
			}
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.name, diff)
		}
	}
}

// TestAnswersForAWaitingCaller are those in term where the caller came from,
// after the bulletins; the caller waits on.
func TestAnswersForAWaitingCaller(t *testing.T) {
	c := call(t, loadText(t, small)).do("10")
	c.env.Bulletins = []flows.Bulletin{{ID: "7", Text: flows.Text{KK: "Боран.", RU: "Буран."}}}
	c.do("2")
	if _, stays := c.ending().(flows.Stay); !stays {
		t.Errorf("does not wait on: %+v", c.ending())
	}
	if diff := cmp.Diff([]string{"kk:bulletin/7", "kk:water/text"}, c.said()); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
	c.env.Bulletins = nil
	c.env.Now = c.env.Now.AddDate(2, 0, 0)
	c.do("2")
	if got := c.said(); len(got) > 0 {
		t.Errorf("heard what is out of term: %v", got)
	}
}

// TestAnswersGoByTheSwitches: what is true in another mode is not read.
func TestAnswersGoByTheSwitches(t *testing.T) {
	for mode, want := range map[string]string{
		"daily": "kk:transport-routes/text", "heightened": "kk:transport-routes-heightened/text", "emergency": "kk:transport-routes-emergency/text",
	} {
		c := call(t, shipped(t))
		c.env.Mode = mode
		c.accept(c.flow.BeginAt(flows.Start{Node: "transport", Language: flows.Kazakh}, c.env))
		c.do("02")
		var routes []string
		for _, id := range c.said() {
			if strings.HasPrefix(id, "kk:transport-routes") {
				routes = append(routes, id)
			}
		}
		if diff := cmp.Diff([]string{want}, routes); diff != "" {
			t.Errorf("in mode %s (-want +got):\n%s", mode, diff)
		}
	}
}

// TestSecondThoughtsOfACallback lead back into the queue, and from there, by *,
// to the menu.
func TestSecondThoughtsOfACallback(t *testing.T) {
	c := call(t, loadText(t, withCallback())).do("101")
	if c.last.State.Node != "call-me" {
		t.Fatalf("1 led to %s", c.last.State.Node)
	}
	c.do("*")
	if q, ok := c.ending().(flows.Enqueue); !ok || q.Node != "operator" {
		t.Fatalf("* did not lead back into the queue: %+v", c.ending())
	}
	if c.do("*"); c.last.State.Node != "topics" {
		t.Errorf("* led from the queue to %s", c.last.State.Node)
	}
}
