package asterisk

import (
	"context"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/CyCoreSystems/ari/v5"

	"ikomek109/ivr"
)

const (
	// recordingFormat is 16 bits at 8 kHz, a megabyte a minute: what a phone's
	// codec carries, and what every player and browser understands.
	recordingFormat = "wav"
	// maxRecording bounds one recording, whoever asks.
	maxRecording = time.Hour
	// maxTapeName bounds a recording's id.
	maxTapeName = 100
)

// tape is a recording's name in Asterisk: its file name there. It begins with
// the application's, so that programs which share an Asterisk know their own.
func (s *Switch) tape(id ivr.RecordingID) (string, error) {
	legal := id != "" && len(id) <= maxTapeName
	for _, r := range id {
		legal = legal && (r == '-' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z')
	}
	if !legal {
		return "", &ivr.Error{
			Op: "name a recording", Code: ivr.Invalid, Message: fmt.Sprintf("%q is no name of a recording", string(id)),
			Cure: "use letters, digits and dashes",
		}
	}
	return s.tapePrefix() + string(id), nil
}

// tapePrefix has no dot: Asterisk takes what follows one for a format.
func (s *Switch) tapePrefix() string { return strings.ReplaceAll(s.opts.App, ".", "_") + "-" }

// Record begins to record a leg; see [ivr.Recordings]. It is never sent twice.
func (s *Switch) Record(ctx context.Context, t ivr.Taping) error {
	const op = "record"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	name, err := s.tape(t.ID)
	if err != nil {
		return err
	}
	t.Max = min(max(t.Max, time.Second), maxRecording)
	told := func(how ending) ivr.Event {
		return ivr.RecordingEnded{Channel: t.Channel, Recording: t.ID, Length: how.length, Failed: how.failed}
	}
	w := &watch{
		s: s, name: name,
		look: func() (ending, bool) { return s.tapeOver(name) },
		cut:  func() { _ = s.lib.LiveRecording().Stop(key(ari.LiveRecordingKey, name)) },
	}
	if !s.legs.began(name, task{channel: t.Channel, end: told}, t.Max+s.opts.Timing.Grace, w.overdue) {
		return &ivr.Error{Op: op, Code: ivr.Conflict, Message: "a recording with this id is under way"}
	}
	err = s.rest.call(ctx, http.MethodPost, command{
		path: []string{"channels", string(t.Channel), "record"},
		query: url.Values{
			"name": {name}, "format": {recordingFormat}, "ifExists": {"fail"}, "terminateOn": {"#"},
			"maxDurationSeconds": {seconds(t.Max)}, "maxSilenceSeconds": {seconds(t.Silence)},
		},
	}, nil)
	if err == nil {
		return nil
	}
	s.legs.dropped(name)
	if uncertain(err) { // it may be recording, to nobody's knowledge
		s.aside(func(ctx context.Context) { _ = s.EraseRecording(ctx, t.ID) })
	}
	return failure(op, err)
}

// RecordBridge begins to record a conversation; see [ivr.Recordings]. It is never
// sent twice.
func (s *Switch) RecordBridge(ctx context.Context, id ivr.RecordingID, bridge ivr.BridgeID, most time.Duration) error {
	const op = "record bridge"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	name, err := s.tape(id)
	if err != nil {
		return err
	}
	err = s.rest.call(ctx, http.MethodPost, command{
		path: []string{"bridges", string(bridge), "record"},
		query: url.Values{
			"name": {name}, "format": {recordingFormat}, "ifExists": {"fail"}, "terminateOn": {"none"},
			"maxDurationSeconds": {seconds(min(max(most, time.Second), maxRecording))},
		},
	}, nil)
	if statusOf(err) == http.StatusConflict {
		return &ivr.Error{Op: op, Code: ivr.Conflict, Message: "there is a recording of this name, or the bridge has left us", Err: err}
	}
	return failure(op, err)
}

func seconds(d time.Duration) string { return strconv.Itoa(int(math.Ceil(d.Seconds()))) }

// tapeOver tells whether a recording has ended, and how. One that lasts longer than
// it may is stopped.
func (s *Switch) tapeOver(name string) (how ending, over bool) {
	live := key(ari.LiveRecordingKey, name)
	_, err := s.lib.LiveRecording().Data(live)
	switch {
	case statusOf(err) == http.StatusNotFound:
		_, err := s.lib.StoredRecording().Data(key(ari.StoredRecordingKey, name))
		return ending{failed: statusOf(err) == http.StatusNotFound}, true
	case err == nil:
		_ = s.lib.LiveRecording().Stop(live)
	}
	return ending{}, false
}

// EndRecording ends a recording early; see [ivr.Recordings].
func (s *Switch) EndRecording(ctx context.Context, id ivr.RecordingID) error {
	const op = "end recording"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	name, err := s.tape(id)
	if err != nil {
		return err
	}
	err = s.lib.LiveRecording().Stop(key(ari.LiveRecordingKey, name))
	// Its end may have been missed, and a stop that comes before the first sample
	// is forgotten: Asterisk says yes and records on.
	s.legs.again(name, asIfEnded)
	return unlessGone(op, err)
}

// FetchRecording writes a stored recording to a writer; see [ivr.Recordings].
func (s *Switch) FetchRecording(ctx context.Context, id ivr.RecordingID, to io.Writer) error {
	const op = "fetch recording"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	name, err := s.tape(id)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.opts.Timing.List)
	defer cancel()
	return failure(op, s.rest.copy(ctx, command{path: []string{"recordings", "stored", name, "file"}}, to))
}

// EraseRecording forgets a recording; see [ivr.Recordings].
func (s *Switch) EraseRecording(ctx context.Context, id ivr.RecordingID) error {
	const op = "erase recording"
	if err := s.alive(ctx, op); err != nil {
		return err
	}
	name, err := s.tape(id)
	if err != nil {
		return err
	}
	err = s.lib.LiveRecording().Scrap(key(ari.LiveRecordingKey, name))
	if err != nil && statusOf(err) != http.StatusNotFound {
		return failure(op, err)
	}
	return unlessGone(op, s.lib.StoredRecording().Delete(key(ari.StoredRecordingKey, name)))
}

// ListRecordings gives the stored recordings of this application; see
// [ivr.Recordings].
func (s *Switch) ListRecordings(ctx context.Context) ([]ivr.RecordingID, error) {
	const op = "list recordings"
	if err := s.alive(ctx, op); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, s.opts.Timing.List)
	defer cancel()
	var list []struct{ Name string }
	if err := s.rest.call(ctx, http.MethodGet, command{path: []string{"recordings", "stored"}}, &list); err != nil {
		return nil, failure(op, err)
	}
	var ids []ivr.RecordingID
	for _, one := range list {
		id, ours := strings.CutPrefix(one.Name, s.tapePrefix())
		if name, err := s.tape(ivr.RecordingID(id)); ours && err == nil && name == one.Name {
			ids = append(ids, ivr.RecordingID(id))
		}
	}
	return ids, nil
}

var _ ivr.Recordings = (*Switch)(nil)
