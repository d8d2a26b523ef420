package config

import (
	"fmt"
	"time"
)

// Settings are all settings of the program. Load fills them; nobody changes
// them afterwards.
type Settings struct {
	// Listen is the IP address on which Asterisk takes SIP and sound. Loopback
	// unless someone opens the line on purpose.
	Listen   string   `mapstructure:"listen"`
	Line     Line     `mapstructure:"line"`
	Asterisk Asterisk `mapstructure:"asterisk"`
	Store    Store    `mapstructure:"store"`
	Speech   Speech   `mapstructure:"speech"`
	Queue    Queue    `mapstructure:"queue"`
	// Queues are the names of those that menus may send callers to.
	Queues   []string `mapstructure:"queues"`
	Agent    Agent    `mapstructure:"agent"`
	Modes    Modes    `mapstructure:"modes"`
	Handover Handover `mapstructure:"handover"`
	// Partners are those to whom callers may be handed over, and nobody else.
	Partners  []Partner `mapstructure:"partners"`
	Lookup    Lookup    `mapstructure:"lookup"`
	Callback  Callback  `mapstructure:"callback"`
	Message   Message   `mapstructure:"message"`
	Recording Recording `mapstructure:"recording"`
	Web       Web       `mapstructure:"web"`
	Log       Log       `mapstructure:"log"`
	Deploy    Deploy    `mapstructure:"deploy"`
}

// Line is what the citizen dials and hears.
type Line struct {
	// Name of the line, as people read it in the log and on screens.
	Name string `mapstructure:"name"`
	// Numbers that reach the line: digits only.
	Numbers []string `mapstructure:"numbers"`
	// Flow is the path of the menu file; empty means the one that ships.
	Flow string `mapstructure:"flow" setting:"path"`
	// TimeZone is the city's, an IANA name; hours and spoken times follow it.
	TimeZone string `mapstructure:"time_zone"`
	// LongestCall ends a call that everybody has forgotten.
	LongestCall time.Duration `mapstructure:"longest_call"`
}

// Location gives the city's time zone. Load has checked that it exists.
func (l Line) Location() (*time.Location, error) {
	loc, err := time.LoadLocation(l.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("line.time_zone: %w", err)
	}
	return loc, nil
}

// Asterisk says which phone switch to use, or how to run one of our own.
type Asterisk struct {
	// URL of the ARI of a running Asterisk; empty means that `run` starts its own.
	URL string `mapstructure:"url"`
	// Username for ARI, with a running Asterisk.
	Username string `mapstructure:"username"`
	// Password for ARI. When PasswordFile is the stronger source, Load has put
	// the contents of that file here.
	Password Secret `mapstructure:"password"`
	// PasswordFile holds the password, alone, in a file of its own.
	PasswordFile string `mapstructure:"password_file" setting:"path"`
	// App is the name of this program in Stasis(…) of the dialplan.
	App string `mapstructure:"app"`
	// Node names this Asterisk in the records; empty means its own entity id.
	Node string `mapstructure:"node"`
	// Program is the path of an installed asterisk for `run`; empty means look
	// for one, and get one if there is none.
	Program string `mapstructure:"program" setting:"path"`
	// Directory holds the configuration and the log of the Asterisk that `run` starts.
	Directory string `mapstructure:"directory" setting:"path"`
	// SIPPort is the UDP and TCP port for phones; 0 means any free one.
	SIPPort int `mapstructure:"sip_port"`
	// HTTPPort is the ARI port, on loopback; 0 means any free one.
	HTTPPort int `mapstructure:"http_port"`
	// RTPFrom and RTPTo bound the UDP ports for sound, both included; both 0
	// means any free range.
	RTPFrom int `mapstructure:"rtp_from"`
	// RTPTo is the last UDP port for sound.
	RTPTo int `mapstructure:"rtp_to"`
	// SoundPrefix is the folder Speech.Cache as Asterisk sees it, when it runs in
	// a container or on another machine; empty means the same path.
	SoundPrefix string `mapstructure:"sound_prefix"`
	// RecordingPrefix is the same for Speech.Recordings.
	RecordingPrefix string `mapstructure:"recording_prefix"`
}

// Given reports whether the settings point at a running Asterisk.
func (a Asterisk) Given() bool { return a.URL != "" }

// Need gives an error with the cure when no running Asterisk is named: for the
// commands that do not start one.
func (a Asterisk) Need() error {
	if a.Given() {
		return nil
	}
	return Problems{{
		Key:     "asterisk.url",
		Message: "no Asterisk is named",
		Cure:    "set asterisk.url, asterisk.username and asterisk.password (or password_file), or use `ikomek109 run`, which starts one",
	}}
}

// Store is where calls and agents are kept.
type Store struct {
	// Path of the SQLite file.
	Path string `mapstructure:"path" setting:"path"`
}

// Speech is how sentences become sound.
type Speech struct {
	// Recordings is the folder with the voice of a person: kk/… and ru/….
	Recordings string `mapstructure:"recordings" setting:"path"`
	// RecordedOnly makes a prompt without a recording an error of the check, and
	// publishes no menu that has one. In what is live the draft voice still reads
	// it: a caller is never met with silence.
	RecordedOnly bool `mapstructure:"recorded_only"`
	// Cache is the folder of the sound files made by the draft voice.
	Cache string `mapstructure:"cache" setting:"path"`
	// Command is another synthesiser: the program and its arguments, in which
	// {lang}, {text-file} and {out} are filled in. Empty means espeak-ng.
	Command []string `mapstructure:"command"`
}

// Queue holds the rules of waiting.
type Queue struct {
	// RingTimeout is how long an agent's phone rings before the next is tried.
	RingTimeout time.Duration `mapstructure:"ring_timeout"`
	// AnnounceEvery is the time between two announcements of the place.
	AnnounceEvery time.Duration `mapstructure:"announce_every"`
	// OtherLanguageAfter is the wait after which agents of the other language
	// are asked; 0 means never.
	OtherLanguageAfter time.Duration `mapstructure:"other_language_after"`
	// Capacity is the most callers that may wait; 0 means no limit.
	Capacity int `mapstructure:"capacity"`
	// LongestWait ends a wait that nobody answers; 0 means never.
	LongestWait time.Duration `mapstructure:"longest_wait"`
	// WrapUp is how long an agent is offered nobody after a conversation; 0
	// means not at all.
	WrapUp time.Duration `mapstructure:"wrap_up"`
	// WrapUpMore is by how much an agent makes a wrap-up longer at once.
	WrapUpMore time.Duration `mapstructure:"wrap_up_more"`
	// WrapUpLongest is how long a wrap-up can get.
	WrapUpLongest time.Duration `mapstructure:"wrap_up_longest"`
	// Choose is whose turn it is of the agents who could serve a caller:
	// longest-idle, least-calls or ring-all.
	Choose string `mapstructure:"choose"`
	// RingAtOnce is how many phones ring for one caller, with ring-all.
	RingAtOnce int `mapstructure:"ring_at_once"`
	// PlaceKept is how long a caller who was cut off gets the place back when they
	// dial again; 0 means never.
	PlaceKept time.Duration `mapstructure:"place_kept"`
	// Heightened and Emergency are what differs in these modes.
	Heightened Differs `mapstructure:"heightened"`
	Emergency  Differs `mapstructure:"emergency"`
	// Single is what differs in single queues, in every mode.
	Single []SingleQueue `mapstructure:"single"`
}

// Modes says who may put up what every caller hears.
type Modes struct {
	// PhoneLasts is how long a mode holds that was set by telephone.
	PhoneLasts time.Duration `mapstructure:"phone_lasts"`
	// SecondPerson asks that a bulletin is released by another person than its
	// author.
	SecondPerson bool `mapstructure:"second_person"`
	// TokensFile holds the tokens of those who may use the API; empty: nobody.
	TokensFile string `mapstructure:"tokens_file" setting:"path"`
	// DemandOver is the time over which choices count for "order: demand".
	DemandOver time.Duration `mapstructure:"demand_over"`
}

// Handover is how callers are handed over to partners.
type Handover struct {
	// RingTimeout is how long a partner is rung.
	RingTimeout time.Duration `mapstructure:"ring_timeout"`
}

// Lookup is how menus ask services of the city.
type Lookup struct {
	// Hosts that may be asked, as host or host:port; no others are.
	Hosts []string `mapstructure:"hosts"`
	// AtOnce bounds the questions under way.
	AtOnce int `mapstructure:"at_once"`
}

// Callback is how citizens are called back.
type Callback struct {
	// Prefixes begin the numbers that may be called back.
	Prefixes []string `mapstructure:"prefixes"`
	// AfterLoss has callers called back whose calls a fault has ended.
	AfterLoss bool `mapstructure:"after_loss"`
	// Dial is how Asterisk reaches them, with {number} in it; empty: nobody is
	// called back by the line.
	Dial string `mapstructure:"dial"`
	// First is who is called first: agent or citizen.
	First string `mapstructure:"first"`
	// RingTimeout is how long the citizen's telephone rings.
	RingTimeout time.Duration `mapstructure:"ring_timeout"`
	// Tries is how often somebody is tried, at most.
	Tries int `mapstructure:"tries"`
	// Intervals part the tries; the last one all further ones.
	Intervals []string `mapstructure:"intervals"`
	// Calendar names the calendar of the menu that tells when people are called.
	Calendar string `mapstructure:"calendar"`
	// From and To are the hours of each day in which they are, where the menu has
	// no such calendar.
	From string `mapstructure:"from"`
	// To is the first minute after these hours.
	To string `mapstructure:"to"`
	// Keep is how long a callback is kept after it has ended.
	Keep time.Duration `mapstructure:"keep"`
}

// Message is what callers say for the people of a queue.
type Message struct {
	// Directory holds the sound of the messages.
	Directory string `mapstructure:"directory" setting:"path"`
	// PerDay is the most messages that one caller may leave in a day; 0 means any
	// number.
	PerDay int `mapstructure:"per_day"`
	// KeepDone is how long a message is kept after somebody was done with it.
	KeepDone time.Duration `mapstructure:"keep_done"`
	// Keep is how long any message is kept after it was left.
	Keep time.Duration `mapstructure:"keep"`
}

// Recording is which conversations of callers and agents are recorded.
type Recording struct {
	// Queues of which the conversations are recorded; none by default.
	Queues []string `mapstructure:"queues"`
	// Directory holds the sound.
	Directory string `mapstructure:"directory" setting:"path"`
	// Keep is how long a recording is kept.
	Keep time.Duration `mapstructure:"keep"`
}

// Web is where health and figures are shown.
type Web struct {
	// Listen is host:port; port 0 means any free one.
	Listen string `mapstructure:"listen"`
	// Hosts are the names by which it may be asked, beside IP addresses and localhost.
	Hosts []string `mapstructure:"hosts"`
}

// Log is what is written about the work, on standard error.
type Log struct {
	// Level is debug, info, warn or error.
	Level string `mapstructure:"level"`
	// Format is auto (text on a terminal, else json), text or json.
	Format string `mapstructure:"format"`
}

// Deploy is how missing programs are got.
type Deploy struct {
	// Cache is the folder for the private Asterisk, espeak-ng and sox.
	Cache string `mapstructure:"cache" setting:"path"`
	// Mirror is the URL of a Debian mirror; empty means the machine's own.
	Mirror string `mapstructure:"mirror"`
}
