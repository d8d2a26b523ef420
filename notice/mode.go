package notice

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"ikomek109/ivr"
)

// Mode is how the line works. The zero value is unset and refused.
type Mode string

// The modes, from the calm one up.
const (
	Daily      Mode = "daily"      // күнделікті, повседневный
	Heightened Mode = "heightened" // күшейтілген, повышенной готовности
	Emergency  Mode = "emergency"  // төтенше, чрезвычайный
)

// Modes gives all modes in the order in which they are offered: the first has
// key 1 on the phone.
func Modes() []Mode { return []Mode{Daily, Heightened, Emergency} }

// ParseMode reads a mode as a person writes it. The error lists the modes.
func ParseMode(text string) (Mode, error) {
	m := Mode(strings.ToLower(strings.TrimSpace(text)))
	if !slices.Contains(Modes(), m) {
		return "", &ivr.Error{
			Op: "set mode", Code: ivr.Invalid, Message: fmt.Sprintf("no mode %q", clip(text)),
			Cure: "use daily, heightened or emergency",
		}
	}
	return m, nil
}

// By is the way in which something was asked for. The zero value is refused.
type By string

// The ways.
const (
	ByCommand   By = "command"
	ByTelephone By = "phone"
	ByAPI       By = "api"
)

// Switch is one change of the mode, as it is kept for ever.
type Switch struct {
	ID     int64     `json:"id"`
	Mode   Mode      `json:"mode"`
	Author string    `json:"author"`
	Reason string    `json:"reason"`
	By     By        `json:"by"`
	At     time.Time `json:"at"`             // when it was asked for
	From   time.Time `json:"from"`           // when it begins to hold
	Until  time.Time `json:"until,omitzero"` // when the line is daily again; zero: daily has no end
}

// InForce gives the switch that holds at a moment: the one that began last,
// while it lasts. Without one the line is daily, and the Switch has no ID.
func InForce(all []Switch, now time.Time) Switch {
	last := Switch{Mode: Daily}
	for _, s := range all {
		begun := !s.From.After(now)
		later := last.ID == 0 || s.From.After(last.From) || s.From.Equal(last.From) && s.ID > last.ID
		if begun && later {
			last = s
		}
	}
	if !last.Until.IsZero() && !last.Until.After(now) {
		return Switch{Mode: Daily}
	}
	return last
}
