package main

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/audit"
	"ikomek109/config"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

func (p *program) callbacksShow(asJSON *bool) *cobra.Command {
	var reveal bool
	e := audit.Entry{Kind: audit.Callback, Deed: audit.Revealed}
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one callback",
		Long: `Shows one callback. Who has to ring the citizen by hand sees the number with
--reveal: who looked, when and why is then on record (` + "`ikomek109 audit`" + `).`,
		Example: "  ikomek109 callbacks show 17\n  ikomek109 callbacks show 17 --reveal --reason \"желі істен шықты, өзім қоңырау шаламын\"",
		Args:    exactArgs(1, "a callback's number in the list"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := callbackID(args[0])
			if err != nil {
				return err
			}
			if !reveal {
				if e.By != "" || e.Reason != "" {
					return usage(errors.New("--by and --reason go with --reveal"))
				}
				return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
					cb, err := findCallback(ctx, store, id)
					if err != nil {
						return err
					}
					return p.printCallback(cb, cb.Number.String(), *asJSON, zone)
				})
			}
			return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, _ config.Settings, zone *time.Location) error {
				cb, err := findCallback(ctx, store, id)
				if err != nil {
					return err
				}
				e.Subject = strconv.FormatInt(cb.ID, 10)
				if err := p.onRecord(ctx, store, e); err != nil {
					return err
				}
				return p.printCallback(cb, cb.Number.Reveal(), *asJSON, zone)
			})
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show the whole number, on record")
	recordFlags(cmd, &e)
	return cmd
}

func findCallback(ctx context.Context, store *sqlite.Store, id int64) (ivr.Callback, error) {
	cb, err := store.Callbacks().Callback(ctx, id)
	return cb, withCure(err, ivr.NotFound, seeCallbacks)
}

// printCallback prints a callback with its number as it may be shown.
func (p *program) printCallback(cb ivr.Callback, number string, asJSON bool, zone *time.Location) error {
	if asJSON {
		return writeJSON(p.out, struct {
			ivr.Callback
			Number string `json:"number"`
		}{cb, number})
	}
	ended := "-"
	if !cb.EndedAt.IsZero() {
		ended = cb.EndedAt.In(zone).Format(time.DateTime)
	}
	_, err := fmt.Fprintf(p.out, "callback  %d\nnumber    %s\nasked     %s\nin call   %s\nby        %s\nwaiting   since %s\nqueue     %s\nlanguage  %s\ncategory  %s\nstate     %s\ntries     %d\ndue       %s\nlast try  %s\nwhy       %s\nended     %s\n",
		cb.ID, printable(number), cb.AskedAt.In(zone).Format(time.DateTime), dash(string(cb.Call)), dash(cb.By),
		cb.Since.In(zone).Format(time.DateTime), dash(cb.Queue), dash(string(cb.Language)), dash(cb.Category), cb.State, cb.Tries,
		cb.DueAt.In(zone).Format(time.DateTime), dash(string(cb.Recall)), dash(cb.Why), ended)
	return err
}
