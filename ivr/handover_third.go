package ivr

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

// third is to whom an agent hands the caller over: a partner, a colleague or a
// queue, until they have the caller.
type third struct {
	Partner  string    `json:"partner,omitempty"`
	Agent    AgentID   `json:"agent,omitempty"`
	Queue    string    `json:"queue,omitempty"`
	Blind    bool      `json:"blind,omitempty"`    // the agent does not wait for them
	Leg      ChannelID `json:"leg,omitempty"`      // rung
	Bridge   BridgeID  `json:"bridge,omitempty"`   // in which the agent speaks with them
	Answered bool      `json:"answered,omitempty"` // they speak, or spoke
	Given    bool      `json:"given,omitempty"`    // has picked up, and is to have the caller
}

// thirdLeg is the leg of whoever a caller is being handed over to.
func (s *saved) thirdLeg() ChannelID {
	if s.Third == nil {
		return ""
	}
	return s.Third.Leg
}

// detail is who it is, as journal entries have it.
func (t *third) detail(more ...string) []string {
	switch {
	case t.Partner != "":
		return append([]string{"partner", t.Partner}, more...)
	case t.Agent != "":
		return append([]string{"agent", string(t.Agent)}, more...)
	}
	return append([]string{"queue", t.Queue}, more...)
}

// how is the way of handing over, as journal entries have it.
func (t *third) how() string {
	if t.Blind {
		return "blind"
	}
	return "attended"
}

// Why nobody is rung at a number that an agent keyed.
const (
	numberUnknown = "unknown"
	numberBusy    = "busy"
)

// numbered finds whom an agent means by a number: a partner by its code, a queue
// by its place in the settings, or a colleague.
func (l *Line) numbered(number string) (t *third, why string) {
	if slices.Contains(l.opt.Partners, number) {
		return &third{Partner: number}, ""
	}
	n, err := strconv.Atoi(number)
	if err != nil || n <= 0 {
		return nil, numberUnknown
	}
	if n <= len(l.opt.Queues) {
		return &third{Queue: l.opt.Queues[n-1]}, ""
	}
	agent, err := l.opt.Roster.Colleague(n)
	switch {
	case CodeOf(err) == Conflict:
		return nil, numberBusy
	case err != nil:
		return nil, numberUnknown
	}
	return &third{Agent: agent}, ""
}

const (
	// numberWithin is how long an agent may think before the next digit.
	numberWithin = 10 * time.Second
	// longestNumber is more than any number has.
	longestNumber = 8
)

// askNumber asks the agent for a number, which # ends. It is empty when they
// thought better of it: with *, or by keying nothing.
func (c *call) askNumber(ctx context.Context) (string, error) {
	until := c.sayToHolder(ctx, "agent/handover/number").Add(numberWithin)
	var digits []byte
	for len(digits) < longestNumber {
		ev, err := c.next(ctx, until)
		if errors.Is(err, errTimeUp) {
			break
		}
		if err != nil {
			return "", err
		}
		if g, ok := ev.(Gone); ok && g.Channel == c.agentLeg {
			return "", c.agentGone(ctx, g)
		}
		key, ok := ev.(KeyPressed)
		if !ok || key.Channel != c.agentLeg {
			continue
		}
		c.hushWords(ctx)
		until = time.Now().Add(numberWithin)
		switch key.Key {
		case '*':
			return "", nil
		case '#':
			return string(digits), nil
		}
		digits = append(digits, byte(key.Key))
	}
	return string(digits), nil
}
