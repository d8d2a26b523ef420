package ivr

import (
	"context"
	"strings"
	"time"

	"ikomek109/flows"
)

// Codes gives what an agent chooses by dialling a code. The same codes stand
// in the switch's dialplan, which goes by them when the program is away.
func Codes() map[string]Chosen {
	return map[string]Chosen{CodeReady: Ready, CodePause: Paused, CodeOff: Off}
}

// PausePhrase begins the phrase for the reason of a pause; the reason's name follows.
const PausePhrase = "agent/pause/"

// The codes by which an agent chooses; a digit after CodePause is its reason.
const (
	CodeReady = "*11"
	CodePause = "*12"
	CodeOff   = "*10"
)

// The codes by which an agent sees to the call before.
const (
	CodeLonger = "*13" // makes the wrap-up longer
	CodeTopic  = "*14" // sets the topic of the last call
)

// codePhrase is the confirmation of what was chosen.
func codePhrase(c Chosen) string {
	switch c {
	case Ready:
		return "agent/ready"
	case Paused:
		return "agent/paused"
	case Off:
		return "agent/off"
	}
	return "agent/unknown"
}

// choice reads a code: what it chooses, and the reason of a pause.
func (l *Line) choice(code string) (c Chosen, reason string, ok bool) {
	if c, ok = Codes()[code]; ok {
		return c, "", true
	}
	digit := strings.TrimPrefix(code, CodePause)
	if len(digit) != 1 || len(code) != len(CodePause)+1 || digit[0] < '1' || int(digit[0]-'0') > len(l.opt.Pauses) {
		return "", "", false
	}
	return Paused, l.opt.Pauses[digit[0]-'1'], true
}

// codeWithin bounds an agent's call to a code.
const codeWithin = 30 * time.Second

// Code takes an agent's call to a code: it changes what the agent chose and
// says so, in both languages, Kazakh first. An agent who has missed an offer is
// told that before all else. It implements [Exchange].
func (l *Line) Code(cc CodeCall) *Inbox {
	h := l.handset(cc, NewInbox(), l.log.With("agent", string(cc.Agent)))
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return nil
	}
	l.legs[cc.Channel] = &leg{in: h.c.in}
	l.work.Go(func() {
		defer l.dropLeg(cc.Channel)
		// Nobody is offered to a phone that would be busy.
		l.opt.Roster.Engage(cc.Agent, true)
		defer l.opt.Roster.Engage(cc.Agent, false)
		service, within := l.services[cc.Dialled], codeWithin
		if service != nil {
			within = serviceWithin
		}
		ctx, cancel := context.WithTimeout(l.life, within)
		defer cancel()
		err := h.c.caught(func() error {
			missed := l.opt.Roster.Duty(cc.Agent).Missed
			if service == nil {
				l.answerCode(ctx, h, cc, missed)
				return nil
			}
			if missed {
				h.announce(ctx, "agent/missed")
			}
			l.serve(ctx, h, cc, service)
			return nil
		})
		if err != nil {
			_ = l.opt.Switch.Hangup(ctx, cc.Channel) // a beat of the switch's makes up for it
		}
	})
	return h.c.in
}

// answerCode carries a code out, confirms it and hangs up.
func (l *Line) answerCode(ctx context.Context, h *Handset, cc CodeCall, missed bool) {
	chosen, reason, ok := l.choice(cc.Dialled)
	said := []string{codePhrase(chosen)}
	if reason != "" {
		said = append(said, PausePhrase+reason)
	}
	if ok {
		if err := l.opt.Roster.Choose(ctx, cc.Agent, chosen, reason); err != nil {
			h.c.log.Error("an agent's choice was not taken", "chosen", chosen, "err", err)
			said = []string{"agent/failed"}
		}
	}
	if missed {
		said = append([]string{"agent/missed"}, said...)
	}
	h.announce(ctx, said...)
	h.hangUp(ctx)
}

// announce says phrases in both languages, with no key to cut them.
func (h *Handset) announce(ctx context.Context, ids ...string) {
	var us []flows.Utterance
	for _, l := range flows.Languages() {
		for _, u := range h.c.phrases(nil, ids...) {
			u.Language = l
			us = append(us, u)
		}
	}
	if _, err := h.c.say(ctx, flows.Say{Node: codeNode, Utterances: us}); err != nil {
		h.c.log.Debug("a confirmation was not heard to its end", "err", err)
	}
}
