package ivr

import (
	"context"
	"time"

	"ikomek109/flows"
)

// askAgain is how long an agent may think before they are asked for the topic
// once more.
const askAgain = 20 * time.Second

// longerKey, after *, makes a wrap-up longer on the agent's leg.
const longerKey = '9'

// topicAsk is an agent being asked for the topic of a call.
type topicAsk struct {
	line   *Line
	h      *Handset
	call   CallID
	topic  string        // as it is on the record
	longer func() string // makes the wrap-up longer, and gives the phrase that says so; nil: cannot
}

// ask says the topic and takes 1 for right, or the two digits of another one;
// # says it again. It ends when the agent has answered or hung up, or with ctx.
func (a *topicAsk) ask(ctx context.Context) error {
	for {
		if err := a.h.Say(ctx, a.question()...); err != nil {
			return err
		}
		key, ok, err := a.h.Key(ctx, askAgain)
		if err != nil {
			return err
		}
		done := false
		switch {
		case !ok || key == '#': // once more
		case key == '*':
			err = a.star(ctx)
		case key == '1':
			done, err = a.confirm(ctx)
		default:
			done, err = a.other(ctx, key)
		}
		if done || err != nil {
			return err
		}
	}
}

func (a *topicAsk) question() []Said {
	said := []Said{{ID: "agent/topic/none"}}
	if words := topicPhrases(a.h.c.flow, a.topic); len(words) > 0 {
		said = append(a.saidTopic("agent/category/is", words), Said{ID: "agent/category/right"}, Said{ID: "key/1"})
	}
	return append(said, Said{ID: "agent/category/other"})
}

func (a *topicAsk) saidTopic(before string, words []string) []Said {
	said := []Said{{ID: before}}
	for _, id := range words {
		said = append(said, Said{ID: id})
	}
	return said
}

// star takes *9 for more time.
func (a *topicAsk) star(ctx context.Context) error {
	key, ok, err := a.h.Key(ctx, askAgain)
	if err != nil || !ok || key != longerKey || a.longer == nil {
		return err
	}
	return a.h.Say(ctx, Said{ID: a.longer()})
}

// confirm puts it on record that the topic is right.
func (a *topicAsk) confirm(ctx context.Context) (done bool, err error) {
	if a.topic == "" {
		return false, a.h.Say(ctx, Said{ID: "agent/category/unknown"})
	}
	if !a.note(ctx, CategoryConfirmed, a.topic) {
		return false, a.h.Say(ctx, Said{ID: "agent/category/failed"})
	}
	return true, a.h.Say(ctx, Said{ID: "agent/category/confirmed"})
}

// other takes the second digit and puts the topic of that number on record.
func (a *topicAsk) other(ctx context.Context, first byte) (done bool, err error) {
	second, ok, err := a.h.Key(ctx, askAgain)
	if err != nil || !ok {
		return false, err
	}
	category, known := a.h.c.flow.CategoryNumbered(string([]byte{first, second}))
	if !known {
		return false, a.h.Say(ctx, Said{ID: "agent/category/unknown"})
	}
	if !a.note(ctx, CategorySet, category.Code) {
		return false, a.h.Say(ctx, Said{ID: "agent/category/failed"})
	}
	return true, a.h.Say(ctx, a.saidTopic("agent/category/set", category.Phrases())...)
}

// note amends the record of the call, and tells whether it could.
func (a *topicAsk) note(ctx context.Context, kind Kind, code string) bool {
	ctx, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	err := a.line.opt.Journal.Amend(ctx, a.call, Entry{
		At: time.Now().UTC(), Kind: kind, Detail: map[string]string{"category": code, "agent": string(a.h.agent)},
	})
	if err != nil {
		a.h.c.log.Error("the topic that an agent keyed was not stored", "category", code, "err", err)
	}
	return err == nil
}

// topicByCode serves the code by which the topic of the last call is set.
func (l *Line) topicByCode(ctx context.Context, h *Handset) error {
	last := l.opt.Roster.Duty(h.agent).Last
	if last == "" {
		return h.Say(ctx, Said{ID: "agent/category/no_call"})
	}
	return l.askTopic(ctx, h, last, func() string { return l.wrapUpLonger(ctx, h.agent) })
}

// askTopic asks an agent for the topic of a call, in the language of the call.
func (l *Line) askTopic(ctx context.Context, h *Handset, call CallID, longer func() string) error {
	asked, cancel := context.WithTimeout(ctx, queueWait)
	defer cancel()
	r, err := l.opt.Journal.Find(asked, call)
	if err != nil {
		h.c.log.Error("the call whose topic an agent is asked for was not found", "call", call, "err", err)
		return h.Say(ctx, Said{ID: "agent/category/failed"})
	}
	if r.Language.Known() {
		h.languages = []flows.Language{r.Language}
	}
	ask := &topicAsk{line: l, h: h, call: call, topic: r.Category, longer: longer}
	return ask.ask(ctx)
}
