package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

// MessageState is what became of a message. The zero value is refused.
type MessageState string

// The states of a message.
const (
	MessageOwed  MessageState = "owed"  // the switch has the sound still
	MessageNew   MessageState = "new"   // nobody has seen to it
	MessageTaken MessageState = "taken" // somebody sees to it
	MessageDone  MessageState = "done"
	MessageLost  MessageState = "lost" // the switch had no sound any more
)

// MessageStates gives every state, in the order in which a message takes them.
func MessageStates() []MessageState {
	return []MessageState{MessageOwed, MessageNew, MessageTaken, MessageDone, MessageLost}
}

// Message is what a caller said for the people of a queue.
type Message struct {
	ID       RecordingID    `json:"id"`
	Call     CallID         `json:"call"`
	Node     string         `json:"node"` // the switch that recorded it
	Queue    string         `json:"queue"`
	Category string         `json:"category,omitempty"`
	Language flows.Language `json:"language"`
	Caller   Number         `json:"caller"`
	LeftAt   time.Time      `json:"left_at"`
	Length   time.Duration  `json:"length"`
	State    MessageState   `json:"state"`
	By       string         `json:"by,omitempty"` // who took it, or was done with it
	File     string         `json:"file,omitempty"`
}

// Messages is what a call needs of a store of messages. Errors are as those of
// [Journal].
type Messages interface {
	// Promise notes that a recording is to be kept, in state owed; on disk when
	// it returns. From then on it is fetched by this program or by the next. A
	// second promise of the same recording changes nothing.
	Promise(ctx context.Context, m Message) error
	// Keep puts the sound, a WAV file, on disk and makes the message a new one:
	// first the file, then the row. One that is not owed is left as it is, which
	// is no error.
	Keep(ctx context.Context, id RecordingID, length time.Duration, wav []byte) error
	// GiveUp says that there is no sound to be had of a message. Conflict for one
	// that is not owed.
	GiveUp(ctx context.Context, id RecordingID) error
	// LeftBy counts the messages that a caller has left since a moment.
	LeftBy(ctx context.Context, caller Number, since time.Time) (int, error)
	// Owed gives all the messages that the switch of a node still has the sound
	// of, the oldest first: the sound of one that it left out would be erased.
	Owed(ctx context.Context, node string) ([]Message, error)
}
