package flows

// AsksCallsToday tells whether a condition of the flow looks at Env.CallsToday:
// whoever makes the Env may leave it out otherwise.
func (f *Flow) AsksCallsToday() bool { return f.asks["calls_today"] }
