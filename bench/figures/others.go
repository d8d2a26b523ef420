package figures

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// ticks of /proc/stat in a second, on every Linux that Go runs on.
const ticks = 100

// Busy gives the processor time that the whole machine has used, and that the
// machines beside it on the same hardware have stolen from it. Interrupts are
// left out: nobody knows whose they were.
func Busy() (time.Duration, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, fmt.Errorf("the machine's processor time: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(first) // cpu user nice system idle iowait irq softirq steal
	if len(fields) < 9 {
		return 0, fmt.Errorf("the machine's processor time: /proc/stat begins with %q", first)
	}
	sum := 0
	for _, i := range []int{1, 2, 3, 8} {
		n, err := strconv.Atoi(fields[i])
		if err != nil {
			return 0, fmt.Errorf("the machine's processor time: /proc/stat begins with %q", first)
		}
		sum += n
	}
	return time.Duration(sum) * time.Second / ticks, nil
}
