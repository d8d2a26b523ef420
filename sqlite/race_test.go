//go:build race

package sqlite_test

// raced tells that the race detector is on.
const raced = true
