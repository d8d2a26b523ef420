package asterisk

import (
	"encoding/json"
	"errors"
	"time"

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
		ari.Events.RecordingFinished, ari.Events.RecordingFailed,
		ari.Events.ChannelUserevent, ari.Events.ApplicationReplaced,
	}
}

// wire is what is acted on of all those types together. The library's own
// DecodeEvent reads each message twice, its channel a third and fourth time,
// and gives nil for a type it does not know; this costs a quarter of it.
type wire struct {
	Type      string   `json:"type"`
	Args      []string `json:"args"`
	Digit     string   `json:"digit"`
	Cause     int      `json:"cause"`
	Soft      bool     `json:"soft"`
	Eventname string   `json:"eventname"`
	Channel   struct {
		ID     string `json:"id"`
		Caller struct {
			Number string `json:"number"`
		} `json:"caller"`
		Dialplan struct {
			Exten string `json:"exten"`
		} `json:"dialplan"`
	} `json:"channel"`
	Playback struct {
		ID    string `json:"id"`
		State string `json:"state"`
	} `json:"playback"`
	Recording struct {
		Name     string `json:"name"`
		Duration int64  `json:"duration"` // whole seconds
	} `json:"recording"`
}

// decoder makes the library's events of messages, one at a time.
type decoder struct{ w wire }

// decode gives an event that holds what is acted on, and nothing else, and its
// type. An event of a type not asked for is errUnknown.
func (d *decoder) decode(message []byte) (event ari.Event, typ string, err error) {
	d.w = wire{}
	err = json.Unmarshal(message, &d.w)
	event = d.w.event()
	switch {
	case event == nil && d.w.Type != "":
		return nil, d.w.Type, errUnknown // whatever else is in it
	case err != nil:
		return nil, d.w.Type, err
	case event == nil:
		return nil, "", errors.New("a message without a type")
	}
	return event, d.w.Type, nil
}

// event gives the library's event, or nil for a type that is not acted on.
func (w *wire) event() ari.Event {
	head := ari.EventData{Type: w.Type}
	channel := ari.ChannelData{ID: w.Channel.ID}
	switch w.Type {
	case "StasisStart":
		channel.Caller = &ari.CallerID{Number: w.Channel.Caller.Number}
		channel.Dialplan = &ari.DialplanCEP{Exten: w.Channel.Dialplan.Exten}
		return &ari.StasisStart{EventData: head, Args: w.Args, Channel: channel}
	case "StasisEnd":
		return &ari.StasisEnd{EventData: head, Channel: channel}
	case "ChannelDtmfReceived":
		return &ari.ChannelDtmfReceived{EventData: head, Channel: channel, Digit: w.Digit}
	case "PlaybackFinished":
		return &ari.PlaybackFinished{
			EventData: head, Playback: ari.PlaybackData{ID: w.Playback.ID, State: w.Playback.State},
		}
	case "RecordingFinished", "RecordingFailed":
		data := ari.LiveRecordingData{
			Name: w.Recording.Name, Duration: ari.DurationSec(time.Duration(w.Recording.Duration) * time.Second),
		}
		if w.Type == "RecordingFailed" {
			return &ari.RecordingFailed{EventData: head, Recording: data}
		}
		return &ari.RecordingFinished{EventData: head, Recording: data}
	case "ChannelHangupRequest":
		return &ari.ChannelHangupRequest{EventData: head, Channel: channel, Cause: w.Cause, Soft: w.Soft}
	case "ChannelDestroyed":
		return &ari.ChannelDestroyed{EventData: head, Channel: channel, Cause: w.Cause}
	case "ChannelUserevent":
		return &ari.ChannelUserevent{EventData: head, Eventname: w.Eventname}
	case "ApplicationReplaced":
		return &ari.ApplicationReplaced{EventData: head}
	}
	return nil
}
