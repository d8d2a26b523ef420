package e2e_test

import (
	"strings"
	"testing"
)

// incidents is a scenario with one partner, one agent, and an incident of the
// situation centre.
func incidents(t *testing.T) *scenario {
	t.Helper()
	s := newScenario(t)
	s.settle(partnersAt(allAt(s.partner("gas"))))
	s.must("asterisk starts\n program starts\n program is ready\n agent aigerim answers after 500ms")
	id := s.incident("add", "--category", "utilities/water", "--place", "Сарыарқа, 12", "--text", "құбыр жарылды")
	if id != "1\n" {
		t.Fatalf("the incident has number %q", id)
	}
	return s
}

// incident runs a command about incidents.
func (s *scenario) incident(args ...string) string {
	s.t.Helper()
	out, err := s.program.do(s.t.Context(), append([]string{"incident"}, args...)...)
	if err != nil {
		s.t.Fatal(err)
	}
	return out
}

// became waits until the incident is as it has to be, and gives in a word or two
// each what happened to it.
func (s *scenario) became(state string) string {
	s.t.Helper()
	var i struct {
		State      string
		AcceptedBy string `json:"accepted_by"`
		Events     []struct{ Kind, By, Note string }
	}
	if !eventuallyEvery(s.t, askEvery, s.within, func() bool {
		return s.program.list(s.t.Context(), &i, "incident", "show", "1", "--json") == nil && i.State == state
	}) {
		s.t.Fatalf("the incident is %s, not %s", i.State, state)
	}
	var said []string
	for _, e := range i.Events {
		said = append(said, strings.Join(strings.Fields(e.Kind+" "+e.By+" "+e.Note), " "))
	}
	return strings.Join(said, ", ")
}

// TestIncidentHandedOver: nobody answers at the partner, and then somebody does,
// while the program is killed in the middle of their conversation.
func TestIncidentHandedOver(t *testing.T) {
	t.Parallel()
	s := incidents(t)
	s.incident("handover", "1", "--to", "104", "--agent", "aigerim")
	s.must(`
aigerim rings
aigerim picks up and listens
aigerim hears kk agent/incident digits=1
aigerim hears kk agent/incident/calling_number digits=104
aigerim hears ru agent/incident digits=1
gas rings
aigerim hangs up`)
	if got, want := s.became("open"), "asked, begun, missed agent refused"; got != want {
		t.Fatalf("on record: %s", got)
	}
	s.incident("handover", "1", "--to", "104", "--agent", "aigerim")
	s.must(`
aigerim rings
aigerim picks up and listens
aigerim hears ru agent/incident/calling_number digits=104
gas rings
gas takes it
gas picks up
aigerim says kk agent/ready
gas hears kk agent/ready`)
	s.became("accepted")
	s.must(`
program dies
program starts
program is ready
gas says ru agent/paused
aigerim hears ru agent/paused
gas hangs up
aigerim is hung up`)
	if eventuallyEvery(t, askEvery, s.within, func() bool { return strings.HasSuffix(s.became("accepted"), "ended partner") }) {
		got := s.became("accepted")
		if want := "asked, begun, missed agent refused, asked, begun, accepted 104, ended partner"; got != want {
			t.Errorf("on record: %s\nwant: %s", got, want)
		}
	} else {
		t.Errorf("the conversation's end is not on record: %s", s.became("accepted"))
	}
	s.incident("accept", "1", "--partner", "102", "--by", "дежурный Серіков")
	s.incident("close", "1", "--note", "құбыр жөнделді")
	if list := s.incident("list"); !strings.Contains(list, "дежурный Серіков") || s.incident("list", "--open") == list {
		t.Errorf("listed is\n%s", list)
	}
	if strings.Contains(s.program.log.String(), "құбыр") {
		t.Error("the log has what is personal")
	}
	s.balance()
}
