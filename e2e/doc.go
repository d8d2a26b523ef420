// Package e2e proves the whole line on the real thing: the program as it is
// built, an Asterisk of the test's own, and SIP phones that hear.
//
// A scenario is a script in testdata, one line a step; a failure names the line:
//
//	caller ana dials
//	ana presses 2
//	ana hears ru topics/to-checkpoints
//	ana hangs up
//	log of ana has outcome=menu_hangup reason=caller_hung_up language=ru keys=2
//
// Every scenario has an Asterisk, a store and a program to itself. When it has
// ended, the books must balance: one closed record for every call placed, no
// channel and no bridge left.
package e2e
