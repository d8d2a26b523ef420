package main

import (
	"os"
	"runtime"
)

// leaveProcessors keeps the program to half of the processors, one at least: a
// call costs Asterisk, on the same machine, many times what it costs here. What
// happens to a call happens in turn, so that a second processor mostly makes for
// threads that are woken to look for work and find none, an eighth of what a call
// costs. GOMAXPROCS in the environment has the last word.
func leaveProcessors() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(min(runtime.GOMAXPROCS(0), max(1, runtime.NumCPU()/2)))
	}
}
