package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/audit"
	"ikomek109/ivr"
	"ikomek109/tasks"
)

// tasksByPhone serves the code by which agents see to callers' messages.
func (v *service) tasksByPhone(ctx context.Context, h *ivr.Handset) error {
	who, err := v.whose(ctx, h.Agent())
	if err != nil {
		return errors.Join(err, h.Say(ctx, ivr.Said{ID: "agent/tasks/failed"}))
	}
	return tasks.ByPhone(ctx, h, tasks.Options{
		Box: v.store.Messages(v.settings.Message.Directory), Who: who,
		Topic: v.topicPhrases, Sound: v.soundFor(ctx, h.Agent()), CallBack: v.callBackFor,
		Zone: v.world.zone, Log: v.log,
	})
}

// whose tells which messages are an agent's.
func (v *service) whose(ctx context.Context, id ivr.AgentID) (tasks.Who, error) {
	all, _, err := v.store.Staff().Agents(ctx)
	for _, a := range all {
		if a.ID == id {
			return tasks.Who{Agent: id, Queues: a.Queues, Languages: a.Languages}, nil
		}
	}
	return tasks.Who{}, errors.Join(err, fmt.Errorf("agent %s is not on the roster", id))
}

func (v *service) topicPhrases(code string) []string {
	if category, ok := v.menus.Flow().Category(code); ok {
		return category.Phrases()
	}
	return nil
}

// playedFolder holds the sound of messages while they are played: below the
// prompts, where Asterisk reads, also as another user, under names that nobody
// can guess, in a folder that nobody else can list. Each store has its own, since
// lines of one user share the prompts.
func (v *service) playedFolder() string {
	store, err := filepath.Abs(v.settings.Store.Path)
	if err != nil {
		store = v.settings.Store.Path
	}
	sum := sha256.Sum256([]byte(store))
	return filepath.Join("played", hex.EncodeToString(sum[:8]))
}

// recordWithin bounds putting on record who hears a message.
const recordWithin = 3 * time.Second

// soundFor gives an agent the sound of messages: who hears which is on record before.
func (v *service) soundFor(ctx context.Context, agent ivr.AgentID) func(ivr.Message) ([]string, func(), error) {
	return func(m ivr.Message) (sounds []string, forget func(), err error) {
		within, cancel := context.WithTimeout(ctx, recordWithin)
		defer cancel()
		if err := v.store.Audit().Append(within, audit.Entry{
			Kind: audit.Message, Subject: string(m.ID), Deed: audit.Heard, By: string(agent), Reason: conf.CodeTasks, At: time.Now(),
		}); err != nil {
			return nil, nil, err
		}
		return v.soundOf(m)
	}
}

// soundOf puts the sound of a message where Asterisk can play it.
func (v *service) soundOf(m ivr.Message) (sounds []string, forget func(), err error) {
	wav, err := os.ReadFile(m.File)
	if err != nil {
		return nil, nil, err
	}
	folder := filepath.Join(v.settings.Speech.Cache, v.playedFolder())
	if err := os.MkdirAll(folder, 0o711); err != nil { //nolint:gosec // Asterisk reads it as another user
		return nil, nil, err
	}
	name := rand.Text()
	file := filepath.Join(folder, name+".wav")
	forget = func() {
		if err := os.Remove(file); err != nil {
			v.log.Warn("a copy of a message was not removed; it is at the next start", "err", err)
		}
	}
	if err := os.WriteFile(file, wav, 0o644); err != nil { //nolint:gosec // the same
		return nil, nil, err
	}
	seen := cmp.Or(v.settings.Asterisk.SoundPrefix, v.settings.Speech.Cache)
	return []string{filepath.Join(seen, v.playedFolder(), name)}, forget, nil
}

// forgetPlayed removes what a program that was killed had not.
func (v *service) forgetPlayed(context.Context) error {
	if err := os.RemoveAll(filepath.Join(v.settings.Speech.Cache, v.playedFolder())); err != nil {
		v.log.Warn("copies of messages were not removed", "err", err)
	}
	return nil
}

// callBackFor notes that who left a message is to be called back.
func (v *service) callBackFor(ctx context.Context, m ivr.Message) error {
	number, ok := callable(v.settings)(m.Caller)
	if !ok {
		return &ivr.Error{Op: "call back", Code: ivr.NotFound, Message: "the number is none that may be called back"}
	}
	now := time.Now()
	return v.store.Callbacks().Ask(ctx, ivr.Callback{
		Number: number, Call: m.Call, Queue: m.Queue, Category: m.Category, Language: m.Language,
		AskedAt: now, Since: now, DueAt: now, State: ivr.CallbackWaiting,
	})
}
