package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"ikomek109/flows"
	"ikomek109/revision"
	"ikomek109/sqlite"
	"ikomek109/web"
)

// startMenu makes a menu live before anything else is started.
func (o *serviceOptions) startMenu(ctx context.Context) error {
	c := readMenu("", o.settings)
	o.program.tellCandidate(c, o.settings.Line.Flow)
	err := o.menus.Start(ctx, o.publisher, c, revision.Meta{By: revision.ByStart, Author: osUser()})
	if why := new(revision.Refused); errors.As(err, &why) && why.Err == nil {
		return &exitError{exitFindings, err}
	}
	if missing := partnerless(o.settings, o.menus.Flow()); missing != "" {
		o.log.Warn("callers cannot be handed over", "why", missing)
	}
	if missing := undialled(o.settings, o.menus.Flow()); missing != "" {
		waiting, err := allCallbacks(ctx, o.store, sqlite.CallbackFilter{})
		if err != nil {
			o.log.Debug("callbacks were not counted", "err", err)
		}
		o.log.Warn("nobody is called back by the line itself", "waiting", len(waiting), "why", missing)
	}
	o.warnUnserved(ctx)
	return err
}

// startMenus has the line follow what is published, publish what lies on disk
// when it is asked to by a signal, and watch the terms of answers.
func (v *service) startMenus(context.Context) error {
	v.watch.on("revisions", v.takeMenu)
	v.aside("the menus", 10*time.Second, v.keepMenus)
	return nil
}

// takeMenu takes up what was published.
func (v *service) takeMenu(ctx context.Context) error {
	err := v.menus.Take(ctx)
	v.terms.Look(ctx, v.menus.Flow(), time.Now())
	return err
}

// keepMenus looks at the terms every minute, and waits for the signal.
func (v *service) keepMenus(ctx context.Context) {
	tick := time.NewTicker(revision.TermsEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			// A revision that lacked a sound may have it by now.
			if err := v.takeMenu(ctx); err != nil && ctx.Err() == nil {
				v.log.Warn("the newest menu was not read; it is tried again", "err", err)
			}
		case <-v.reload:
			v.publishDisk(ctx)
		case <-ctx.Done():
			return
		}
	}
}

// publishDisk publishes the settings' menu, as a signal asks for.
func (v *service) publishDisk(ctx context.Context) {
	c := readMenu("", v.settings)
	r, stored, err := v.menus.Reload(ctx, v.publisher, c, revision.Meta{By: revision.BySignal, Author: osUser()})
	v.terms.Look(ctx, v.menus.Flow(), time.Now())
	switch {
	case err != nil:
		v.tellRefused(c)
		v.log.Error("the menu is not live; the one before goes on", "source", c.Source.Name, "err", err)
	case !stored:
		v.log.Info("nothing to publish: the menu is live as it is", "source", c.Source.Name, "revision", r.Number)
	default:
		v.log.Info("menu published", "source", c.Source.Name, "revision", r.Number)
	}
}

// maxTold bounds what is logged of one menu's mistakes; `check` tells all.
const maxTold = 20

// tellRefused logs what is wrong with a menu.
func (v *service) tellRefused(c *revision.Candidate) {
	findings, report := told(c, v.settings.Line.Flow)
	if slices.ContainsFunc(findings, func(f flows.Finding) bool { return f.Code.OfSettings() }) {
		v.log.Error("the menu names what this line was not started with; if the settings have it by now, restart the line", "source", c.Source.Name)
	}
	for _, f := range findings[:min(len(findings), maxTold)] {
		v.log.Error("a mistake in the menu", "finding", f.String())
	}
	if report == nil {
		return
	}
	left := maxTold
	for _, one := range report.Cases {
		for _, f := range one.Failures {
			if left--; left < 0 {
				return
			}
			v.log.Error("a test of the menu failed", "case", one.Name, "failure", fmt.Sprintf("%s:%d: %s: %s", f.File, f.Line, f.Key, f.Message))
		}
	}
}

// menuCheck tells of the menu in /readyz. A line that answers with an older
// revision answers: that is well, and told.
func (v *service) menuCheck() web.Check {
	s := v.menus.Status()
	c := web.Check{Name: "menu", OK: true, Since: s.Since, Message: fmt.Sprintf("revision %d", s.Revision.Number)}
	if s.Revision.Number == 0 {
		c.Message = "live without a revision"
	}
	if s.Trouble != nil {
		c.Message += "; TROUBLE: " + s.Trouble.Error()
	}
	return c
}

// menuFigures are what is live, and how its answers stand.
func (v *service) menuFigures() []web.Metric {
	return []web.Metric{
		{
			Name: "ikomek109_menu_revision", Kind: web.Gauge, Help: "The number of the live revision of the menu; 0 when it is in none.",
			Value: func() float64 { return float64(v.menus.Status().Revision.Number) },
		},
		{
			Name: "ikomek109_menu_trouble", Kind: web.Gauge,
			Help: "1 while a menu that should be live is not: a broken file, or prompts that are missing.",
			Value: func() float64 {
				if v.menus.Status().Trouble != nil {
					return 1
				}
				return 0
			},
		},
		{
			Name: "ikomek109_answers", Kind: web.Gauge, Labels: []string{"standing"},
			Help: "Answers of the live menu, by where they stand in their term.",
			Samples: func() (all []web.Sample) {
				for _, s := range revision.Standings() {
					all = append(all, web.Sample{Labels: []string{string(s)}, Value: float64(v.terms.Count(s))})
				}
				return all
			},
		},
	}
}
