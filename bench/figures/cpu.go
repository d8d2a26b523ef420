package figures

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// CPU gives the processor time that a process has used in all its threads,
// exact to the scheduler's clock.
func CPU(pid int) (time.Duration, error) {
	// The id of another process's clock, as clock_getcpuclockid(3) makes it.
	const sched = 2
	var at unix.Timespec
	if err := unix.ClockGettime(int32(^pid<<3|sched), &at); err != nil { //nolint:gosec // a pid has 22 bits
		return 0, fmt.Errorf("the processor time of process %d: %w; has it ended?", pid, err)
	}
	return time.Duration(at.Nano()), nil
}

// Resident gives a process's memory in use, in bytes.
func Resident(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	if err != nil {
		return 0, fmt.Errorf("the memory of process %d: %w; has it ended?", pid, err)
	}
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0, fmt.Errorf("the memory of process %d: /proc gives %q", pid, text)
	}
	pages, err := strconv.ParseFloat(fields[1], 64)
	return pages * float64(os.Getpagesize()), err
}

// Stopwatch reads the processor time of several processes together.
type Stopwatch struct {
	pids  []int
	began []time.Duration
	at    time.Time
}

// Used is what processes used between two looks.
type Used struct {
	Wall time.Duration
	CPU  []time.Duration // in the order of the pids
}

// StartWatch looks for the first time.
func StartWatch(pids ...int) (*Stopwatch, error) {
	w := &Stopwatch{pids: pids, at: time.Now()}
	for _, pid := range pids {
		cpu, err := CPU(pid)
		if err != nil {
			return nil, err
		}
		w.began = append(w.began, cpu)
	}
	return w, nil
}

// Stop looks again.
func (w *Stopwatch) Stop() (Used, error) {
	u := Used{Wall: time.Since(w.at)}
	for i, pid := range w.pids {
		cpu, err := CPU(pid)
		if err != nil {
			return Used{}, err
		}
		u.CPU = append(u.CPU, cpu-w.began[i])
	}
	return u, nil
}
