package ivr

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"ikomek109/flows"
)

// Options is what a Line is built from. Fields are required unless they say
// otherwise.
type Options struct {
	Switch  Switch
	Journal Journal
	Queue   Queue
	Roster  Roster
	Voice   Voice
	// Recordings and Messages take callers' messages, Callbacks their wishes to
	// be called back, Lookups asks services of the city. Each may be nil: then
	// the flow is told that it failed.
	Recordings Recordings
	Messages   Messages
	Callbacks  Callbacks
	Lookups    Lookups
	// Conversations keeps what callers and agents say in the queues of which
	// Recorded says so; nil: nothing is recorded.
	Conversations Conversations
	Recorded      func(queue string) bool
	// Recall is how people are called back.
	Recall Recalling
	// MessagesPerDay is how many messages a caller may leave in a day; zero means
	// any number. Zone is the city's, whose day it is; nil means UTC.
	MessagesPerDay int
	Zone           *time.Location
	// CallbackPrefixes begin the numbers that may be called back; nil means +7.
	CallbackPrefixes []string
	// AfterLoss has callers called back whose calls a fault has ended.
	AfterLoss bool
	// Partners are the codes of those to whom the switch can hand a caller over;
	// nil: the flow's are tried.
	Partners []string
	// PartnerRing is how long a partner is rung; zero means 30 seconds.
	PartnerRing time.Duration
	// Queues are those that an agent hands callers on to by number: 1 is the first.
	Queues []string
	// Accept is how agents take callers.
	Accept Accept
	// Relays is where it is put down what becomes of relays; nil: there are none.
	Relays RelayBook
	// Pauses are the reasons of a pause by number: *121 is the first of them. The
	// name of each is the phrase agent/pause/ and its code.
	Pauses []string
	// Flow gives the menu for a new call. A call keeps the one it began with.
	Flow func() *flows.Flow
	// FlowOf gives the menu that a call of an earlier program began with, by its
	// ID. It may read the store. Nil, or a nil answer: the one for new calls.
	FlowOf func(ctx context.Context, id string) *flows.Flow
	// World is what menus may know; nil: a daily line of which nothing is known.
	World World
	// Services are what agents' codes do beyond [Codes], [CodeLonger] and
	// [CodeTopic]; they must stand in the switch's dialplan, too.
	Services map[string]Service
	// Rules gives the rules of a queue; nil means DefaultRules for all.
	Rules  func(queue string) Rules
	Logger *slog.Logger // nil: nothing is logged
}

// Rules are what a call goes by while it waits in a queue.
type Rules struct {
	RingTimeout   time.Duration // how long an agent's phone rings before the caller is offered on
	AnnounceEvery time.Duration // how often the place is told
	WrapUp        time.Duration // how long an agent is offered nobody after a conversation; 0: none
}

// DefaultRules are the rules where settings say nothing else.
func DefaultRules() Rules {
	return Rules{RingTimeout: 20 * time.Second, AnnounceEvery: 30 * time.Second}
}

// defaultPartnerRing is how long a service that is always there may take.
const defaultPartnerRing = 30 * time.Second

// Line is the helpline: it takes what the switch hands it and lives every
// call. It is an [Exchange].
type Line struct {
	opt Options
	log *slog.Logger

	life context.Context // ends when the line stops; the calls live on in the switch
	stop context.CancelFunc
	last context.Context // ends when Stop gives up waiting for records to be closed
	kill context.CancelFunc

	work     sync.WaitGroup // goroutines of calls
	errands  sync.WaitGroup // what is done for calls in its own time
	fetching chan struct{}  // holds a token for each message being brought home

	services map[string]Service // by code: Options.Services and our own

	resuming sync.Mutex // held while the earlier program's calls are taken up; before mu

	mu      sync.Mutex
	legs    map[ChannelID]*leg // guarded by mu: every leg with a mailbox
	calls   map[CallID]*call   // guarded by mu: every living call
	callers map[Number]int     // guarded by mu: living calls of citizens, by number as [Callable] writes it
	recalls map[CallID]*seeker // guarded by mu: living calls to citizens
	resumed bool               // guarded by mu: the store's living calls were taken up
	earlier earlier            // guarded by mu, but for what says otherwise
	relays  map[string]bool    // guarded by mu: the subjects of those under way
	stopped bool               // guarded by mu

	quiet          atomic.Bool               // nobody is called back any more
	noWay          atomic.Pointer[time.Time] // when there was no way to a citizen, last; nil: never
	arrived, ended atomic.Int64
	byOutcome      sync.Map // Outcome -> *atomic.Int64
}

// leg is a channel whose events go to one of our mailboxes.
type leg struct {
	in   *Inbox
	call CallID // empty for an agent's call to a code
}

// NewLine makes a line that waits for calls.
func NewLine(opt Options) *Line {
	if opt.Rules == nil {
		opt.Rules = func(string) Rules { return DefaultRules() }
	}
	if opt.FlowOf == nil {
		opt.FlowOf = func(context.Context, string) *flows.Flow { return nil }
	}
	if opt.World == nil {
		opt.World = quietWorld{}
	}
	if opt.Logger == nil {
		opt.Logger = slog.New(slog.DiscardHandler)
	}
	if opt.Zone == nil {
		opt.Zone = time.UTC
	}
	if opt.CallbackPrefixes == nil {
		opt.CallbackPrefixes = []string{"+7"}
	}
	if opt.Accept.Within == 0 {
		opt.Accept.Within = defaultAcceptWithin
	}
	if opt.PartnerRing == 0 {
		opt.PartnerRing = defaultPartnerRing
	}
	opt.Recall = opt.Recall.withDefaults()
	opt.Queue, opt.Roster = boundedQueue{opt.Queue}, boundedRoster{opt.Roster}
	l := &Line{
		opt: opt, log: opt.Logger, legs: map[ChannelID]*leg{}, calls: map[CallID]*call{},
		relays: map[string]bool{}, callers: map[Number]int{}, recalls: map[CallID]*seeker{},
		earlier: earlier{own: map[CallID]bool{}}, fetching: make(chan struct{}, fetchers),
	}
	l.services = map[string]Service{CodeLonger: l.longerByCode, CodeTopic: l.topicByCode}
	maps.Copy(l.services, opt.Services)
	l.life, l.stop = context.WithCancel(context.Background())
	l.last, l.kill = context.WithCancel(context.Background())
	return l
}

// Stop leaves every call as it is, in the switch and in the store, so that the
// next program takes it up. It waits until ctx ends for records that are being
// closed. It may be called twice.
func (l *Line) Stop(ctx context.Context) error {
	l.mu.Lock()
	l.stopped = true
	l.mu.Unlock()
	l.stop()
	defer l.kill()
	return l.idle(ctx, &l.work, &l.errands)
}

// idle waits until nothing is done any more.
func (l *Line) idle(ctx context.Context, works ...*sync.WaitGroup) error {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for _, work := range works {
			work.Wait()
		}
	}()
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return &Error{
			Op: "stop the line", Code: Unavailable, Err: ctx.Err(),
			Message: "some calls did not let go in time; their state is in the store",
		}
	}
}

// SwitchLost ends every call, for a switch that goes away for good, and waits
// until their records are closed or ctx ends.
func (l *Line) SwitchLost(ctx context.Context) error {
	l.mu.Lock()
	l.stopped = true
	for id, g := range l.legs {
		g.in.Put(Gone{Channel: id, Lost: true})
	}
	for _, s := range l.recalls {
		s.in.Put(RecallOff{Why: MissedByFault})
	}
	l.mu.Unlock()
	return l.idle(ctx, &l.work)
}

// Arrive takes a citizen's call. It implements [Exchange].
func (l *Line) Arrive(a Arrival) *Inbox {
	flow := l.opt.Flow()
	c := l.newCall(Record{
		ID: newCallID(), Node: a.Node, Channel: a.Channel, Caller: a.Caller,
		Dialled: clean(a.Dialled), Flow: flow.ID(), Path: []string{},
	}, flow)
	if !l.start(c, c.begin) {
		return nil
	}
	l.arrived.Add(1)
	return c.in
}

// newCall makes a call that is not lived yet.
func (l *Line) newCall(r Record, flow *flows.Flow) *call {
	log := l.log.With("call", string(r.ID))
	number, _ := l.callable(r.Caller)
	return &call{
		line: l, in: NewInbox(), leg: r.Channel, number: number, flow: flow, log: log,
		rec: recorder{journal: l.opt.Journal, displace: l.displace, log: log, record: r},
	}
}

// start registers the call's leg and lives the call in a goroutine, unless the
// line has stopped: then the switch keeps it, and whoever comes next takes it up.
func (l *Line) start(c *call, how func(context.Context) error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stopped {
		return false
	}
	if !l.resumed {
		l.earlier.own[c.rec.record.ID] = true
	}
	l.calls[c.rec.record.ID] = c
	if c.leg != "" {
		l.legs[c.leg] = &leg{in: c.in, call: c.rec.record.ID}
	}
	l.present(c, 1)
	l.work.Go(func() {
		l.livedToTheEnd(c, how)
		if w := c.wrap; w != nil {
			defer l.dropLeg(w.leg)
			w.live(l.life)
		}
	})
	return true
}

// livedToTheEnd lives a call, which is gone from memory when it returns.
func (l *Line) livedToTheEnd(c *call, how func(context.Context) error) {
	defer l.forget(c)
	c.live(l.life, how)
}

// forget drops the call and all its legs, but for one that stays for a wrap-up.
func (l *Line) forget(c *call) {
	l.mu.Lock()
	defer l.mu.Unlock()
	id := c.rec.record.ID
	delete(l.calls, id)
	l.present(c, -1)
	legs := []ChannelID{c.leg, c.agentLeg, c.dialled(), c.rec.state.thirdLeg()}
	for _, r := range c.rec.state.Ringing {
		legs = append(legs, r.Leg)
	}
	for _, ch := range legs {
		if g, ok := l.legs[ch]; ok && g.call == id {
			delete(l.legs, ch)
		}
	}
}

// addLeg registers an agent's leg of a call.
func (l *Line) addLeg(c *call, ch ChannelID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.legs[ch] = &leg{in: c.in, call: c.rec.record.ID}
}

// dropLeg forgets a leg that ended.
func (l *Line) dropLeg(ch ChannelID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.legs, ch)
}

// count adds an ended call to the figures of this process.
func (l *Line) count(o Outcome) {
	l.ended.Add(1)
	n, _ := l.byOutcome.LoadOrStore(o, new(atomic.Int64))
	n.(*atomic.Int64).Add(1)
}

// Stats are the figures of this process since it started; the log's are in the
// store.
type Stats struct {
	Arrived, Ended int64
	Live           int
	Ends           map[Outcome]int64
}

// Stats gives the figures as they stand.
func (l *Line) Stats() Stats {
	s := Stats{Arrived: l.arrived.Load(), Ended: l.ended.Load(), Ends: map[Outcome]int64{}}
	for _, o := range Outcomes() {
		if n, ok := l.byOutcome.Load(o); ok {
			s.Ends[o] = n.(*atomic.Int64).Load()
		} else {
			s.Ends[o] = 0
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	s.Live = len(l.calls)
	return s
}

// newCallID makes an id that sorts by time. The system's random source does
// not fail on the systems we run on; uuid panics if it ever did.
func newCallID() CallID { return CallID(uuid.Must(uuid.NewV7()).String()) }

// clean makes text that a stranger sent fit for a record.
func clean(s string) string { return NewNumber(s).Reveal() }
