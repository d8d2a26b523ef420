package config

import (
	"slices"
	"time"
)

// Agent is how agents take callers, and why they pause.
type Agent struct {
	// Accept is auto (joined after the words about the caller) or key (joined
	// only by 1).
	Accept string `mapstructure:"accept"`
	// AcceptWithin is how long the key may take after the words.
	AcceptWithin time.Duration `mapstructure:"accept_within"`
	// PauseReasons have the codes *121, *122 and so on, in this order.
	PauseReasons []string `mapstructure:"pause_reasons"`
}

// AcceptByKey is the value of Agent.Accept by which a key is needed.
const AcceptByKey = "key"

// PauseReasons are those that a pause can have: each is a phrase of the
// program, agent/pause/NAME, so that it is said in both languages.
func PauseReasons() []string {
	return []string{"lunch", "rest", "training", "meeting", "paperwork", "technical", "supervisor", "health", "other"}
}

func (l *loading) checkAgent() {
	a := l.settings.Agent
	l.oneOf("agent.accept", a.Accept, "auto", AcceptByKey)
	l.within("agent.accept_within", a.AcceptWithin, time.Second, time.Minute, false)
	for i, reason := range a.PauseReasons {
		if slices.Contains(a.PauseReasons[:i], reason) {
			l.problem("agent.pause_reasons", quote(reason)+" stands there twice", "keep one")
		}
		l.oneOf("agent.pause_reasons", reason, PauseReasons()...)
	}
}
