package main

import (
	"runtime"
	"time"

	"ikomek109/bench/figures"
)

// muchTaken is the share of the machine, in percent, from which on others
// disturb the figures: processor time per call then rises by half and more.
const muchTaken = 10

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
