package config

import (
	_ "embed" // for the sample
	"time"
)

//go:embed ikomek109.yaml
var sample string

// Sample gives the annotated settings file that ships. Its values are the
// defaults.
func Sample() string { return sample }

// day is the measure of terms.
const day = 24 * time.Hour

// Defaults gives the built-in settings, before the folders that depend on the
// machine are filled in by Load.
func Defaults() Settings {
	return Settings{
		Listen: "127.0.0.1",
		Line: Line{
			Name:        "iKOMEK 109",
			Numbers:     []string{"109"},
			TimeZone:    "Asia/Almaty",
			LongestCall: 12 * time.Hour,
		},
		Asterisk: Asterisk{
			App:      "ikomek109",
			SIPPort:  5060,
			HTTPPort: 8088,
			RTPFrom:  10000,
			RTPTo:    14999,
		},
		Speech: Speech{Command: []string{}},
		Queue: Queue{
			RingTimeout:        20 * time.Second,
			AnnounceEvery:      30 * time.Second,
			OtherLanguageAfter: time.Minute,
			WrapUp:             15 * time.Second,
			WrapUpMore:         30 * time.Second,
			WrapUpLongest:      5 * time.Minute,
			Choose:             "longest-idle",
			RingAtOnce:         3,
			PlaceKept:          10 * time.Minute,
			Single:             []SingleQueue{},
		},
		Queues: []string{"main"},
		Agent: Agent{
			Accept: "auto", AcceptWithin: 5 * time.Second,
			PauseReasons: []string{"lunch", "rest", "training", "meeting", "technical"},
		},
		Modes:    Modes{PhoneLasts: 12 * time.Hour, DemandOver: 3 * time.Hour},
		Handover: Handover{RingTimeout: 30 * time.Second},
		Partners: []Partner{},
		Lookup:   Lookup{Hosts: []string{}, AtOnce: 20},
		Callback: Callback{
			Prefixes: []string{"+7"}, AfterLoss: true, First: "agent", RingTimeout: 40 * time.Second,
			Tries: 3, Intervals: []string{"5m", "20m", "60m"}, From: "08:00", To: "22:00", Keep: 90 * 24 * time.Hour,
		},
		Message:   Message{PerDay: 5, KeepDone: 30 * day, Keep: 180 * day},
		Recording: Recording{Queues: []string{}, Keep: 30 * day},
		Web:       Web{Listen: "127.0.0.1:1090", Hosts: []string{}},
		Log:       Log{Level: "info", Format: "auto"},
	}
}
