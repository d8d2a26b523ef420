package e2e_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"ikomek109/e2e/hear"
	"ikomek109/flows"
)

// TestServiceMessage is recorded, heard again, sent, and stored as a file that
// holds what was said; and who hangs up after speaking has sent it, too.
func TestServiceMessage(t *testing.T) {
	t.Parallel()
	o := newOffices(t)
	o.must(`
caller ana dials
ana presses 11
ana hears kk message/begin
ana hears kk key/hash
ana dictates kk welcome/text
ana presses #
ana hears the beginning of kk message/send
ana presses 2
ana hears kk welcome/text
ana hears the beginning of kk message/send
ana presses 1
ana hears kk message/kept
ana hears kk goodbye
ana is hung up
log of ana has outcome=message reason=goodbye
caller ben dials
ben presses 21
ben hears ru message/begin
ben hears ru key/hash
ben dictates ru welcome/text
ben hangs up
log of ben has outcome=message reason=caller_hung_up
caller cem dials
cem presses 21
cem hears ru message/begin
cem hears ru key/hash
call is recorded
program dies
cem dictates ru welcome/text
cem hangs up
wait 1s
program starts
program is ready
log of cem has outcome=message reason=gone_meanwhile`)
	all := o.messages("state=new", "state=new", "state=new")
	for i, language := range []string{"ru", "ru", "kk"} { // the newest first
		o.holds(all[i], heardWhat{language: flows.Language(language), id: "welcome/text"})
	}
	if _, err := o.program.do(t.Context(), "messages", "done", all[0]["id"].(string), "--by", "aigerim"); err != nil {
		t.Error(err)
	}
	o.messages("state=done by=aigerim", "state=new", "state=new")
	o.seenToByPhone()
	if left, err := filepath.Glob(filepath.Join(o.dir, "a", "spool", "recording", "*")); err != nil || len(left) > 0 {
		t.Errorf("left in Asterisk are %v, %v", left, err)
	}
	o.balance()
}

// seenToByPhone has an agent hear the two messages that are left by *17, the oldest
// first, mark one as done, and have the caller of the other called back.
func (o *offices) seenToByPhone() {
	o.t.Helper()
	o.must(`
agent aigerim answers after 500ms
aigerim dials *17
aigerim hears kk agent/tasks/count count=2
aigerim hears kk agent/tasks/message
aigerim hears kk category/health
aigerim hears kk welcome/text within 40s
aigerim hears kk agent/tasks/done
aigerim presses 1
aigerim hears kk agent/tasks/marked
aigerim hears kk agent/tasks/message
aigerim hears ru welcome/text within 40s
aigerim presses 9
aigerim hears kk agent/tasks/called_back
aigerim hears kk agent/tasks/end
aigerim is hung up
callbacks are of ben`)
	o.messages("state=done by=aigerim", "state=done by=aigerim", "state=done by=aigerim")
	var heard []struct{ By, Deed, Reason string }
	if err := o.program.list(o.t.Context(), &heard, "audit", "--kind", "message", "--by", "aigerim", "--json"); err != nil || len(heard) != 2 ||
		heard[0].Deed != "heard" || heard[0].Reason != "*17" {
		o.t.Errorf("on record: %+v, %v", heard, err)
	}
}

// TestServiceEnoughMessages tells who has left as many messages as they may
// today, and leads them to an operator; others go on leaving theirs.
func TestServiceEnoughMessages(t *testing.T) {
	t.Parallel()
	o := newOffices(t, "message: {per_day: 1}")
	o.must(`
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller ana dials
ana presses 21
ana hears ru message/begin
ana dictates ru welcome/text
ana presses #
ana hears the beginning of ru message/send
ana presses 1
ana hears ru message/kept
ana is hung up
caller ana dials
ana presses 11
ana hears kk message/enough
aigerim rings
aigerim picks up
aigerim says kk agent/ready
ana hears kk agent/ready
ana hangs up
log of ana has outcome=served
caller ben dials
ben presses 11
ben hears kk message/begin
ben hangs up
log of ben has outcome=menu_hangup`)
	o.messages("language=ru")
	o.balance()
}

// messages waits until the messages are as they should be, the newest first.
func (o *offices) messages(want ...string) (all []record) {
	o.t.Helper()
	var wrong error
	if !eventuallyEvery(o.t, askEvery, o.within, func() bool {
		all = nil
		if wrong = o.program.list(o.t.Context(), &all, "messages", "--json"); wrong != nil {
			return false
		}
		if wrong = fmt.Errorf("%d messages, want %d", len(all), len(want)); len(all) != len(want) {
			return false
		}
		for i := range want {
			if wrong = all[i].compare(strings.Fields(want[i])); wrong != nil {
				return false
			}
		}
		return true
	}) {
		o.t.Fatal(wrong)
	}
	return all
}

// holds saves a message and listens to it.
func (o *offices) holds(message record, want heardWhat) {
	o.t.Helper()
	id, _ := message["id"].(string)
	file := filepath.Join(o.dir, id+".wav")
	if _, err := o.program.do(o.t.Context(), "messages", "save", id, file, "--reason", "сынақ"); err != nil {
		o.t.Fatal(err)
	}
	pcm, err := hear.Load(file)
	if err != nil {
		o.t.Fatal(err)
	}
	prompt, err := want.sound()
	if err != nil {
		o.t.Fatal(err)
	}
	if _, ok := want.find(pcm, prompt); !ok {
		o.t.Errorf("message %s of %s does not hold %s", id, hear.Length(pcm), want)
	}
}
