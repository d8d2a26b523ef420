package ivr_test

import (
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

// twoQueues is a menu from which one comes into either queue.
const twoQueues = `
flow: two
start: language
operator: roads
goodbye: goodbye
categories:
  roads: {name: {kk: Жолдар, ru: Дороги}, announce: {kk: Жолдар., ru: Дороги.}}
  water: {name: {kk: Су, ru: Вода}, announce: {kk: Су., ru: Вода.}}
nodes:
  language:
    kind: language
    text: {kk: "Қазақ тілі үшін,", ru: "Для русского языка"}
    to: topics
  topics:
    kind: menu
    options:
      - {text: {kk: "Жолдар туралы,", ru: "О дорогах,"}, to: roads, category: roads}
      - {text: {kk: "Су туралы,", ru: "О воде,"}, to: water, category: water}
  roads: {kind: queue, queue: roads}
  water: {kind: queue, queue: water}
  goodbye: {kind: end}
`

// serves has the line serve another menu.
func (b *bench) serves(menu string) {
	b.t.Helper()
	flow, findings := flows.Load(fstest.MapFS{"two.yaml": {Data: []byte(menu)}}, "two.yaml", flows.Known{})
	if flow == nil {
		b.t.Fatal(findings)
	}
	b.flow = flow
	b.with(func(*ivr.Options) {})
}

// TestNothingAfterTheAgent: where the menu has nothing to say after it, a call
// ends with the conversation.
func TestNothingAfterTheAgent(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(twoQueues)
		b.agent("aigerim", ivrtest.Manner{Answer: 3 * time.Second})
		b.startDesk()
		b.arrive("a")
		b.press("a", "11")
		b.after(20 * time.Second)
		b.hangUp("agent")
		b.after(15 * time.Second)
		if r := b.only(); r.Outcome != ivr.Served || r.Reason != ivr.AgentHungUp {
			t.Errorf("record %+v", r)
		}
		b.settled()
	})
}

// TestFromOneQueueIntoAnother is in the journal, and in the record: what was
// waited before counts on.
func TestFromOneQueueIntoAnother(t *testing.T) {
	inBubble(t, func(t *testing.T, b *bench) {
		b.serves(twoQueues)
		b.startDesk()
		b.arrive("a")
		b.press("a", "11")
		b.after(20 * time.Second)
		b.press("a", "*2")
		b.after(20 * time.Second)
		b.sw.HangUp("a")
		b.after(time.Second)
		r := b.only()
		if r.Queue != "water" || r.Wait < 40*time.Second || r.Outcome != ivr.Abandoned {
			t.Errorf("record %+v", r)
		}
		var queued []string
		for _, e := range b.journal.Entries(r.ID) {
			if e.Kind == ivr.Queued {
				queued = append(queued, e.Detail["queue"])
			}
		}
		if len(queued) != 2 || queued[0] != "roads" || queued[1] != "water" {
			t.Errorf("the journal has these queues: %v", queued)
		}
		b.settled()
	})
}
