package ivr

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"ikomek109/flows"
)

// Service is what a code does that is more than a choice: it talks with who
// dialled it, in both languages, until it returns; then the line hangs up. Its
// error is logged. The context ends when the line stops or serviceWithin has
// passed.
type Service func(ctx context.Context, h *Handset) error

// serviceWithin bounds an agent's call to a service.
const serviceWithin = 10 * time.Minute

// Handset is an agent's phone during a call to a code. It belongs to the
// goroutine of its service. Every method ends with an error once the phone is
// hung up.
type Handset struct {
	c     *call
	agent AgentID
	tape  RecordingID   // recorded last; the switch has it still
	taped time.Duration // how long that is
	// languages are those in which Say says everything.
	languages []flows.Language
}

// handset makes a phone of an agent whose leg has a mailbox. What happens on it
// is in no journal.
func (l *Line) handset(cc CodeCall, in *Inbox, log *slog.Logger) *Handset {
	c := &call{line: l, in: in, leg: cc.Channel, flow: l.opt.Flow(), log: log}
	c.rec = recorder{log: log, record: Record{ID: newCallID(), Node: cc.Node}}
	return &Handset{c: c, agent: cc.Agent, languages: flows.Languages()}
}

// Agent tells whose phone it is, as the switch authenticated it.
func (h *Handset) Agent() AgentID { return h.agent }

// Said is a phrase of the program with its values, for a Handset.
type Said struct {
	ID     string
	Values map[string]string
}

// Say says phrases in each of its languages in turn, Kazakh first. A key cuts it and is
// kept for Key or Digits.
func (h *Handset) Say(ctx context.Context, said ...Said) error {
	var us []flows.Utterance
	for _, l := range h.languages {
		for _, s := range said {
			for _, u := range h.c.phrases(s.Values, s.ID) {
				u.Language = l
				us = append(us, u)
			}
		}
	}
	_, err := h.c.say(ctx, flows.Say{Node: codeNode, Utterances: us, Barge: true})
	return err
}

// Key gives the next key, or false when none comes in time.
func (h *Handset) Key(ctx context.Context, within time.Duration) (key byte, ok bool, err error) {
	in, err := h.c.listen(ctx, flows.Listen{Timeout: within, Private: true})
	if k, pressed := in.(flows.Key); pressed && err == nil {
		return byte(k.Digit), true, nil //nolint:gosec // a key of a phone
	}
	return 0, false, err
}

// Digits gives what is keyed in until #, until no key comes in time, or until
// there are as many as wanted; other keys are left out.
func (h *Handset) Digits(ctx context.Context, most int, within time.Duration) (string, error) {
	var digits []byte
	for len(digits) < most {
		key, ok, err := h.Key(ctx, within)
		if err != nil {
			return "", err
		}
		if !ok || key == '#' {
			break
		}
		if key >= '0' && key <= '9' {
			digits = append(digits, key)
		}
	}
	return string(digits), nil
}

// HungUp tells whether an error of a Handset is the end of the call.
func HungUp(err error) bool {
	var e ending
	return errors.As(err, &e)
}

// serve has a service talk with an agent's phone.
func (l *Line) serve(ctx context.Context, h *Handset, cc CodeCall, service Service) {
	defer h.erase(ctx)
	err := service(ctx, h)
	if err != nil && !HungUp(err) && ctx.Err() == nil {
		h.c.log.Error("a code was not served to its end", "code", cc.Dialled, "err", err)
	}
	h.hangUp(ctx)
}

// hangUp ends the call of an agent's phone, unless they did.
func (h *Handset) hangUp(ctx context.Context) {
	if h.c.gone {
		return
	}
	if err := h.c.line.opt.Switch.Hangup(context.WithoutCancel(ctx), h.c.leg); err != nil {
		h.c.log.Warn("an agent's call to a code was not hung up", "err", err)
	}
}
