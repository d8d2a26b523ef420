package flows_test

import (
	"testing"

	"ikomek109/flows"
)

// BenchmarkSelfService is a call that hears an answer and says goodbye.
func BenchmarkSelfService(b *testing.B) {
	f, env := shipped(b), daytime()
	inputs := []flows.Input{
		flows.Played{},
		flows.Key{Digit: '1'},
		flows.Key{Digit: '5'},
		flows.Key{Digit: '1'},
		flows.Played{},
		flows.Key{Digit: '3'},
		flows.Silence{},
	}
	b.ReportAllocs()
	for b.Loop() {
		r := f.Begin(env)
		for _, in := range inputs {
			r = f.Step(r.State, in, env)
		}
		if r.State.Phase != flows.Ended {
			b.Fatalf("the call has not ended: %+v", r.State)
		}
	}
}

func BenchmarkLoadShipped(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		shipped(b)
	}
}
