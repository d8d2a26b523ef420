package e2e_test

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ikomek109/e2e/hear"
)

// TestConversationRecorded: the caller is told, both voices are in the sound that
// is kept, also what was said after the program was killed, and who takes it out
// is on record.
func TestConversationRecorded(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	s.settle("recording: {queues: [\"main\"]}\n")
	s.must(`
asterisk starts
program starts
program is ready
agent aigerim answers after 500ms
aigerim dials *11
aigerim hears kk agent/ready
aigerim is hung up
caller ana dials
ana presses 20
aigerim rings
aigerim picks up
ana hears ru call/recorded
ana says kk agent/ready
aigerim hears kk agent/ready
program dies
program starts
program is ready
aigerim says ru agent/paused
ana hears ru agent/paused
ana hangs up`)
	var kept []struct{ ID, Agent, State string }
	if !eventuallyEvery(t, askEvery, s.within, func() bool {
		err := s.program.list(t.Context(), &kept, "recordings", "list", "--json")
		return err == nil && len(kept) == 1 && kept[0].State == "kept"
	}) {
		t.Fatalf("kept is %+v", kept)
	}
	if len(s.sounds(kept[0].ID)) == 0 {
		t.Error("the sound is not where it has to be")
	}
	file := filepath.Join(s.dir, "talk.wav")
	if _, err := s.program.do(t.Context(), "recordings", "save", kept[0].ID, file); err == nil {
		t.Fatal("it was saved without a reason")
	}
	if _, err := s.program.do(t.Context(), "recordings", "save", kept[0].ID, file, "--reason", "шағым"); err != nil {
		t.Fatal(err)
	}
	sound, err := hear.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, said := range []heardWhat{{language: "kk", id: "agent/ready"}, {language: "ru", id: "agent/paused"}} {
		prompt, err := said.sound()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := said.find(sound, prompt); !ok {
			t.Errorf("%s is not in the recording of %s", said, hear.Length(sound))
		}
	}
	var audit []struct{ Kind, Deed, ID, Reason string }
	if err := s.program.list(t.Context(), &audit, "audit", "--kind", "recording", "--json"); err != nil || len(audit) != 1 || audit[0].Deed != "heard" || audit[0].ID != kept[0].ID {
		t.Errorf("on record: %+v, %v", audit, err)
	}
	if _, err := s.program.do(t.Context(), "recordings", "delete", kept[0].ID, "--reason", "сынақ"); err != nil {
		t.Fatal(err)
	}
	if !eventuallyEvery(t, askEvery, s.within, func() bool { return len(s.sounds(kept[0].ID)) == 0 }) {
		t.Errorf("left are %v", s.sounds(kept[0].ID))
	}
	if st, err := os.Stat(file); err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the saved file: %v, %v", st, err)
	}
	s.pastItsTerm()
	s.balanceWithin(20 * time.Second)
}

// pastItsTerm records another conversation, dates it back, and finds it deleted.
func (s *scenario) pastItsTerm() {
	s.t.Helper()
	s.must(`
caller ben dials
ben presses 20
aigerim rings
aigerim picks up
ben hears ru call/recorded
ben says kk agent/ready
aigerim hears kk agent/ready
ben hangs up`)
	var kept []struct{ ID, State string }
	if !eventuallyEvery(s.t, askEvery, s.within, func() bool {
		err := s.program.list(s.t.Context(), &kept, "recordings", "list", "--json")
		return err == nil && len(kept) == 1 && kept[0].State == "kept" && len(s.sounds(kept[0].ID)) > 0
	}) {
		s.t.Fatalf("kept is %+v", kept)
	}
	s.must("program stops")
	db, err := sql.Open("sqlite", filepath.Join(s.dir, "ikomek109", "ikomek109.db"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close() //nolint:errcheck // it has done its work by then
	if _, err := db.ExecContext(s.t.Context(), "UPDATE conversations SET begun_at = begun_at - 1000 * 86400000000"); err != nil {
		s.t.Fatal(err)
	}
	s.must("program starts\nprogram is ready\nprogram logs conversations were deleted whose term has passed")
	if !eventuallyEvery(s.t, askEvery, s.within, func() bool { return len(s.sounds(kept[0].ID)) == 0 }) {
		s.t.Errorf("left are %v", s.sounds(kept[0].ID))
	}
	if err := s.program.list(s.t.Context(), &kept, "recordings", "list", "--json"); err != nil || len(kept) != 0 {
		s.t.Errorf("on the list are %+v, %v", kept, err)
	}
}

// sounds gives the files of a recording, the program's and Asterisk's.
func (s *scenario) sounds(id string) (all []string) {
	s.t.Helper()
	err := filepath.WalkDir(s.dir, func(path string, _ fs.DirEntry, err error) error {
		if strings.Contains(filepath.Base(path), id) {
			all = append(all, path)
		}
		if errors.Is(err, fs.ErrNotExist) { // removed meanwhile
			return nil
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}
