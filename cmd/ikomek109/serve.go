package main

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/asterisk"
	"ikomek109/config"
	"ikomek109/deploy"
	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/pin"
	"ikomek109/queue"
	"ikomek109/revision"
	"ikomek109/speech"
	"ikomek109/sqlite"
	"ikomek109/web"
)

func (p *program) serveCmd() *cobra.Command {
	var wait drain
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Answer calls on a running Asterisk",
		Long: `Connects to the Asterisk that the settings name (asterisk.url, .username and
.password or .password_file) and answers its calls until SIGINT or SIGTERM.
Calls in progress are not harmed by a stop: the next start takes them up. With
--drain the program waits for them to end, and Asterisk keeps new callers.`,
		Example: "  ikomek109 serve --config /etc/ikomek109/ikomek109.yaml\n  ikomek109 serve --drain 15m",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			if err := loaded.Settings.Asterisk.Need(); err != nil {
				return &exitError{exitFindings, err}
			}
			if err := wait.check(); err != nil {
				return err
			}
			return p.serve(cmd.Context(), loaded.Settings, wait)
		},
	}
	wait.flag(cmd)
	return cmd
}

// serve answers calls until ctx ends.
func (p *program) serve(ctx context.Context, s config.Settings, wait drain) (err error) {
	var parts stack
	defer func() { err = errors.Join(err, parts.stop()) }()
	release, err := p.claimLine(ctx, s)
	if err != nil {
		return err
	}
	defer release()
	made, err := p.prepare(ctx, s, &parts)
	if err != nil {
		return err
	}
	svc, err := startService(ctx, made)
	if err != nil {
		return err
	}
	parts.push("the service", time.Minute, func(context.Context) error { return svc.parts.stop() })
	made.log.Info("serving", "line", s.Line.Name, "web", "http://"+svc.web.Addr(), "version", versionText())
	<-ctx.Done()
	svc.stopping(wait)
	made.log.Info("stopping; calls stay with Asterisk and are taken up by the next start")
	return nil
}

// lineWithin is how long another program that serves the line is waited for: it may
// have been told to stop just now, as in a restart by hand.
const lineWithin = 15 * time.Second

// claimLine keeps a second program from the line that this one serves, before anything
// is touched. A line that can't be locked, on a full disk for one, is served all the
// same.
func (p *program) claimLine(ctx context.Context, s config.Settings) (release func(), err error) {
	log, err := newLogger(p.err, s.Log)
	if err != nil {
		return nil, err
	}
	line, err := deploy.ClaimLine(ctx, deploy.LineOptions{
		Dir: filepath.Dir(s.Store.Path), ARI: s.Asterisk.URL, App: s.Asterisk.App, Within: lineWithin,
		Waiting: func(holder int) {
			log.Warn("another program serves this line; waiting for it to stop", "process", holder, "at_most", lineWithin.String())
		},
	})
	switch {
	case err == nil:
		return line.Release, nil
	case errors.Is(err, deploy.ErrHeld), ctx.Err() != nil:
		return nil, err
	}
	log.Warn("nothing keeps a second program from this line", "err", err)
	return func() {}, nil
}

// prepare does what comes before any call can be taken: the store is opened,
// a menu is made live, what is missing is got, its prompts are rendered. What
// was started goes on parts, also when there is an error.
func (p *program) prepare(ctx context.Context, s config.Settings, parts *stack) (o serviceOptions, err error) {
	o = serviceOptions{settings: s, program: p, reload: p.reload()} // first: it ends nothing from here on
	if o.log, err = newLogger(p.err, s.Log); err != nil {
		return o, err
	}
	if err := makeFolderOf(s.Store.Path); err != nil {
		return o, err
	}
	if o.store, err = sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, Log: o.log}); err != nil {
		return o, err
	}
	parts.push("the store", 20*time.Second, o.store.Close)
	voice := &renderer{program: p, settings: s}
	o.publisher = &revision.Publisher{Store: o.store.Revisions(), Voice: voice, Sounds: inspector(s), Known: known(s)}
	o.menus = revision.NewLive(revision.Options{Store: o.store.Revisions(), Voice: voice, Known: known(s), Log: o.log})
	if err := o.startMenu(ctx); err != nil {
		return o, err
	}
	if o.voice, o.tools, err = voice.open(ctx); err != nil {
		return o, err
	}
	clips, err := clipsOf(o.menus.Flow())
	if err != nil {
		return o, err
	}
	return o, p.tellFlaws(ctx, s, o.voice, clips)
}

// serviceOptions is what a service is made of.
type serviceOptions struct {
	program   *program
	settings  config.Settings
	log       *slog.Logger
	store     *sqlite.Store
	publisher *revision.Publisher
	menus     *revision.Live
	voice     *speech.Library
	tools     *deploy.Tools
	reload    <-chan struct{} // asks to publish the menu on disk
}

// service is the running program: store, queue, line, switch, web.
type service struct {
	serviceOptions
	parts stack
	desk  *queue.Desk
	reach *reach // made with the desk, which asks it
	line  *ivr.Line
	sw    *asterisk.Switch
	web   *web.Server
	watch *watch // of the store: parts put themselves on it before startWatch
	terms *revision.Terms
	wall  *notice.Wall
	pins  *pin.Guard
	world *world
}

// startService starts every part, in the order in which they need each other.
// On an error, what was started is stopped.
func startService(ctx context.Context, o serviceOptions) (_ *service, err error) {
	svc := &service{serviceOptions: o, watch: &watch{counters: o.store.Counters, log: o.log}, terms: revision.NewTerms(o.log)}
	defer func() {
		if err != nil {
			err = errors.Join(err, svc.parts.stop())
		}
	}()
	for _, start := range []func(context.Context) error{
		svc.forgetPlayed,
		svc.makeSwitch, svc.startDesk, svc.startNotices, svc.startLine, svc.startWeb, svc.startSwitch, svc.startMenus, svc.startIncidents, svc.startWatch, svc.startRecordings,
		svc.startTerms,
	} {
		if err := start(ctx); err != nil {
			return nil, err
		}
	}
	return svc, nil
}

// startWatch takes up what other processes change, from now on.
func (v *service) startWatch(context.Context) error {
	v.aside("the watch of the store", 5*time.Second, v.watch.run)
	return nil
}

// startTerms deletes what callers and agents said, when its term has passed.
func (v *service) startTerms(context.Context) error {
	m := v.settings.Message
	v.aside("the deletion of old messages", 10*time.Second, func(ctx context.Context) {
		ivr.KeepTerms(ctx, v.store.Messages(m.Directory), ivr.MessageTerms{Done: m.KeepDone, Any: m.Keep}, v.log)
	})
	r := v.settings.Recording
	v.aside("the deletion of old recordings", 10*time.Second, func(ctx context.Context) {
		ivr.KeepConversations(ctx, v.store.Conversations(r.Directory), r.Keep, v.log)
	})
	return nil
}

// aside does something beside the calls until the service stops, which then
// waits for it.
func (v *service) aside(name string, within time.Duration, do func(context.Context)) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); do(ctx) }()
	v.parts.push(name, within, func(within context.Context) error {
		stop()
		select {
		case <-done:
			return nil
		case <-within.Done():
			return within.Err()
		}
	})
}

// makeSwitch makes the switch, which the queue asks whether telephones can be rung;
// startSwitch connects it.
func (v *service) makeSwitch(context.Context) (err error) {
	v.sw, err = asterisk.New(asterisk.Options{
		URL: v.settings.Asterisk.URL, Username: v.settings.Asterisk.Username,
		Password: v.settings.Asterisk.Password.Reveal(), App: v.settings.Asterisk.App,
		Node: v.settings.Asterisk.Node, Listen: v.settings.Listen, Partners: partners(v.settings), Logger: v.log,
		Recall: asterisk.PartnerDial(v.settings.Callback.Dial),
	})
	return err
}

func (v *service) startDesk(ctx context.Context) error {
	v.desk = queue.NewDesk(queue.Options{
		Tickets: v.store.Tickets(), Staff: v.store.Staff(), Log: v.log, Node: func() string { return v.sw.Status().Node },
		Rules:      rulebook(v.settings.Queue, notice.Daily),
		WrapUpMore: v.settings.Queue.WrapUpMore, WrapUpLongest: v.settings.Queue.WrapUpLongest,
		CanRing: func() bool { return v.reach.canRing() },
	})
	v.reach = newReach(v.sw, v.desk, v.log)
	live, err := liveCalls(ctx, v.store)
	if err != nil {
		return err
	}
	if err := v.desk.Start(ctx, live); err != nil {
		return err
	}
	v.parts.push("the queue", 5*time.Second, v.desk.Stop)
	return nil
}

// liveCalls gives every call that an earlier program left open.
func liveCalls(ctx context.Context, store *sqlite.Store) ([]ivr.CallID, error) {
	all, err := allCalls(ctx, store, sqlite.Filter{Live: true})
	ids := make([]ivr.CallID, len(all))
	for i := range all {
		ids[i] = all[i].ID
	}
	return ids, err
}

func (v *service) startLine(context.Context) error {
	v.line = ivr.NewLine(v.services(ivr.Options{
		Switch: v.sw, Journal: v.store.Journal(), Queue: v.desk, Roster: v.desk, Voice: v.voice,
		Flow:   v.menus.Flow,
		FlowOf: v.menus.Of,
		Rules:  v.desk.CallRules,
		World:  v.world, Services: v.codes(),
		Accept: ivr.Accept{ByKey: v.settings.Agent.Accept == config.AcceptByKey, Within: v.settings.Agent.AcceptWithin},
		Pauses: v.settings.Agent.PauseReasons,
		Logger: v.log,
	}))
	return nil
}

// startSwitch connects, and keeps the agents' phones known to the switch.
// The line stops first: it takes no call then, and the commands of those it has
// still reach the switch.
func (v *service) startSwitch(context.Context) error {
	if err := v.sw.Start(context.Background(), v.line); err != nil {
		return err
	}
	watch, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); v.watchAgents(watch) }()
	v.parts.push("the switch", 10*time.Second, func(ctx context.Context) error {
		stop()
		<-done
		return v.sw.Shutdown(ctx)
	})
	v.parts.push("the line", 15*time.Second, v.line.Stop)
	return nil
}

func (v *service) startWeb(ctx context.Context) error {
	figures, err := v.metrics()
	if err != nil {
		return err
	}
	v.web = web.New(web.Options{
		Addr: v.settings.Web.Listen, Hosts: v.settings.Web.Hosts, Ready: v.ready, Gatherer: figures, API: v.api(), Logger: v.log,
	})
	if err := v.web.Start(ctx); err != nil {
		return err
	}
	v.parts.push("the web server", 5*time.Second, v.web.Stop)
	return nil
}
