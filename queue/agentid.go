package queue

import (
	"fmt"
	"regexp"
	"slices"

	"ikomek109/ivr"
)

// maxAgentID is as long as a display of a desk phone is wide, and longer than
// any name.
const maxAgentID = 32

// ParseAgentID reads an agent's id: a lower-case Latin letter, then letters,
// digits, dots or dashes, at most 32 in all, ending in a letter or digit. The
// id becomes a SIP user and the name of an object in the phone switch, so
// nothing else is let through. An error has the code Invalid and its cure.
func ParseAgentID(s string) (ivr.AgentID, error) {
	switch {
	case s == "":
		return "", badID(s, "is empty")
	case len(s) > maxAgentID:
		return "", badID(s[:maxAgentID]+"…", fmt.Sprintf("is longer than %d characters", maxAgentID))
	case slices.Contains(reservedIDs(), s):
		return "", badID(s, "is a name that the phone switch uses itself")
	case !regexp.MustCompile(`^[a-z]([a-z0-9.-]*[a-z0-9])?$`).MatchString(s):
		return "", badID(s, "has characters that an agent's id can't have there")
	}
	return ivr.AgentID(s), nil
}

// reservedIDs are names of sections that phone switches give a meaning to.
func reservedIDs() []string {
	return []string{"acl", "agents", "anonymous", "citizen", "citizens", "default", "general", "global", "line", "partners", "system"}
}

func badID(s, why string) error {
	return &ivr.Error{
		Op: "agent id", Code: ivr.Invalid,
		Message: fmt.Sprintf("%q %s", s, why),
		Cure:    `use a lower-case Latin letter first, then Latin letters, digits, dots or dashes, such as "aigul" or "a.serik-2"`,
	}
}
