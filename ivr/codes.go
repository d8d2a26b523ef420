package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

// Codes gives what an agent chooses by dialling a code. The same codes stand
// in the switch's dialplan, which goes by them when the program is away.
func Codes() map[string]Chosen {
	return map[string]Chosen{"*11": Ready, "*12": Paused, "*10": Off}
}

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

// codeWithin bounds an agent's call to a code.
const codeWithin = 30 * time.Second

// Code takes an agent's call to a code: it changes what the agent chose and
// says so, in both languages, Kazakh first. It implements [Exchange].
func (l *Line) Code(cc CodeCall) *Inbox {
	c := &call{
		line: l, in: NewInbox(), leg: cc.Channel, flow: l.opt.Flow(),
		log: l.log.With("agent", string(cc.Agent)),
	}
	c.rec = recorder{log: c.log, record: Record{ID: newCallID(), Node: cc.Node}}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return nil
	}
	l.legs[c.leg] = &leg{in: c.in}
	l.work.Go(func() {
		defer l.dropLeg(c.leg)
		service, within := l.opt.Services[cc.Dialled], codeWithin
		if service != nil {
			within = serviceWithin
		}
		ctx, cancel := context.WithTimeout(l.life, within)
		defer cancel()
		err := c.caught(func() error {
			if service != nil {
				l.serve(ctx, c, cc, service)
			} else {
				l.answerCode(ctx, c, cc)
			}
			return nil
		})
		if err != nil {
			_ = l.opt.Switch.Hangup(ctx, c.leg) // a beat of the switch's makes up for it
		}
	})
	return c.in
}

// answerCode carries a code out, confirms it and hangs up. Who is ready is so
// only once the phone is free again: a caller offered during the confirmation
// would find it busy.
func (l *Line) answerCode(ctx context.Context, c *call, cc CodeCall) {
	chosen, ok := Codes()[cc.Dialled]
	phrase := "agent/unknown"
	if ok {
		phrase = codePhrase(chosen)
		first := chosen
		if chosen == Ready {
			first = Paused
		}
		if err := l.opt.Roster.Choose(ctx, cc.Agent, first, "code"); err != nil {
			c.log.Error("an agent's choice was not taken", "chosen", chosen, "err", err)
			phrase, ok = "agent/failed", false
		}
	}
	if _, err := c.say(ctx, flows.Say{Node: "code", Utterances: c.bilingual(phrase)}); err != nil {
		c.log.Debug("a confirmation was not heard to its end", "err", err)
	}
	ctx = context.WithoutCancel(ctx)
	if !c.gone {
		if err := l.opt.Switch.Hangup(ctx, c.leg); err != nil {
			c.log.Warn("an agent's call to a code was not hung up", "err", err)
		}
	}
	if ok && chosen == Ready {
		l.beReady(ctx, c, cc.Agent)
	}
}

// readyWithin bounds the tries to make an agent ready who was told so.
const readyWithin = 20 * time.Second

// beReady keeps the word given to an agent, also when the store is slow.
func (l *Line) beReady(ctx context.Context, c *call, agent AgentID) {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		err := l.opt.Roster.Choose(ctx, agent, Ready, "")
		if err == nil {
			return
		}
		if CodeOf(err) != Unavailable || ctx.Err() != nil {
			c.log.Error("an agent who was told to be ready is not", "err", err)
			return
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
		}
	}
}

// bilingual gives a phrase of the program in all languages.
func (c *call) bilingual(id string) []flows.Utterance {
	var us []flows.Utterance
	for _, u := range c.phrases(nil, id) {
		for _, language := range flows.Languages() {
			u.Language = language
			us = append(us, u)
		}
	}
	return us
}
