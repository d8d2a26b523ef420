//go:build race

package e2e_test

// raceEnabled tells that the tests were built with the race detector.
const raceEnabled = true
