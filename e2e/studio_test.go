package e2e_test

import (
	"bytes"
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestPromptByPhone records the welcome from an agent's phone: by PIN and by
// the number in the studio's script, with the tone, heard again, kept. The
// line plays it at once.
func TestPromptByPhone(t *testing.T) {
	t.Parallel()
	s := newScenario(t)
	s.must("asterisk starts\n program starts\n program is ready")
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	set := s.program.command(ctx, "pin", "set", "Айгерім")
	set.Stdin = strings.NewReader("274906\n")
	if out, err := set.CombinedOutput(); err != nil || !bytes.Contains(out, []byte("number 10")) {
		t.Fatalf("%v: %s", err, out)
	}
	script, err := s.program.do(ctx, "prompts", "script", "--lang", "ru", "--format", "csv")
	if err != nil {
		t.Fatal(err)
	}
	number := 0
	for line := range strings.Lines(script) {
		if fields := strings.Split(line, ","); len(fields) > 3 && fields[3] == "goodbye" {
			number, err = strconv.Atoi(fields[0])
		}
	}
	if number == 0 || err != nil {
		t.Fatalf("no number of the goodbye: %v", err)
	}
	s.must(`
agent timur answers after 1s
timur dials *16
timur hears kk agent/pin
timur presses 10274906#
timur hears kk agent/record/number
timur presses ` + strconv.Itoa(number) + `#
timur hears kk agent/record/now
timur hears ru goodbye
timur hears kk agent/record/speak
timur presses 5
timur dictates ru goodbye
timur presses #
timur hears kk agent/record/yours within 15s
timur hears ru goodbye within 15s
timur hears kk agent/record/keep within 15s
timur presses 1
timur hears kk agent/record/kept within 20s
timur hangs up
program logs a prompt was recorded by phone`)
	var kept []struct{ Lang, ID, Status, File string }
	if err := s.program.list(t.Context(), &kept, "prompts", "list", "--recorded", "--json"); err != nil {
		t.Fatal(err)
	}
	if len(kept) != 1 || kept[0].ID != "goodbye" || kept[0].Lang != "ru" || !strings.Contains(kept[0].File, "/ru/goodbye@") {
		t.Fatalf("kept is %+v", kept)
	}
	for _, file := range []string{kept[0].File, kept[0].File + "16"} {
		if st, err := os.Stat(file); err != nil || st.Size() < 10_000 {
			t.Errorf("%s: %v", file, err)
		}
	}
	if log := s.program.log.String(); strings.Contains(log, "274906") {
		t.Error("the log has the PIN")
	}
}
