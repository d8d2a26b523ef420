package flows_test

import (
	"slices"
	"testing"

	"ikomek109/flows"
)

// TestNobodyToHandOverTo wants a caller to hear nothing of being connected to
// somebody whom the settings do not name: in the menu that ships they are told to
// dial 112 at once, and get an operator.
func TestNobodyToHandOverTo(t *testing.T) {
	for _, there := range []bool{true, false} {
		env := daytime()
		env.Mode = "emergency"
		env.Partner = func(code string) bool { return there && code == "103" }
		c := &caller{t: t, flow: shipped(t), env: env}
		c.accept(c.flow.BeginAt(flows.Start{Node: "danger", Language: flows.Russian}, env))
		c.do("1")
		var says []string
		for _, u := range utterances(c.last.Actions) {
			says = append(says, u.Phrase.ID)
		}
		want := []string{"dial-yourself/text"}
		if there {
			want = []string{"call-ambulance/text"}
		}
		if !slices.Equal(says, want) {
			t.Errorf("with a partner: %v; it says %v, want %v", there, says, want)
		}
		_, connects := c.last.Actions[len(c.last.Actions)-1].(flows.Handover)
		if connects != there {
			t.Errorf("with a partner: %v; connects: %v", there, connects)
		}
		if there {
			continue
		}
		if c.feed(flows.Played{}); c.last.State.Node != "operator" || c.last.State.Category != "emergency" {
			t.Errorf("without a partner the caller is at %+v", c.last.State)
		}
	}
}
