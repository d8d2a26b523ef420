package main

import (
	"context"
	"fmt"
	"time"

	"ikomek109/asterisk"
	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/revision"
	"ikomek109/sqlite"
)

// checkMenu looks at what is live, at what lies on disk, and at the terms of
// the answers.
func checkMenu(ctx context.Context, s config.Settings) asterisk.Finding {
	f := asterisk.Finding{Name: "menu", OK: true}
	disk := readMenu("", s)
	r, live, err := liveMenu(ctx, s, known(s))
	switch {
	case ivr.CodeOf(err) == ivr.NotFound:
		f.Detail = "nothing is published yet; a start publishes " + disk.Source.Name
	case err != nil:
		f.OK, f.Detail = false, err.Error()
		return f
	case live.Flow == nil:
		f.OK, f.Detail, f.Cure = false, fmt.Sprintf("revision %d is live, and could not be published now: %s", r.Number, live.Findings.First()), "mend the menu or the settings, and publish it again"
		return f
	default:
		f.Detail = fmt.Sprintf("revision %d is live, published by %s", r.Number, printable(r.Author)) + termsText(live.Flow)
	}
	menu := liveOrDisk(ctx, s)
	for _, missing := range []string{partnerless(s, menu), undialled(s, menu)} {
		if missing != "" {
			f.Detail += "; " + missing
		}
	}
	switch why := disk.Refusal(); {
	case why != nil:
		f.OK, f.Detail, f.Cure = false, f.Detail+"; "+why.Error(), "see `ikomek109 check`"
	case live != nil && disk.Digest != live.Digest:
		f.Detail += "; " + disk.Source.Name + " is another: `ikomek109 flow diff`"
	}
	return f
}

// termsText tells of answers that are not read, or soon will not be.
func termsText(flow *flows.Flow) string {
	counts := map[revision.Standing]int{}
	for _, t := range flow.Terms() {
		counts[revision.StandingOf(t, time.Now())]++
	}
	text := ""
	if n := counts[revision.Over] + counts[revision.Early]; n > 0 {
		text += fmt.Sprintf("; %d answers are out of term and not read", n)
	}
	if n := counts[revision.Ending]; n > 0 {
		text += fmt.Sprintf("; %d answers end within a day", n)
	}
	return text
}

// liveMenu reads the live revision, and checks it against what is known of the
// settings; with nothing known it is what callers hear, whatever the settings
// say now. NotFound when nothing was published, also when there is no store yet.
func liveMenu(ctx context.Context, s config.Settings, named flows.Known) (r revision.Revision, c *revision.Candidate, err error) {
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, ReadOnly: true})
	if err != nil {
		return r, nil, err
	}
	defer store.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	if r, err = store.Revisions().Newest(ctx); err != nil {
		return r, nil, err
	}
	c, err = (&revision.Publisher{Store: store.Revisions(), Known: named}).Old(ctx, r.Number)
	return r, c, err
}

// liveOrDisk is the menu that callers hear, or the one that a start would
// publish; nil when neither can be read.
func liveOrDisk(ctx context.Context, s config.Settings) *flows.Flow {
	if _, c, err := liveMenu(ctx, s, flows.Known{}); err == nil && c.Flow != nil {
		return c.Flow
	}
	return readMenu("", s).Flow
}
