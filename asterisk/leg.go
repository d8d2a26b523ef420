package asterisk

import (
	"context"
	"net/http"
	"net/url"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
)

// holdClass is the class of music that a waiting leg hears.
const holdClass = "default"

// key names a thing for the library, which puts the id into paths as it is.
func key(kind, id string) *ari.Key { return ari.NewKey(kind, url.PathEscape(id)) }

// Hold starts or stops music for a leg. Stop what is playing first: Asterisk
// makes the music wait for it.
func (s *Switch) Hold(ctx context.Context, leg ivr.ChannelID, on bool) error {
	const op = "hold"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	channel := key(ari.ChannelKey, string(leg))
	if on {
		return failure(op, s.lib.Channel().MOH(channel, holdClass))
	}
	return failure(op, s.lib.Channel().StopMOH(channel))
}

// bridgeType keeps keys coming: between two phones of the same codec Asterisk
// would hand packets through, keys among them, and tell nobody.
const bridgeType = "mixing,dtmf_events"

// Join lets two legs speak with each other. Stop what is playing to them first:
// Asterisk makes the joining wait for it. When it fails, a part of it may have been
// done: take the conversation apart.
func (s *Switch) Join(ctx context.Context, id ivr.BridgeID, a, b ivr.ChannelID) error {
	const op = "join"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	if url.PathEscape(string(id)) != string(id) || id == "" {
		return &ivr.Error{Op: op, Code: ivr.Invalid, Message: "a bridge's id must need no escaping"}
	}
	// Named after the application, so that one left behind can be recognised.
	_, err := s.lib.Bridge().Create(ari.NewKey(ari.BridgeKey, string(id)), bridgeType, s.opts.App)
	if err != nil && statusOf(err) != http.StatusConflict {
		return failure(op, err)
	}
	// The library adds one channel per request.
	err = s.rest.call(ctx, http.MethodPost, command{
		path: []string{"bridges", string(id), "addChannel"},
		body: joinRequest{Channel: []string{string(a), string(b)}},
	}, nil)
	if err == nil {
		s.legs.joined(id, a, b)
		return nil
	}
	// How Asterisk says that a channel is not there, or has left us.
	if status := statusOf(err); status == http.StatusBadRequest || status == http.StatusUnprocessableEntity {
		return &ivr.Error{Op: op, Code: ivr.NotFound, Message: "one of the legs is gone", Err: err}
	}
	return failure(op, err)
}

type joinRequest struct {
	Channel []string `json:"channel"`
}

// Part takes a conversation apart; the legs live on. One that is gone is no
// error. The legs are taken out one by one before: what comes to a leg after that
// waits for its turn, while of a bridge that is deleted under it Asterisk drops
// what is played to it meanwhile, and tells nobody.
func (s *Switch) Part(ctx context.Context, id ivr.BridgeID) error {
	const op = "part"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	for _, leg := range s.legs.parted(id) {
		// Whatever it says, as that a leg has gone: the deletion tells what counts.
		_ = s.lib.Bridge().RemoveChannel(key(ari.BridgeKey, string(id)), string(leg))
	}
	return unlessGone(op, s.lib.Bridge().Delete(key(ari.BridgeKey, string(id))))
}
