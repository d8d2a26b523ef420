package main

import (
	"fmt"
	"runtime"
	"time"

	"ikomek109/bench/figures"
)

// muchTaken is the share of the machine, in percent, from which on others
// disturb the figures: processor time per call then rises by half and more.
const muchTaken = 10

// disturbed tells why figures are not valid when others took this much of the
// machine, in percent; empty when they are.
func disturbed(others float64) string {
	if others <= muchTaken {
		return ""
	}
	return fmt.Sprintf("others took %.0f %% of the machine meanwhile; try again when it is quiet", others)
}

// alone watches how much of the machine is used by others than the bench.
type alone struct {
	own  *figures.Stopwatch
	busy time.Duration
}

func startAlone(pids ...int) (*alone, error) {
	busy, err := figures.Busy()
	if err != nil {
		return nil, err
	}
	own, err := figures.StartWatch(pids...)
	return &alone{own: own, busy: busy}, err
}

// others gives what others used since, in percent of the machine.
func (a *alone) others() (float64, error) {
	used, err := a.own.Stop()
	if err != nil {
		return 0, err
	}
	busy, err := figures.Busy()
	if err != nil {
		return 0, err
	}
	left := busy - a.busy
	for _, own := range used.CPU {
		left -= own
	}
	return max(0, 100*left.Seconds()/used.Wall.Seconds()/float64(runtime.NumCPU())), nil
}
