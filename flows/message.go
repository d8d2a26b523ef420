package flows

import "time"

// messageNode lets the caller leave a recording for the people of a queue:
// after a tone, ended by # or by a silence. The caller can hear it, record it
// anew, and send it. Who hangs up, or says nothing to the question, has sent
// it; who leads the call elsewhere, by 0 or *, has not.
//
//	message:
//	  kind: message
//	  text: {kk: Хабарлама қалдырыңыз., ru: Оставьте сообщение.}   # may be left out
//	  queue: main             # whose people hear it
//	  category: other         # for a caller whose topic is not known; may be left out
//	  longest: 2m             # the default; 5m at most
//	  to: goodbye             # where to go when it is sent
//	  failed: operator        # when it cannot be recorded, or the caller has left as many
//	                          # as they may in a day; the operator by default
type messageNode struct {
	base
	errand
	longest time.Duration
}

// Limits of a message.
const (
	// MinMessage is how long a recording must be to have something in it.
	MinMessage = 2 * time.Second
	// MaxMessage bounds a recording.
	MaxMessage = 5 * time.Minute
	// defaultMessage is how long it may be when the author does not say.
	defaultMessage = 2 * time.Minute
	// messageSilence is how long nothing is said before the recording ends.
	messageSilence = 5 * time.Second
)

// Keys once a message is recorded.
const (
	keySend        = '1'
	keyReplay      = '2'
	keyRecordAgain = '3'
)

func readMessage(f fields, b base) node {
	n := &messageNode{base: b, longest: defaultMessage}
	n.errand = readErrand(f, "say where a caller goes who has left a message")
	if e, ok := f.byKey["longest"]; ok {
		n.longest = e.span(10*time.Second, MaxMessage)
	}
	return n
}

func (n *messageNode) phrases() []Phrase { return n.own(n.base) }

func (n *messageNode) prompt(t *turn) {
	if t.state.Recording != "" && t.state.Part == partAfter {
		n.promptAfter(t)
		return
	}
	t.ownCategory(n.category.name)
	n.introduce(t, n.base)
	n.record(t)
}

// record records, in the place of what was recorded before.
func (n *messageNode) record(t *turn) {
	t.discard()
	t.state.Part = ""
	t.say(false, t.system("message/begin")...)
	t.say(false, t.text(t.flow.phrases["input/end"], t.flow.phrases[keyPhrase(keyRepeat)])...)
	t.await(Recording, Record{Node: n.name, Max: n.longest, Silence: messageSilence})
}

// reasonEnough is why a message is not recorded of a caller who has left as many
// as they may in a day.
const reasonEnough = "enough"

// discard deletes what was recorded and not sent.
func (t *turn) discard() {
	if t.state.Recording == "" {
		return
	}
	t.event(Event{Kind: EventMessage, Recording: t.state.Recording, Reason: "discarded"})
	t.actions = append(t.actions, Discard{Node: t.state.Node, Recording: t.state.Recording})
	t.state.Recording = ""
}

func (n *messageNode) promptAfter(t *turn) {
	t.offer(t.flow.phrases["message/send"], keySend)
	t.offer(t.flow.phrases["message/listen"], keyReplay)
	t.offer(t.flow.phrases["message/again"], keyRecordAgain)
	t.listen(ListenTimeout)
}

func (n *messageNode) take(t *turn, in Input) bool {
	switch in := in.(type) {
	case Recorded:
		n.recorded(t, in)
	case Kept:
		n.kept(t, in)
	case Silence:
		if t.state.Tries < MaxTries-1 {
			return false
		}
		t.event(Event{Kind: EventSilence, Tries: t.state.Tries + 1})
		t.await(Keeping, n.keep(t))
	case Key:
		return n.takeKey(t, in)
	default:
		return false
	}
	return true
}

func (n *messageNode) takeKey(t *turn, key Key) bool {
	switch key.Digit {
	case keySend:
		t.await(Keeping, n.keep(t))
	case keyReplay:
		t.actions = append(t.actions, Replay{Node: n.name, Recording: t.state.Recording, Barge: true})
		n.promptAfter(t)
	case keyRecordAgain:
		n.record(t)
	default:
		return false
	}
	return true
}

func (n *messageNode) recorded(t *turn, in Recorded) {
	switch {
	case in.Enough:
		t.event(Event{Kind: EventMessage, Reason: reasonEnough})
		t.say(true, t.system("message/enough")...)
		t.enter(n.failure(t.flow))
	case in.Failed || in.Name == "":
		t.event(Event{Kind: EventMessage, Reason: OnFailed})
		n.fails(t)
	case in.Length < MinMessage:
		t.state.Recording = in.Name
		t.discard()
		t.fail(Event{Kind: EventSilence}, "message/short")
	default:
		t.event(Event{Kind: EventMessage, Recording: in.Name, Total: in.Length, Reason: "recorded"})
		t.state.Recording, t.state.Part, t.state.Tries = in.Name, partAfter, 0
		n.promptAfter(t)
	}
}

// keep is the order to store the message.
func (n *messageNode) keep(t *turn) Keep {
	return Keep{Node: n.name, Recording: t.state.Recording, Category: t.state.Category, Queue: n.queue, Language: t.state.Language}
}

func (n *messageNode) kept(t *turn, in Kept) {
	name := t.state.Recording
	t.state.Recording = ""
	if in.Failed {
		t.event(Event{Kind: EventMessage, Recording: name, Reason: OnFailed})
		n.fails(t)
		return
	}
	t.event(Event{Kind: EventMessage, Recording: name, Queue: n.queue, Reason: "kept"})
	t.say(true, t.system("message/kept")...)
	t.enter(n.to.name)
}

func (n *messageNode) fails(t *turn) {
	t.say(true, t.system("message/failed")...)
	t.enter(n.failure(t.flow))
}
