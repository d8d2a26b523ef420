package speech_test

import (
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"ikomek109/speech"
)

// soxLog names where this binary, started as a sox, notes each start.
const soxLog = "FAKE_SOX_LOG"

func TestMain(m *testing.M) {
	log, isSox := os.LookupEnv(soxLog)
	if !isSox {
		os.Exit(m.Run())
	}
	if err := playSox(os.Args[1:], log); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// fakeSox is this binary as a sox that can only resample, badly. It adds a line
// for each start to the file log, if one is named.
func fakeSox(t *testing.T, log string) speech.Command {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return speech.Command{Path: self, Env: []string{soxLog + "=" + log}}
}

// playSox gives for each sample of the new rate the one before it of the old.
func playSox(args []string, log string) error {
	if log != "" {
		f, err := os.OpenFile(log, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) //nolint:gosec // a file of the test
		if err != nil {
			return err
		}
		defer f.Close() //nolint:errcheck // the test would miss the line
		fmt.Fprintln(f, args)
	}
	var rates []int
	for i, a := range args {
		if a == "-r" {
			rate, err := strconv.Atoi(args[i+1])
			if err != nil {
				return err
			}
			rates = append(rates, rate)
		}
	}
	if len(rates) != 2 || !slices.Contains(args, "floating-point") {
		return fmt.Errorf("this sox cannot do %s", strings.Join(args, " "))
	}
	in, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	out := make([]byte, 0, len(in))
	for i := range len(in) / 4 * rates[1] / rates[0] {
		out = binary.LittleEndian.AppendUint32(out, binary.LittleEndian.Uint32(in[i*rates[0]/rates[1]*4:]))
	}
	_, err = os.Stdout.Write(out)
	return err
}
