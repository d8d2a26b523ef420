package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

// maxCategory bounds the name of a category, in bytes.
const maxCategory = 80

func (p *program) callbacksAdd() *cobra.Command {
	var abandoned bool
	var since, queue, language, category string
	cmd := &cobra.Command{
		Use:   "add NUMBER | add --abandoned",
		Short: "Note somebody to be called back, or all who gave up waiting",
		Long: `Notes that somebody is to be called back, who then waits from now on. With
--abandoned it notes everybody who gave up waiting, was turned out of a queue or cut
off by a fault, and was neither served nor called back since, each number once; they
are credited with the time that they waited. Whose number is withheld, or cannot be
called, is left out and counted.`,
		Example: "  ikomek109 callbacks add +77011234567 --language ru --queue main\n  ikomek109 callbacks add --abandoned --since 2h",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case abandoned && len(args) > 0:
				return usage(errors.New("give a number or --abandoned, not both"))
			case abandoned:
				return p.addAbandoned(cmd, since)
			case len(args) != 1:
				return usage(errors.New("give a number to call back, or --abandoned"))
			}
			cb := ivr.Callback{Number: ivr.NewNumber(args[0]), Queue: queue, Language: flows.Language(language), Category: category}
			return p.addCallback(cmd, cb)
		},
	}
	cmd.Flags().BoolVar(&abandoned, "abandoned", false, "all who gave up waiting, or were turned out or cut off, and were not helped since")
	cmd.Flags().StringVar(&since, "since", "24h", "with --abandoned, only those who called since then, as for `calls`")
	cmd.Flags().StringVar(&queue, "queue", "", "whose agents call back: a `queue` of the settings (default the first)")
	cmd.Flags().StringVar(&language, "language", "kk", "the citizen's: kk or ru")
	cmd.Flags().StringVar(&category, "category", "", "what it is about, such as transport/fare")
	return cmd
}

// addCallback notes one number that a person gave.
func (p *program) addCallback(cmd *cobra.Command, cb ivr.Callback) error {
	return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, s config.Settings, _ *time.Location) error {
		cb.Queue = cmp.Or(cb.Queue, s.Queues[0])
		number, ok := callable(s)(cb.Number)
		switch {
		case !ok:
			return usage(fmt.Errorf("%s cannot be called back; give a whole number that begins with one of %s (callback.prefixes)",
				printable(cb.Number.String()), strings.Join(s.Callback.Prefixes, ", ")))
		case !slices.Contains(s.Queues, cb.Queue):
			return usage(fmt.Errorf("no queue %q; use one of %s", printable(cb.Queue), strings.Join(s.Queues, ", ")))
		case !cb.Language.Known():
			return usage(fmt.Errorf("no language %q; use kk or ru", printable(string(cb.Language))))
		case len(cb.Category) > maxCategory || printable(cb.Category) != cb.Category:
			return usage(fmt.Errorf("--category %q cannot be", printable(cb.Category)))
		}
		cb.Number = number
		now := time.Now()
		cb.By, cb.AskedAt, cb.Since, cb.DueAt, cb.State = osUser(), now, now, now, ivr.CallbackWaiting
		if err := store.Callbacks().Ask(ctx, cb); err != nil {
			return withCure(err, ivr.Conflict, "`ikomek109 callbacks` shows it")
		}
		fmt.Fprintf(p.out, "%s is to be called back\n", cb.Number)
		p.warnOfNoDial(s)
		return nil
	})
}

// warnOfNoDial says that callbacks are only a list.
func (p *program) warnOfNoDial(s config.Settings) {
	if s.Callback.Dial == "" {
		fmt.Fprintln(p.err, "callback.dial is not set: the line itself calls nobody back")
	}
}

// callable gives what tells whether a number can be called back.
func callable(s config.Settings) func(ivr.Number) (ivr.Number, bool) {
	return func(n ivr.Number) (ivr.Number, bool) { return ivr.Callable(n, ivr.HomeRegion, s.Callback.Prefixes) }
}

// addAbandoned makes callbacks of those who gave up.
func (p *program) addAbandoned(cmd *cobra.Command, since string) error {
	from, err := p.since(cmd, since)
	if err != nil {
		return err
	}
	return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, s config.Settings, _ *time.Location) error {
		all, err := gaveUp(ctx, store, s, from)
		if err != nil {
			return err
		}
		added, withheld, other := 0, 0, 0
		for i := range all {
			number, ok := callable(s)(all[i].Caller)
			switch {
			case all[i].Caller == "":
				withheld++
			case !ok:
				other++
			default:
				err := store.Callbacks().Ask(ctx, callbackOf(all[i], number, s.Queues[0]))
				if err != nil && ivr.CodeOf(err) != ivr.Conflict {
					return err
				}
				if err == nil {
					added++
				}
			}
		}
		fmt.Fprintf(p.out, "%d to be called back, %d with a number withheld, %d whose number cannot be called\n", added, withheld, other)
		p.warnOfNoDial(s)
		return nil
	})
}

// callbackOf makes a callback of a call whose caller gave up. They are credited
// with what they waited, so that they come before nobody who waited longer.
func callbackOf(r ivr.Record, number ivr.Number, queue string) ivr.Callback {
	now := time.Now()
	language := r.Language
	if !language.Known() {
		language = flows.Kazakh
	}
	return ivr.Callback{
		Number: number, Call: r.ID, By: osUser(), Queue: cmp.Or(r.Queue, queue), Category: r.Category, Language: language,
		AskedAt: now, Since: now.Add(-r.Wait), DueAt: now, State: ivr.CallbackWaiting,
	}
}

// gaveUp gives those who went without help since a moment, and were not helped
// later, the latest first.
func gaveUp(ctx context.Context, store *sqlite.Store, s config.Settings, since time.Time) ([]ivr.Record, error) {
	var e ivr.Aftermath
	var err error
	for _, o := range []ivr.Outcome{ivr.Abandoned, ivr.Overflowed, ivr.Lost} {
		ended, err := allCalls(ctx, store, sqlite.Filter{Since: since, Outcome: o})
		if err != nil {
			return nil, err
		}
		e.Unhelped = append(e.Unhelped, slices.DeleteFunc(ended, func(r ivr.Record) bool { return !r.Unhelped() })...)
	}
	slices.SortStableFunc(e.Unhelped, func(a, b ivr.Record) int { return b.ArrivedAt.Compare(a.ArrivedAt) })
	if e.Served, err = allCalls(ctx, store, sqlite.Filter{Since: since, Outcome: ivr.Served}); err != nil {
		return nil, err
	}
	if e.Callbacks, err = allCallbacks(ctx, store, sqlite.CallbackFilter{All: true, Asked: since}); err != nil {
		return nil, err
	}
	return ivr.GaveUp(e, callable(s)), nil
}

// allCalls gives all calls that a filter chooses, page by page.
func allCalls(ctx context.Context, store *sqlite.Store, f sqlite.Filter) (all []ivr.Record, err error) {
	for f.Limit = sqlite.MaxCalls; ; {
		page, err := store.Calls(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < f.Limit {
			return all, nil
		}
		f.Before = page[len(page)-1].ID
	}
}

// allCallbacks gives all callbacks that a filter chooses, page by page.
func allCallbacks(ctx context.Context, store *sqlite.Store, f sqlite.CallbackFilter) (all []ivr.Callback, err error) {
	for f.Limit = sqlite.MaxCalls; ; {
		page, err := store.Callbacks().List(ctx, f)
		if err != nil {
			return nil, err
		}
		all = append(all, page...)
		if len(page) < f.Limit {
			return all, nil
		}
		f.After = page[len(page)-1]
	}
}
