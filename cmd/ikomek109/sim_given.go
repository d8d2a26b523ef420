package main

import (
	"errors"
	"maps"

	"ikomek109/flows"
)

// wordGiven begins a line that tells what the call finds from now on.
const wordGiven = "given "

// suppose takes over what is given.
func (s *simulation) suppose(text string) error {
	g, found := s.flow.ParseGiven(text, s.given)
	switch {
	case found != nil:
		return errors.New(found.First())
	case s.walk != nil && !sameStart(g.Start, s.given.Start):
		return errors.New("at, language, category and vars say where a call begins; give them by --given")
	}
	if s.given = g; s.walk != nil {
		s.walk.Suppose(g)
	}
	return nil
}

// sameStart tells whether two calls begin alike, whatever is answered later.
func sameStart(a, b flows.Start) bool {
	return a.Node == b.Node && a.Language == b.Language && a.Category == b.Category && maps.Equal(a.Vars, b.Vars)
}
