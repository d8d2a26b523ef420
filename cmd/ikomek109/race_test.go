//go:build race

package main

// underRace tells that the race detector looks on, which costs memory.
const underRace = true
