package flows

// What leads on from a node, besides keys and the reasons for leaving a queue.
const (
	OnSilence = "silence" // nothing was pressed
	OnExpired = "expired" // the answer is out of term
	OnServed  = "served"  // the agent has hung up
	OnTyped   = "typed"   // digits were typed
	OnElse    = "else"    // no condition of a switch holds
	OnDone    = "done"    // what the node is for has been done
	OnFailed  = "failed"  // it could not be done
)

// Way is one way on from a node. The keys 0, # and *, which are the same in
// every node, are not among the ways.
type Way struct {
	// On is what a caller goes this way by: a key, "silence", "expired", or the
	// reason for leaving a queue, a condition, what came of an errand. It is
	// empty when nothing is needed.
	On string `json:"on"`
	To string `json:"to"`
	// Implied tells that the author did not write this way: every node of the
	// kind has it.
	Implied bool `json:"implied,omitempty"`
}

// Ways lists where a caller can go from a node, in the order of the file; none
// for a node that does not exist.
func (f *Flow) Ways(node string) []Way {
	if n := f.nodes[node]; n != nil {
		return n.ways(f)
	}
	return nil
}

// Start is the node where a call begins.
func (f *Flow) Start() string { return f.start }

// Operator is the node to which 0 leads.
func (f *Flow) Operator() string { return f.operator }

// Goodbye is the node that ends a call.
func (f *Flow) Goodbye() string { return f.goodbye }
