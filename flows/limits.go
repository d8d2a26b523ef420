package flows

import "time"

// Limits of a call.
const (
	// MaxTries is how many silences and wrong keys, counted together, a caller
	// may have in one node before an operator takes over.
	MaxTries = 3
	// MaxSteps bounds the inputs of one call: a line left open against a
	// keypad costs no more than this, and then waits for an operator.
	MaxSteps = 500
	// maxHops bounds the nodes passed in one step without waiting for anything.
	maxHops = 32
	// maxBack bounds the way back that is kept.
	maxBack = 16
	// maxHeard bounds the list of answers heard in one call.
	maxHeard = 32
)

// Times given to a caller.
const (
	// ListenTimeout is the silence after a prompt that counts as one. More than
	// three seconds makes callers think that the line is dead.
	ListenTimeout = 3 * time.Second
	// partingTimeout is how long the line stays open after the goodbye, for
	// whoever still wants an operator.
	partingTimeout = time.Second
)

// Limits of a flow.
const (
	// MaxOptions is how many options of a menu can be kept in mind.
	MaxOptions = 5
	// MaxSpoken is how long one phrase may take to say before a warning.
	MaxSpoken = 20 * time.Second
	// MaxText bounds one text, in characters: over a minute of speech.
	MaxText = 1000
	// MaxVars bounds the variables of a flow.
	MaxVars = 64
	// MaxName bounds the name of a node, category or queue, in characters.
	MaxName = 40
	// MaxFindings bounds the report on one file.
	MaxFindings = 1000
	// MaxFile bounds a flow file, in bytes.
	MaxFile = 8 << 20
	// maxDepth bounds the nesting of a flow file; the grammar needs seven.
	maxDepth = 24
	// maxNodes bounds the nodes of a flow: a city has a hundred.
	maxNodes = 30_000
	// maxParts bounds the keys, values and items of a flow file, since each costs
	// far more memory than the two bytes it may be written in. The file of a
	// hundred thousand lines fits.
	maxParts = 320_000
	// lettersPerSecond is how fast a phrase is read out, to estimate its length.
	lettersPerSecond = 15
)
