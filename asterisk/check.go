package asterisk

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/ivr"
)

// OldestVersion is the oldest Asterisk that the line is made for.
const OldestVersion = 20

// Finding is the outcome of one check.
type Finding struct {
	Name   string `json:"name"` // "asterisk", "modules", "events"
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`         // what was found
	Cure   string `json:"cure,omitempty"` // what to do when it is not OK
}

// Check looks whether an Asterisk can carry the line: whether it answers, is
// new enough, has the modules, and whether its events are heard. It listens
// under an application name of its own, so it may be used beside a program
// that serves calls. An error means options that can't be right.
func Check(ctx context.Context, o Options) ([]Finding, error) {
	o.Notify = nil
	if o.App == "" {
		o.App = DefaultApp
	}
	// Under the program's own name Asterisk would take its events away.
	o.App += "-check-" + strings.ToLower(rand.Text())[:8]
	s, err := New(o)
	if err != nil {
		return nil, err
	}
	defer func() {
		s.end()
		s.rest.via.pool.forget()
	}()
	found := []Finding{s.checkVersion()}
	if !found[0].OK && found[0].Cure != cureUpgrade {
		return found, nil // nothing else can be asked
	}
	return append(found, s.checkModules(ctx), s.checkEvents(ctx)), nil
}

// Node gives the name that records give the Asterisk: the one in the options,
// else its own, for which it is asked.
func Node(o Options) (string, error) {
	s, err := New(o)
	if err != nil || o.Node != "" {
		return o.Node, err
	}
	defer func() {
		s.end()
		s.rest.via.pool.forget()
	}()
	info, err := s.lib.Asterisk().Info(nil)
	if err != nil {
		return "", failure("ask Asterisk who it is", err)
	}
	return info.SystemInfo.EntityID, nil
}

const cureUpgrade = "install Asterisk 20 or newer, or leave asterisk.url empty to have one fetched"

func (s *Switch) checkVersion() Finding {
	f := Finding{Name: "asterisk"}
	info, err := s.lib.Asterisk().Info(nil)
	if err != nil {
		var e *ivr.Error
		errors.As(failure("ask Asterisk who it is", err), &e)
		f.Detail, f.Cure = e.Message+": "+core(err).Error(), e.Cure
		return f
	}
	version := info.SystemInfo.Version
	major, _ := strconv.Atoi(strings.SplitN(version, ".", 2)[0])
	f.OK = major >= OldestVersion
	f.Detail = "version " + version + ", node " + info.SystemInfo.EntityID
	if !f.OK {
		f.Cure = cureUpgrade
	}
	return f
}

func (s *Switch) checkModules(ctx context.Context) Finding {
	f := Finding{Name: "modules"}
	// The library's list leaves out whether a module runs.
	var list []struct{ Name, Status string }
	err := s.rest.call(ctx, http.MethodGet, command{path: []string{"asterisk", "modules"}}, &list)
	if err != nil {
		f.Detail, f.Cure = core(err).Error(), "load res_ari_asterisk.so in modules.conf"
		return f
	}
	running := make(map[string]bool, len(list))
	for _, m := range list {
		running[strings.TrimSuffix(m.Name, ".so")] = m.Status == "Running"
	}
	missing := slices.DeleteFunc(conf.Modules(), func(m string) bool { return running[m] })
	f.OK = len(missing) == 0
	f.Detail = fmt.Sprintf("%d of %d needed modules run", len(conf.Modules())-len(missing), len(conf.Modules()))
	if !f.OK {
		f.Detail += "; missing: " + strings.Join(missing, ", ")
		f.Cure = "load them in Asterisk's modules.conf and restart it"
	}
	return f
}

func (s *Switch) checkEvents(ctx context.Context) Finding {
	f := Finding{Name: "events"}
	err := s.hearOnce(ctx)
	if errors.Is(err, errDeaf) { // on a busy machine an echo may be late: it is asked for once more
		select {
		case <-time.After(s.opts.Timing.Deaf):
			err = s.hearOnce(ctx)
		case <-ctx.Done():
		}
	}
	f.OK, f.Detail = err == nil, "an event that was posted came back"
	if err != nil {
		f.Detail = err.Error()
		f.Cure = "see that res_http_websocket and res_ari_events run, and that nothing stands between that changes websockets"
	}
	return f
}

func (s *Switch) hearOnce(ctx context.Context) error {
	se := &session{s: s}
	if err := se.dial(ctx); err != nil {
		return err
	}
	return se.hear(ctx)
}

// hear does one fence and closes the websocket.
func (se *session) hear(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = se.read(ctx) // ends by being cancelled
	}()
	err := errors.Join(se.filter(ctx), se.fence(ctx, se.s.opts.Timing.Open, se.s.opts.Timing.Fence))
	cancel()
	<-done
	_ = se.ws.CloseNow() // cut by the cancelled read already
	return err
}
