package ivr

import (
	"context"
	"strconv"

	"ikomek109/flows"
)

// noteAll puts what happened in the flow into the journal. What the call
// itself notes better (queue, end, resumption) is not noted twice.
func (c *call) noteAll(events []flows.Event) {
	for _, e := range events {
		switch e.Kind {
		case flows.EventEntered:
			c.rec.note(NodeEntered, e.Node)
		case flows.EventLanguage:
			by := "key"
			if e.Key == "" {
				by = "silence"
			}
			c.rec.note(LanguageChosen, e.Node, "language", string(e.Language), "by", by)
		case flows.EventChosen:
			c.rec.note(OptionChosen, e.Node, c.chosen(e)...)
		case flows.EventOperator, flows.EventRepeat, flows.EventBack:
			c.rec.note(OptionChosen, e.Node, "key", e.Key, "option", string(e.Kind), "target", e.To)
		case flows.EventInformed:
			c.rec.note(OptionChosen, e.Node, "key", e.Key, "option", string(e.Kind))
		case flows.EventWrong:
			c.rec.note(WrongKey, e.Node, "key", c.shown(e.Key), "try", strconv.Itoa(e.Tries))
		case flows.EventSilence:
			c.rec.note(SilenceHeard, e.Node, "try", strconv.Itoa(e.Tries))
		case flows.EventGaveUp, flows.EventLimit, flows.EventLost:
			c.rec.note(SentToOperator, e.Node, "why", string(e.Kind))
		case flows.EventCategory:
			c.rec.note(CategorySet, e.Node, "category", e.Category)
		case flows.EventHeard:
			c.rec.note(AnswerHeard, e.Node, "share", strconv.Itoa(share(e)))
		case flows.EventExpired:
			c.rec.note(AnswerExpired, e.Node, "target", e.To)
		case flows.EventQueued, flows.EventLeft, flows.EventResumed, flows.EventEnded: // noted by the call
		case flows.EventServed, flows.EventCallback, flows.EventHandover: // likewise
		case flows.EventInput, flows.EventLookup, flows.EventMessage, flows.EventSurvey:
			c.noteService(e)
		case flows.EventOrdered, flows.EventSwitched, flows.EventFault:
			c.noteTurn(e)
		}
	}
}

// noteService puts into the journal what a node did for the caller.
func (c *call) noteService(e flows.Event) {
	switch e.Kind { //nolint:exhaustive // noteAll sends these
	case flows.EventInput:
		c.rec.note(InputTyped, e.Node, "length", strconv.Itoa(e.Length), "digits", e.Digits)
	case flows.EventLookup:
		c.rec.note(LookupAnswered, e.Node, "result", e.Reason)
	case flows.EventSurvey:
		c.rec.note(SurveyAnswered, e.Node, "score", strconv.Itoa(e.Score), "key", e.Key)
	case flows.EventMessage:
		switch e.Reason {
		case "recorded":
			c.rec.note(MessageRecorded, e.Node, "recording", e.Recording, "ms", strconv.FormatInt(e.Total.Milliseconds(), 10))
		case "kept": // noted when it was promised
		default:
			c.rec.note(MessageDiscarded, e.Node, "recording", e.Recording, "why", e.Reason)
		}
	}
}

// noteTurn puts into the journal what the line, not the caller, decided.
func (c *call) noteTurn(e flows.Event) {
	switch e.Kind { //nolint:exhaustive // noteAll sends these
	case flows.EventOrdered:
		c.rec.note(MenuOrdered, e.Node, "by", e.Reason)
	case flows.EventSwitched:
		c.rec.note(Switched, e.Node, "target", e.To, "why", e.Reason)
	case flows.EventFault:
		c.rec.note(ConditionFailed, e.Node, "why", e.Reason)
	}
}

// chosen is what the journal keeps of a choice; only an option has a name.
func (c *call) chosen(e flows.Event) []string {
	detail := []string{"key", c.shown(e.Key), "option", string(e.Kind), "target", e.To}
	if e.Option == "" {
		return detail
	}
	return append(detail, "name", e.Option)
}

// noteUnfinished puts into the journal how much of an answer was heard by a
// caller who hung up on it: nobody waits for the last word.
func (c *call) noteUnfinished(ctx context.Context, state flows.State, in flows.Input) {
	if _, ok := in.(flows.Played); !ok || state.Phase != flows.Playing {
		return
	}
	for _, e := range c.flow.Step(state, in, c.env(ctx)).Events {
		if e.Kind == flows.EventHeard {
			c.rec.note(AnswerHeard, e.Node, "share", strconv.Itoa(share(e)))
		}
	}
}

// share is how much of an answer was heard, in percent.
func share(e flows.Event) int {
	if e.Total <= 0 {
		return 0
	}
	return int(100 * min(e.Heard, e.Total) / e.Total)
}
