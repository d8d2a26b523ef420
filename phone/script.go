package phone

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	maxSteps = 1000      // a longer script is a mistake, or an attack
	maxWait  = time.Hour // so is a longer wait
)

// Verb is what a step of a script does.
type Verb string

// The verbs of a script.
const (
	VerbKeys    Verb = "keys"    // press keys, one after another
	VerbWait    Verb = "wait"    // wait for a time
	VerbSound   Verb = "sound"   // wait until something is heard, at most for a time
	VerbSilence Verb = "silence" // wait until nothing was heard for a time
	VerbHangup  Verb = "hangup"
)

// Step is one step of a script.
type Step struct {
	Verb Verb
	Keys string        // of VerbKeys
	For  time.Duration // of VerbWait, VerbSound and VerbSilence
}

// Script is what to do in a call, in order:
//
//	wait:2 1 silence:0.5 23# wait:500ms hangup
//
// Steps are parted by spaces. Digits, *, # and A-D are keys; wait:, sound: and
// silence: take seconds, or a time with its unit.
type Script []Step

// ScriptError tells where a script is wrong and what would be right.
type ScriptError struct {
	Column int // from 1, in characters
	Token  string
	Cure   string
}

// Error is the place, the fault and the cure in one line.
func (e *ScriptError) Error() string {
	return fmt.Sprintf("script, column %d: %q is not understood; %s", e.Column, e.Token, e.Cure)
}

// ParseScript reads a script. The error joins a *ScriptError for each fault.
func ParseScript(text string) (Script, error) {
	var (
		script Script
		faults []error
		column int
	)
	for field := range strings.FieldsFuncSeq(text, isSpace) {
		at := strings.Index(text[column:], field) + column
		column = at + len(field)
		if len(script)+len(faults) >= maxSteps {
			faults = append(faults, &ScriptError{1 + len([]rune(text[:at])), field, fmt.Sprintf("a script has at most %d steps; shorten it", maxSteps)})
			break
		}
		step, cure := parseStep(field)
		if cure != "" {
			faults = append(faults, &ScriptError{1 + len([]rune(text[:at])), field, cure})
			continue
		}
		script = append(script, step)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return script, nil
}

func isSpace(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' || r == ',' }

// parseStep reads one step; a cure means it is wrong.
func parseStep(field string) (step Step, cure string) {
	verb, value, timed := strings.Cut(field, ":")
	if timed {
		switch v := Verb(strings.ToLower(verb)); v {
		case VerbWait, VerbSound, VerbSilence:
			d, err := parseTime(value)
			if err != nil {
				return Step{}, err.Error()
			}
			return Step{Verb: v, For: d}, ""
		default:
			return Step{}, "write wait:2, sound:10 or silence:1"
		}
	}
	if strings.EqualFold(field, string(VerbHangup)) {
		return Step{Verb: VerbHangup}, ""
	}
	keys := strings.ToUpper(field)
	if strings.Trim(keys, digits) != "" || strings.ContainsFunc(keys, func(r rune) bool { return !strings.ContainsRune(digits, r) }) {
		return Step{}, "write keys (0-9, *, #, A-D), wait:2, sound:10, silence:1 or hangup"
	}
	return Step{Verb: VerbKeys, Keys: keys}, ""
}

// parseTime reads seconds, or a time with its unit.
func parseTime(value string) (time.Duration, error) {
	d, err := time.ParseDuration(value)
	if err != nil {
		d, err = time.ParseDuration(value + "s")
	}
	if err != nil || d < 0 || strings.HasPrefix(value, "-") {
		return 0, errors.New("give a time in seconds, as wait:2 or wait:0.5, or with its unit, as wait:500ms")
	}
	if d > maxWait {
		return 0, fmt.Errorf("the time may be at most %s", maxWait)
	}
	return d, nil
}

// String is the script as ParseScript reads it.
func (s Script) String() string {
	parts := make([]string, len(s))
	for i, step := range s {
		parts[i] = step.String()
	}
	return strings.Join(parts, " ")
}

// String is the step as ParseScript reads it.
func (s Step) String() string {
	switch s.Verb {
	case VerbKeys:
		return s.Keys
	case VerbHangup:
		return string(VerbHangup)
	default:
		if s.For%time.Second == 0 {
			return string(s.Verb) + ":" + strconv.Itoa(int(s.For/time.Second))
		}
		return string(s.Verb) + ":" + s.For.String()
	}
}

// Run carries a script out in an answered call. It ends early, with ErrEnded,
// when the other side hangs up first.
func (c *Call) Run(ctx context.Context, script Script, method KeyMethod) error {
	for i, step := range script {
		if err := c.runStep(ctx, step, method); err != nil {
			return fmt.Errorf("step %d (%s): %w", i+1, step, err)
		}
	}
	return nil
}

func (c *Call) runStep(ctx context.Context, step Step, method KeyMethod) error {
	switch step.Verb {
	case VerbKeys:
		for i := range len(step.Keys) {
			if _, err := c.SendKey(ctx, step.Keys[i], method); err != nil {
				return err
			}
		}
		return nil
	case VerbWait:
		return c.wait(ctx, step.For)
	case VerbSound:
		limited, cancel := context.WithTimeoutCause(ctx, step.For, fmt.Errorf("nothing was heard for %s", step.For))
		defer cancel()
		if _, err := c.WaitSound(limited, time.Now()); err != nil {
			return errors.Join(err, context.Cause(limited))
		}
		return nil
	case VerbSilence:
		return c.WaitSilence(ctx, step.For)
	case VerbHangup:
		return c.Hangup(ctx)
	}
	return fmt.Errorf("the verb %q is unknown; make scripts with ParseScript", step.Verb)
}

// wait lets time pass in a call.
func (c *Call) wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-c.done:
		return ErrEnded
	case <-ctx.Done():
		return ctx.Err()
	}
}
