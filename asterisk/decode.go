package asterisk

import (
	"errors"
	"time"

	"github.com/CyCoreSystems/ari/v5"
	"github.com/tidwall/gjson"
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
		ari.Events.RecordingFinished, ari.Events.RecordingFailed,
		ari.Events.ChannelHold, ari.Events.ChannelUnhold,
		ari.Events.ChannelUserevent, ari.Events.ApplicationReplaced,
	}
}

// decode gives the library's event with what is acted on, and nothing else, and
// its type. An event of a type not asked for is errUnknown. The library's own
// DecodeEvent reads each message twice, its channel a third and fourth time,
// and gives nil for a type it does not know; here the few fields that matter
// are picked out of the message, which has a kilobyte of others.
func decode(message []byte) (event ari.Event, typ string, err error) {
	if !gjson.ValidBytes(message) {
		return nil, "", errors.New("a message that is no JSON")
	}
	w := wire(message)
	if typ = w.text("type"); typ == "" {
		return nil, "", errors.New("a message without a type")
	}
	if event = w.event(typ); event == nil {
		return nil, typ, errUnknown
	}
	return event, typ, nil
}

// wire is a message as it came, valid JSON.
type wire []byte

func (w wire) text(path string) string { return gjson.GetBytes(w, path).String() }

func (w wire) number(path string) int { return int(gjson.GetBytes(w, path).Int()) }

// event gives the library's event, or nil for a type that is not acted on.
func (w wire) event(typ string) ari.Event {
	head := ari.EventData{Type: typ}
	switch typ {
	case "StasisStart":
		channel := w.channel()
		channel.Caller = &ari.CallerID{Number: w.text("channel.caller.number")}
		channel.Dialplan = &ari.DialplanCEP{Exten: w.text("channel.dialplan.exten")}
		return &ari.StasisStart{EventData: head, Args: w.texts("args"), Channel: channel}
	case "StasisEnd":
		return &ari.StasisEnd{EventData: head, Channel: w.channel()}
	case "ChannelDtmfReceived":
		return &ari.ChannelDtmfReceived{EventData: head, Channel: w.channel(), Digit: w.text("digit")}
	case "ChannelHold":
		return &ari.ChannelHold{EventData: head, Channel: w.channel()}
	case "ChannelUnhold":
		return &ari.ChannelUnhold{EventData: head, Channel: w.channel()}
	case "PlaybackFinished":
		return &ari.PlaybackFinished{
			EventData: head, Playback: ari.PlaybackData{ID: w.text("playback.id"), State: w.text("playback.state")},
		}
	case "RecordingFinished", "RecordingFailed":
		data := ari.LiveRecordingData{
			Name:     w.text("recording.name"),
			Duration: ari.DurationSec(time.Duration(w.number("recording.duration")) * time.Second),
		}
		if typ == "RecordingFailed" {
			return &ari.RecordingFailed{EventData: head, Recording: data}
		}
		return &ari.RecordingFinished{EventData: head, Recording: data}
	case "ChannelHangupRequest":
		return &ari.ChannelHangupRequest{EventData: head, Channel: w.channel(), Cause: w.number("cause"), Soft: gjson.GetBytes(w, "soft").Bool()}
	case "ChannelDestroyed":
		return &ari.ChannelDestroyed{EventData: head, Channel: w.channel(), Cause: w.number("cause")}
	case "ChannelUserevent":
		return &ari.ChannelUserevent{EventData: head, Eventname: w.text("eventname")}
	case "ApplicationReplaced":
		return &ari.ApplicationReplaced{EventData: head}
	}
	return nil
}

func (w wire) channel() ari.ChannelData { return ari.ChannelData{ID: w.text("channel.id")} }

func (w wire) texts(path string) []string {
	var all []string
	for _, one := range gjson.GetBytes(w, path).Array() {
		all = append(all, one.String())
	}
	return all
}
