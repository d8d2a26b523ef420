package conf

import (
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"time"
)

// Settings is what differs from one Asterisk to the next. Fields marked
// required have no default; [Render] reports all that is wrong at once.
type Settings struct {
	// StateDir is where Asterisk writes: its log, its small database, its
	// recordings. Required, absolute; made when missing.
	StateDir string
	// ModDir holds Asterisk's modules. Required.
	ModDir string
	// DataDir holds Asterisk's own data, such as "documentation". Required.
	DataDir string

	// Listen is the address for SIP and sound; default 127.0.0.1.
	Listen string
	// SIPPort is used for UDP and TCP alike. Required.
	SIPPort int
	// HTTPListen is the address of ARI; it must be a loopback address, and
	// is 127.0.0.1 by default.
	HTTPListen string
	// HTTPPort is ARI's port. Required.
	HTTPPort int
	// RTPFirst and RTPLast bound the ports for sound, two for each call.
	// Required.
	RTPFirst, RTPLast int
	// External is the address to tell phones outside LocalNets; optional.
	External string
	// LocalNets are the networks that reach Listen directly, e.g.
	// "10.0.0.0/8"; used only together with External.
	LocalNets []string

	// ARIUser and ARIPassword are the program's own. Required.
	ARIUser, ARIPassword string
	// App is the Stasis application's name; default "ikomek109".
	App string
	// Lines are the numbers that citizens dial; default "109".
	Lines []string
	// Node, when set, makes channel ids unique over several Asterisks.
	Node string

	// MOHDir holds the music for those who wait (8 kHz WAV); without it they
	// wait in silence.
	MOHDir string
	// HoldKK and HoldRU are the "please hold" recordings in Kazakh and
	// Russian: absolute, without extension. Played when no program is there.
	HoldKK, HoldRU string

	// CallLimit ends a call whatever happens; default 12 hours.
	CallLimit time.Duration
	// QueueAfter is how long a caller is held for the program before the
	// queue inside Asterisk takes over; default a minute.
	QueueAfter time.Duration
	// OfferEvery is how often a caller in that queue is offered to the program
	// again; default 45 seconds.
	OfferEvery time.Duration
	// MaxCalls bounds simultaneous channels; 0 means no bound.
	MaxCalls int
	// Verbose is how much Asterisk tells in its log, 0 to 5.
	Verbose int
}

// Defaults of Settings.
const (
	DefaultListen     = "127.0.0.1"
	DefaultApp        = "ikomek109"
	DefaultLine       = "109"
	DefaultCallLimit  = 12 * time.Hour
	DefaultQueueAfter = time.Minute
	DefaultOfferEvery = 45 * time.Second
)

func (s Settings) withDefaults() Settings {
	if s.Listen == "" {
		s.Listen = DefaultListen
	}
	if s.HTTPListen == "" {
		s.HTTPListen = DefaultListen
	}
	if s.App == "" {
		s.App = DefaultApp
	}
	if len(s.Lines) == 0 {
		s.Lines = []string{DefaultLine}
	}
	if s.CallLimit == 0 {
		s.CallLimit = DefaultCallLimit
	}
	if s.QueueAfter == 0 {
		s.QueueAfter = DefaultQueueAfter
	}
	if s.OfferEvery == 0 {
		s.OfferEvery = DefaultOfferEvery
	}
	return s
}

// check reports everything that is wrong with s, each with its cure. What
// passes can be pasted into a configuration file without changing its meaning.
func (s Settings) check() error {
	return errors.Join(
		s.checkPaths(),
		s.checkAddresses(),
		checkPort("SIPPort", s.SIPPort),
		checkPort("HTTPPort", s.HTTPPort),
		s.checkRTP(),
		checkName("App", s.App, 64),
		checkName("ARIUser", s.ARIUser, 64),
		checkPassword(s.ARIPassword),
		s.checkLines(),
		s.checkLimits(),
	)
}

func (s Settings) checkPaths() error {
	required := func(name, p string) error {
		if p == "" {
			return fmt.Errorf("%s is not set: give an absolute path", name)
		}
		return checkPath(name, p)
	}
	return errors.Join(
		required("StateDir", s.StateDir),
		required("ModDir", s.ModDir),
		required("DataDir", s.DataDir),
		checkPath("MOHDir", s.MOHDir),
		checkPath("HoldKK", s.HoldKK),
		checkPath("HoldRU", s.HoldRU),
	)
}

func (s Settings) checkAddresses() error {
	var errs []error
	if _, err := netip.ParseAddr(s.Listen); err != nil {
		errs = append(errs, fmt.Errorf("the address Listen %q is no IP address: give one such as 127.0.0.1 or 0.0.0.0", s.Listen))
	}
	if a, err := netip.ParseAddr(s.HTTPListen); err != nil || !a.IsLoopback() {
		errs = append(errs, fmt.Errorf("HTTPListen %q is no loopback address: ARI commands every call, so leave it at 127.0.0.1", s.HTTPListen))
	}
	if s.External != "" {
		if _, err := netip.ParseAddr(s.External); err != nil {
			errs = append(errs, fmt.Errorf("the address External %q is no IP address: give the address that phones outside reach", s.External))
		}
	}
	for _, n := range s.LocalNets {
		if _, err := netip.ParsePrefix(n); err != nil {
			errs = append(errs, fmt.Errorf("LocalNets has %q, which is no network: write it like 10.0.0.0/8", n))
		}
	}
	return errors.Join(errs...)
}

func (s Settings) checkRTP() error {
	if err := errors.Join(checkPort("RTPFirst", s.RTPFirst), checkPort("RTPLast", s.RTPLast)); err != nil {
		return err
	}
	if s.RTPLast-s.RTPFirst < 3 {
		return fmt.Errorf("RTPFirst %d to RTPLast %d leaves no room for a call: give two ports for each call", s.RTPFirst, s.RTPLast)
	}
	return nil
}

func (s Settings) checkLines() error {
	var errs []error
	for _, l := range s.Lines {
		if !isNumber(l) {
			errs = append(errs, fmt.Errorf("the number %q in Lines will not do: a number has 2 to 15 digits, with or without a leading +", l))
		}
	}
	if s.Node != "" {
		errs = append(errs, checkName("Node", s.Node, 32))
	}
	return errors.Join(errs...)
}

func (s Settings) checkLimits() error {
	var errs []error
	for _, d := range []struct {
		name  string
		value time.Duration
	}{{"CallLimit", s.CallLimit}, {"QueueAfter", s.QueueAfter}, {"OfferEvery", s.OfferEvery}} {
		if d.value < time.Second || d.value > 24*time.Hour {
			errs = append(errs, fmt.Errorf("%s is %s: give between a second and 24 hours", d.name, d.value))
		}
	}
	if s.MaxCalls < 0 || s.MaxCalls > 100_000 {
		errs = append(errs, fmt.Errorf("the bound MaxCalls %d: give 0 (no bound) to 100000", s.MaxCalls))
	}
	if s.Verbose < 0 || s.Verbose > 5 {
		errs = append(errs, fmt.Errorf("the Verbose level %d: give 0 to 5", s.Verbose))
	}
	return errors.Join(errs...)
}

// hasMusic reports whether there is a folder of music to play.
func (s Settings) hasMusic() bool {
	if s.MOHDir == "" {
		return false
	}
	entries, err := os.ReadDir(filepath.Clean(s.MOHDir))
	return err == nil && len(entries) > 0
}
