package queue

import (
	"fmt"

	"ikomek109/ivr"
)

// The numbers by which colleagues key each other: three digits, apart from the
// city's own short numbers, which begin with 1.
const (
	FirstNumber = 201
	LastNumber  = 999
)

// CheckNumber refuses what can't be an agent's number, with the code Invalid
// and the cure. 0 lets the store choose one.
func CheckNumber(n int) error {
	if n == 0 || (n >= FirstNumber && n <= LastNumber) {
		return nil
	}
	return &ivr.Error{
		Op: "agent's number", Code: ivr.Invalid,
		Message: fmt.Sprintf("an agent can't have the number %d", n),
		Cure:    fmt.Sprintf("choose one from %d to %d, or none, and the lowest that is free is given", FirstNumber, LastNumber),
	}
}
