package asterisk

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/CyCoreSystems/ari/v5"
)

// errUnknown marks an event of a type that is not acted on.
var errUnknown = errors.New("an event of another type")

// eventTypes are the types that are asked for; all others are filtered out by
// Asterisk itself.
func eventTypes() []string {
	return []string{
		ari.Events.StasisStart, ari.Events.StasisEnd,
		ari.Events.ChannelDtmfReceived, ari.Events.PlaybackFinished,
		ari.Events.ChannelHangupRequest, ari.Events.ChannelDestroyed,
		ari.Events.ChannelUserevent, ari.Events.ApplicationReplaced,
	}
}

// blank gives an empty event of a type, or nil for one that is not acted on.
func blank(typ string) ari.Event {
	switch typ {
	case "StasisStart":
		return new(ari.StasisStart)
	case "StasisEnd":
		return new(ari.StasisEnd)
	case "ChannelDtmfReceived":
		return new(ari.ChannelDtmfReceived)
	case "PlaybackFinished":
		return new(ari.PlaybackFinished)
	case "ChannelHangupRequest":
		return new(ari.ChannelHangupRequest)
	case "ChannelDestroyed":
		return new(ari.ChannelDestroyed)
	case "ChannelUserevent":
		return new(ari.ChannelUserevent)
	case "ApplicationReplaced":
		return new(ari.ApplicationReplaced)
	}
	return nil
}

// decode makes the library's event of a message. The library's own DecodeEvent
// reads every message twice and gives nil for a type it does not know, so the
// type is found by a glance and the message read once.
func decode(message []byte) (event ari.Event, typ string, err error) {
	typ = glance(message)
	if event = blank(typ); event != nil {
		if err = json.Unmarshal(message, event); err != nil {
			return nil, typ, err
		}
		if event.GetType() == typ {
			return event, typ, nil
		}
	}
	// The glance saw another thing's type, or none.
	var head ari.Message
	if err = json.Unmarshal(message, &head); err != nil {
		return nil, "", err
	}
	if event = blank(head.Type); event == nil {
		return nil, head.Type, errUnknown
	}
	return event, head.Type, json.Unmarshal(message, event)
}

// glance finds the value of the first "type" in a message. Inside a string its
// quotes would be escaped, so it can only be a key.
func glance(message []byte) string {
	const mark = `"type":"`
	at := bytes.Index(message, []byte(mark))
	if at < 0 {
		return ""
	}
	rest := message[at+len(mark):]
	end := bytes.IndexByte(rest, '"')
	if end < 0 || end > 64 {
		return ""
	}
	return string(rest[:end])
}
