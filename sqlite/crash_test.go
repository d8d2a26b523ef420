package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

// The child's environment: set, this test program is the one to be killed.
const crashFile = "IKOMEK109_TEST_CRASH_FILE"

const crashes = 20

// TestCrash kills a program that writes, again and again, and expects all that
// it was told to be on disk to be there.
func TestCrash(t *testing.T) {
	if path := os.Getenv(crashFile); path != "" {
		writeUntilKilled(t, path)
		return
	}
	path := file(t)
	acknowledged := map[ivr.CallID]int{}
	for range crashes {
		for id, seq := range killOne(t, path) {
			acknowledged[id] = seq
		}
	}
	s := open(t, path)
	for id, seq := range acknowledged {
		_, entries, err := s.Call(t.Context(), id)
		if err != nil || len(entries) < seq {
			t.Errorf("call %s: %d steps were acknowledged, %d are there: %v", id, seq, len(entries), err)
		}
		for i, e := range entries {
			if e.Seq != i+1 {
				t.Errorf("call %s: entry %d has number %d", id, i+1, e.Seq)
			}
		}
	}
	if len(acknowledged) < crashes/2 {
		t.Errorf("only %d calls were acknowledged: the test proves little", len(acknowledged))
	}
}

// killOne runs the child for a random while and gives the last step that it
// said was on disk, by call.
func killOne(t *testing.T, path string) map[ivr.CallID]int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestCrash$") //nolint:gosec // this program itself
	child.Env = append(os.Environ(), crashFile+"="+path)
	out, err := child.StdoutPipe()
	ok(t, err)
	ok(t, child.Start())
	after := 1 + rand.IntN(60) //nolint:gosec // no secret
	said := map[ivr.CallID]int{}
	lines := bufio.NewScanner(out)
	for n := 0; lines.Scan(); n++ {
		if id, seq, found := strings.Cut(lines.Text(), " "); found {
			if number, err := strconv.Atoi(seq); err == nil {
				said[ivr.CallID(id)] = number
			}
		}
		if n == after {
			ok(t, child.Process.Kill())
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return said
}

// writeUntilKilled lives calls side by side and says each step that is on disk.
func writeUntilKilled(t *testing.T, path string) {
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	ok(t, err)
	for range 3 {
		go writeCall(t, s.Journal())
	}
	writeCall(t, s.Journal())
}

func writeCall(t *testing.T, j ivr.Journal) {
	r := ivrtest.NewRecord("a")
	err := j.Open(t.Context(), r, ivrtest.NewStep(r.ID, 1, 1))
	for seq := 2; err == nil; seq++ {
		step := ivrtest.NewStep(r.ID, seq, seq)
		step.Durable = seq%3 == 0
		if err = j.Append(t.Context(), step); err == nil && step.Durable {
			fmt.Printf("%s %d\n", r.ID, seq)
		}
	}
	t.Error(err)
}
