package main

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"ikomek109/audit"
	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

// newTasks is a service with a store, as far as seeing to messages needs one.
func newTasks(t *testing.T) *service {
	t.Helper()
	store, err := sqlite.Open(t.Context(), sqlite.Options{Path: filepath.Join(t.TempDir(), "store.db")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	v := &service{}
	v.store, v.log = store, slog.New(slog.DiscardHandler)
	v.settings = config.Settings{}
	v.settings.Message.Directory, v.settings.Speech.Cache = t.TempDir(), t.TempDir()
	v.settings.Callback.Prefixes = []string{"+7"}
	return v
}

// left stores a message of three seconds.
func (v *service) left(t *testing.T, id ivr.RecordingID) ivr.Message {
	t.Helper()
	box := v.store.Messages(v.settings.Message.Directory)
	if err := box.Promise(t.Context(), ivrtest.NewMessage(id)); err != nil {
		t.Fatal(err)
	}
	if err := box.Keep(t.Context(), id, 3*time.Second, ivrtest.WAV(3*time.Second)); err != nil {
		t.Fatal(err)
	}
	m, err := box.Message(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSoundForAnAgent lies where Asterisk reads it under a name that nobody can
// guess, in a folder that nobody else can list, while it is played; and who hears it
// is on record.
func TestSoundForAnAgent(t *testing.T) {
	v := newTasks(t)
	m := v.left(t, "m-1")
	v.settings.Asterisk.SoundPrefix = "/as/asterisk/sees/it"
	sounds, forget, err := v.soundFor(t.Context(), "aigerim")(m)
	if err != nil || len(sounds) != 1 {
		t.Fatal(sounds, err)
	}
	folder, name := filepath.Join(v.settings.Speech.Cache, v.playedFolder()), filepath.Base(sounds[0])
	if filepath.Dir(sounds[0]) != "/as/asterisk/sees/it/"+v.playedFolder() || len(name) < 26 {
		t.Errorf("Asterisk is given %s", sounds[0])
	}
	got, err := os.ReadFile(filepath.Join(folder, name+".wav")) //nolint:gosec // of the test's own folder
	if err != nil || !bytes.Equal(got, ivrtest.WAV(3*time.Second)) {
		t.Errorf("it holds %d bytes, %v", len(got), err)
	}
	if st, err := os.Stat(folder); err != nil || st.Mode().Perm() != 0o711 {
		t.Errorf("the folder: %v, %v", st.Mode(), err)
	}
	entries, err := v.store.Audit().Entries(t.Context(), audit.Filter{Kind: audit.Message})
	if err != nil || len(entries) != 1 || entries[0].Subject != "m-1" || entries[0].Deed != audit.Heard || entries[0].By != "aigerim" {
		t.Errorf("on record: %+v, %v", entries, err)
	}
	forget()
	if left, err := os.ReadDir(folder); err != nil || len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}

	// What a program that was killed had not removed goes at the next start.
	if _, _, err := v.soundOf(m); err != nil {
		t.Fatal(err)
	}
	if err := v.forgetPlayed(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("still there: %v", err)
	}
}

// TestNoSoundWithoutARecord: where it cannot be noted who hears a message, nobody
// does; nor where its file is gone.
func TestNoSoundWithoutARecord(t *testing.T) {
	v := newTasks(t)
	m := v.left(t, "m-1")
	over, cancel := context.WithCancel(t.Context())
	cancel()
	if sounds, _, err := v.soundFor(over, "aigerim")(m); err == nil {
		t.Errorf("given out was %v", sounds)
	}
	if err := os.Remove(m.File); err != nil {
		t.Fatal(err)
	}
	if sounds, _, err := v.soundFor(t.Context(), "aigerim")(m); err == nil {
		t.Errorf("of no file: %v", sounds)
	}
	if left, err := os.ReadDir(filepath.Join(v.settings.Speech.Cache, v.playedFolder())); len(left) != 0 {
		t.Errorf("left are %v, %v", left, err)
	}
}

// TestWhoseMessages are an agent's: of their queues, in their languages.
func TestWhoseMessages(t *testing.T) {
	v := newTasks(t)
	err := v.store.Staff().Add(t.Context(), queue.Agent{
		ID: "aigerim", Name: "Айгерім", Languages: []flows.Language{flows.Kazakh}, Queues: []string{"main"}, Credential: "c",
		Chosen: ivr.Ready, World: queue.Idle,
	})
	if err != nil {
		t.Fatal(err)
	}
	who, err := v.whose(t.Context(), "aigerim")
	if err != nil || who.Agent != "aigerim" || !slices.Equal(who.Queues, []string{"main"}) || !slices.Equal(who.Languages, []flows.Language{flows.Kazakh}) {
		t.Errorf("%+v, %v", who, err)
	}
	if who, err := v.whose(t.Context(), "nobody"); err == nil {
		t.Errorf("of nobody: %+v", who)
	}
}

// TestCallBackFor notes one wish of whoever left a message, and none for a number
// that the settings do not have called.
func TestCallBackFor(t *testing.T) {
	v := newTasks(t)
	m := v.left(t, "m-1")
	if err := v.callBackFor(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	m.Call = "another call"
	if err := v.callBackFor(t.Context(), m); ivr.CodeOf(err) != ivr.Conflict {
		t.Errorf("a second time: %v", err)
	}
	for _, number := range []ivr.Number{"", "+4915112345678", "103"} {
		m.Caller = number
		if err := v.callBackFor(t.Context(), m); ivr.CodeOf(err) != ivr.NotFound {
			t.Errorf("%q: %v", number.Reveal(), err)
		}
	}
	all, err := v.store.Callbacks().List(t.Context(), sqlite.CallbackFilter{Limit: 10})
	if err != nil || len(all) != 1 || all[0].Queue != "main" || all[0].Category != "utilities/water" || all[0].Language != "kk" {
		t.Errorf("%+v, %v", all, err)
	}
}
