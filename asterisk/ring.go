package asterisk

import (
	"context"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
	"ikomek109/queue"
)

const (
	// legArg is the first argument with which an agent's leg enters.
	legArg = "leg"
	// maxTitle is how much of a title a phone's display is given, in runes.
	maxTitle = 60
	// maxRing bounds one try to ring a phone.
	maxRing = 5 * time.Minute
)

// Ring calls an agent's phone. LegAnswered or Gone for the new leg follows.
// NotFound means that no phone of the agent's is registered; it is then known
// at once. An error means that no event of the leg will follow.
func (s *Switch) Ring(ctx context.Context, r ivr.Ring) error {
	const op = "ring"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	if err := checkRing(r); err != nil {
		return err
	}
	if state := s.board.read().State; state != Up {
		// The answer could be missed, and the agent would hear silence.
		return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "Asterisk's events are not heard now"}
	}
	s.legs.add(r.Channel, r.Inbox, r.Agent)
	_, err := s.lib.Channel().Originate(nil, ari.OriginateRequest{
		Endpoint:  "PJSIP/" + string(r.Agent),
		App:       s.opts.App,
		AppArgs:   legArg + "," + string(r.Agent),
		ChannelID: string(r.Channel),
		CallerID:  callerID(r.Title, r.Shown),
		Timeout:   int(math.Ceil(min(max(r.Timeout, time.Second), maxRing).Seconds())),
	})
	switch {
	case err == nil, statusOf(err) == http.StatusConflict: // sent twice: it rings
		return nil
	case uncertain(err):
		s.aside(func(context.Context) { _ = s.lib.Channel().Hangup(key(ari.ChannelKey, string(r.Channel)), "normal") })
	}
	s.legs.forget(r.Channel)
	if statusOf(err) == http.StatusInternalServerError { // "Allocation failed"
		return &ivr.Error{
			Op: op, Code: ivr.NotFound, Message: "no phone of agent " + string(r.Agent) + " is registered",
			Cure: "register the agent's phone", Err: err,
		}
	}
	return failure(op, err)
}

func checkRing(r ivr.Ring) error {
	const op = "ring"
	if _, err := queue.ParseAgentID(string(r.Agent)); err != nil {
		return err
	}
	if r.Channel == "" || r.Inbox == nil {
		return &ivr.Error{Op: op, Code: ivr.Invalid, Message: "a leg without an id or without a mailbox"}
	}
	return nil
}

// callerID makes what the agent's phone shows: `"title" <number>`. Both come
// from strangers, so what could end the quotes or the brackets goes.
func callerID(title string, shown ivr.Number) string {
	number := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', strings.ContainsRune("+*#._-", r):
			return r
		case r == '•': // masked; a SIP address is ASCII
			return 'x'
		}
		return -1
	}, shown.Reveal())
	name := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\uFFFD' || strings.ContainsRune(`"\<>`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(title, ""))
	if runes := []rune(name); len(runes) > maxTitle {
		name = string(runes[:maxTitle])
	}
	if number == "" {
		number = "anonymous"
	}
	return `"` + strings.TrimSpace(name) + `" <` + number + `>`
}
