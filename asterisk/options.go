package asterisk

import (
	"fmt"
	"log/slog"
	"net/url"
	"regexp"
	"strings"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/ivr"
)

// DefaultApp is the ARI application the shipped dialplan hands calls to.
const DefaultApp = "ikomek109"

// Options say which Asterisk to steer, and how.
type Options struct {
	URL      string // of ARI, such as http://127.0.0.1:8088/ari
	Username string
	Password string
	App      string // the ARI application; DefaultApp when empty
	Node     string // the switch's name in records; its own entity id when empty

	// Listen is the address at which Asterisk takes calls: agents' phones are
	// told to send their sound there. Empty or 0.0.0.0: whichever fits.
	Listen string

	// Partners are the services to which callers may be handed over: how
	// Asterisk dials each (see [PartnerDial]), by its code. Nobody else is ever
	// dialled.
	Partners map[string]string

	// Recall is how Asterisk dials a citizen who is called back, with {number} in
	// it, or {digits} for the number without its + (see [PartnerDial]). Empty:
	// nobody is.
	Recall string

	// Logger gets changes of state and faults, never single requests.
	// Nothing is logged when it is nil.
	Logger *slog.Logger
	// Notify is told each change of state, from the goroutine that changes it:
	// it must not block. May be nil.
	Notify func(Status)
	Timing Timing
}

// Timing holds every patience of the switch. A zero field gets its default.
type Timing struct {
	Request   time.Duration // one REST request; 3 s
	List      time.Duration // listing all channels, or all bridges, in all tries; getting a recording; 10 s
	Open      time.Duration // all tries of another command that brings a connection up; 4 s
	Insist    time.Duration // all tries of the heartbeat's, for a connection that is up; 10 s
	Fence     time.Duration // an echo after a connect, else the websocket is deaf; 1 s
	Heartbeat time.Duration // between two echoes; 5 s
	Pulse     time.Duration // an echo of the heartbeat, on a machine that may be busy; 3 s
	Deaf      time.Duration // pause before dialling again after a deaf websocket; 500 ms
	Retry     time.Duration // longest pause between two tries to connect; 1 s
	Denied    time.Duration // the same after a wrong password; 5 s
	Beat      time.Duration // between two comparisons with what Asterisk carries; 30 s
	Grace     time.Duration // beyond a playback's length before it is asked after; 2 s
}

func (t Timing) withDefaults() Timing {
	for _, f := range []struct {
		field *time.Duration
		value time.Duration
	}{
		{&t.Request, 3 * time.Second},
		{&t.List, 10 * time.Second},
		{&t.Open, 4 * time.Second},
		{&t.Insist, 10 * time.Second},
		{&t.Fence, time.Second},
		{&t.Heartbeat, 5 * time.Second},
		{&t.Pulse, 3 * time.Second},
		{&t.Deaf, 500 * time.Millisecond},
		{&t.Retry, time.Second},
		{&t.Denied, 5 * time.Second},
		{&t.Beat, 30 * time.Second},
		{&t.Grace, 2 * time.Second},
	} {
		if *f.field <= 0 {
			*f.field = f.value
		}
	}
	return t
}

// appName is what ARI and the dialplan take as an application's name without
// any escaping: it stands in paths, in queries and in Stasis(…).
var appName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)

// What a partner's code is, and how Asterisk may be told to dial one: nothing
// that has a meaning of its own in an endpoint's name or in a list of arguments.
var (
	partnerCode = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	dialString  = regexp.MustCompile(`^PJSIP/(?:[0-9+*#]{1,32}@[A-Za-z0-9_.-]{1,64}|` +
		conf.PartnerEndpoint + `/sips?:[A-Za-z0-9+*#_.-]{1,64}@[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:;transport=(?:udp|tcp|tls))?)$`)
)

// PartnerDial gives how Asterisk dials a partner's address: a SIP address by the
// endpoint that ships; PJSIP/number@trunk, for a trunk of an Asterisk of one's
// own, as it is.
func PartnerDial(address string) string {
	if strings.HasPrefix(address, "sip:") || strings.HasPrefix(address, "sips:") {
		return "PJSIP/" + conf.PartnerEndpoint + "/" + address
	}
	return address
}

// citizenNumber is a number as [ivr.Callable] writes it.
var citizenNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// citizenDial gives how Asterisk dials a citizen; false for what is no number.
func citizenDial(dial string, n ivr.Number) (endpoint string, ok bool) {
	number := n.Reveal()
	if dial == "" || !citizenNumber.MatchString(number) {
		return "", false
	}
	return strings.NewReplacer("{number}", number, "{digits}", number[1:]).Replace(dial), true
}

// DialsCitizens tells whether a citizen can be dialled so: the number stands in
// it once, and nothing that has a meaning of its own.
func DialsCitizens(dial string) bool {
	endpoint, _ := citizenDial(dial, "+77001234567")
	return strings.Count(dial, "{number}")+strings.Count(dial, "{digits}") == 1 && dialString.MatchString(endpoint)
}

// checked gives the options with defaults, and the address taken apart.
func (o Options) checked() (Options, *url.URL, error) {
	if o.App == "" {
		o.App = DefaultApp
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Notify == nil {
		o.Notify = func(Status) {}
	}
	o.Timing = o.Timing.withDefaults()
	if !appName.MatchString(o.App) {
		return o, nil, refuse(fmt.Sprintf("the ARI application %q is no legal name", o.App),
			"use letters, digits, dots, dashes and underscores, as in Stasis(…) of the dialplan")
	}
	for code, dial := range o.Partners {
		if !partnerCode.MatchString(code) || !dialString.MatchString(dial) {
			return o, nil, refuse(fmt.Sprintf("partner %q cannot be dialled as %q", code, dial),
				"write its address like sip:112@192.0.2.7, or PJSIP/112@trunk for a trunk of that Asterisk")
		}
	}
	if o.Recall != "" && !DialsCitizens(o.Recall) {
		return o, nil, refuse(fmt.Sprintf("nobody can be called back as %q", o.Recall),
			"write callback.dial like PJSIP/{number}@trunk, or sip:{number}@192.0.2.7")
	}
	// The library would fall back to the environment for an empty user.
	if o.Username == "" || o.Password == "" {
		return o, nil, refuse("the ARI user or password is empty",
			"set asterisk.username and asterisk.password as in Asterisk's ari.conf")
	}
	u, err := url.Parse(o.URL)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return o, nil, refuse("the ARI address is not a web address",
			"set asterisk.url to something like http://127.0.0.1:8088/ari")
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return o, nil, refuse("the ARI address carries more than host and path",
			"keep user and password in asterisk.username and asterisk.password")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	return o, u, nil
}

func refuse(message, cure string) error {
	return &ivr.Error{Op: "asterisk settings", Code: ivr.Invalid, Message: message, Cure: cure}
}
