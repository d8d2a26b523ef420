package ivr

import (
	"context"
	"io"
	"time"
)

// RecordingID names a recording of a caller's voice. It is chosen by us:
// letters, digits and dashes alone, and never used twice.
type RecordingID string

// Taping asks for one leg to be recorded.
type Taping struct {
	ID      RecordingID
	Channel ChannelID
	Max     time.Duration // whole seconds; it ends by itself then
	Silence time.Duration // whole seconds of it end the recording; 0: silence does not
}

// Recordings is what a call needs of a switch that records. The switch keeps
// what was recorded until it is erased. Errors are as those of [Switch].
type Recordings interface {
	// Record begins to record a leg, which # ends. Exactly one RecordingEnded
	// with its ID follows, or Gone for the leg: what a caller said who then hung
	// up is kept, too. Stop what is playing first.
	Record(ctx context.Context, t Taping) error
	// RecordBridge begins to record all who are in a conversation, until it is
	// taken apart or the longest length has passed. Nothing is told of its end.
	// Conflict when there is a recording of this id, under way or ended.
	RecordBridge(ctx context.Context, id RecordingID, bridge BridgeID, most time.Duration) error
	// EndRecording ends a recording early; its RecordingEnded follows. One that
	// has ended is no error.
	EndRecording(ctx context.Context, id RecordingID) error
	// FetchRecording writes a recording that has ended to a writer, as a WAV
	// file. NotFound when there is none.
	FetchRecording(ctx context.Context, id RecordingID, to io.Writer) error
	// EraseRecording forgets a recording, also one that is under way. One that
	// is not there is no error.
	EraseRecording(ctx context.Context, id RecordingID) error
	// ListRecordings gives what the switch keeps for us, from whichever program.
	ListRecordings(ctx context.Context) ([]RecordingID, error)
}
