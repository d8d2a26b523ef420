package asterisk

import (
	"context"
	"fmt"
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
	// partnerArg is that of a partner's leg, recallArg of a citizen's who is
	// called back.
	partnerArg = "partner"
	recallArg  = "recall"
	// maxTitle is how much of a title a phone's display is given, in runes.
	maxTitle = 60
	// maxRing bounds one try to ring a phone.
	maxRing = 5 * time.Minute
)

// Ring calls an agent's phone, a partner or a citizen. LegAnswered or Gone for the new leg
// follows. NotFound means that no phone of the agent's is registered, which is
// known at once, or that the settings name no such partner. An error means that
// no event of the leg will follow.
func (s *Switch) Ring(ctx context.Context, r ivr.Ring) error {
	const op = "ring"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	to, err := s.callee(r)
	if err != nil {
		return err
	}
	if state := s.board.read().State; state != Up {
		// The answer could be missed, and the agent would hear silence.
		return &ivr.Error{Op: op, Code: ivr.Unavailable, Message: "Asterisk's events are not heard now"}
	}
	s.legs.rung(r.Channel, r.Inbox, r.Agent)
	_, err = s.lib.Channel().Originate(nil, ari.OriginateRequest{
		Endpoint:  to.endpoint,
		App:       s.opts.App,
		AppArgs:   to.args,
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
	if noContact(err) {
		return &ivr.Error{
			Op: op, Code: ivr.NotFound, Message: "there is no way to " + to.name, Cure: to.cure, Err: core(err),
		}
	}
	return failure(op, err)
}

// allocationFailed is what Asterisk says when it cannot make the channel of a call: in
// words of memory, but that is what an endpoint without a contact comes to.
const allocationFailed = "Allocation failed"

// noContact tells whether a leg was refused for want of a phone. Any other fault is
// Asterisk's own: it says nothing of whom we rang.
func noContact(err error) bool {
	refused := refusedBy(err)
	return refused != nil && refused.Status == http.StatusInternalServerError && refused.Message == allocationFailed
}

// callee is who is rung.
type callee struct {
	endpoint string // as Asterisk dials it
	args     string // with which the leg enters the application
	name     string // for a person
	cure     string // when there is no way to them
}

func (s *Switch) callee(r ivr.Ring) (callee, error) {
	const op = "ring"
	if r.Channel == "" || r.Inbox == nil {
		return callee{}, &ivr.Error{Op: op, Code: ivr.Invalid, Message: "a leg without an id or without a mailbox"}
	}
	if r.Partner != "" {
		dial, ok := s.opts.Partners[r.Partner]
		if !ok {
			return callee{}, &ivr.Error{
				Op: op, Code: ivr.NotFound, Message: fmt.Sprintf("no partner %q", r.Partner),
				Cure: "name it under partners in the settings",
			}
		}
		return callee{
			endpoint: dial, args: partnerArg + "," + r.Partner, name: "partner " + r.Partner,
			cure: "compare the partner's address in the settings with Asterisk's endpoints",
		}, nil
	}
	if r.Citizen != "" {
		dial, ok := citizenDial(s.opts.Recall, r.Citizen)
		if !ok {
			return callee{}, &ivr.Error{
				Op: op, Code: ivr.Invalid, Message: fmt.Sprintf("%s cannot be called back", r.Citizen),
				Cure: "say in callback.dial of the settings how citizens are dialled",
			}
		}
		return callee{
			endpoint: dial, args: recallArg, name: "citizens",
			cure: "compare callback.dial of the settings with Asterisk's endpoints",
		}, nil
	}
	if _, err := queue.ParseAgentID(string(r.Agent)); err != nil {
		return callee{}, err
	}
	return callee{
		endpoint: "PJSIP/" + string(r.Agent), args: legArg + "," + string(r.Agent),
		name: "agent " + string(r.Agent), cure: "register the agent's phone",
	}, nil
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
