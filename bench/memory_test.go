package main

import (
	"strings"
	"testing"
)

const kb = 1024

func TestMemoryPerCaller(t *testing.T) {
	empty := weight{resident: 30_000 * kb}
	first := weight{callers: 125, resident: 33_000 * kb, heap: 9_000 * kb, stacks: 2_000 * kb}
	second := weight{callers: 500, resident: 40_000 * kb, heap: 12_750 * kb, stacks: 5_000 * kb}
	got, err := perCaller(empty, first, second)
	if err != nil {
		t.Fatal(err)
	}
	if want := (share{resident: 20, heap: 10, stacks: 8}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// TestMemoryThatDoesNotCompare is no figure: it would be under every limit.
func TestMemoryThatDoesNotCompare(t *testing.T) {
	for name, spoil := range map[string]func(empty, first, second *weight){
		"the process shrank":        func(empty, _, second *weight) { empty.resident = second.resident + 1 },
		"the process did not grow":  func(empty, _, second *weight) { empty.resident = second.resident },
		"less heap with more":       func(_, first, second *weight) { first.heap = second.heap + 1 },
		"as much heap with more":    func(_, first, second *weight) { first.heap = second.heap },
		"less stacks, hid by heap":  func(_, first, second *weight) { first.stacks = second.stacks + 1 },
		"nobody more":               func(_, first, second *weight) { first.callers = second.callers },
		"fewer, with less of all":   func(_, first, second *weight) { *first, *second = *second, *first },
		"fewer than none, and less": func(empty, first, second *weight) { *empty, *first, *second = *second, *empty, *first },
	} {
		t.Run(name, func(t *testing.T) {
			empty := weight{resident: 30_000 * kb}
			first := weight{callers: 125, resident: 33_000 * kb, heap: 9_000 * kb, stacks: 2_000 * kb}
			second := weight{callers: 500, resident: 40_000 * kb, heap: 12_750 * kb, stacks: 5_000 * kb}
			spoil(&empty, &first, &second)
			got, err := perCaller(empty, first, second)
			if err == nil || !strings.Contains(err.Error(), "run it again on a quieter machine") {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}
