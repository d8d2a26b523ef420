package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/audit"
	"ikomek109/config"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

func (p *program) messagesShow(asJSON *bool) *cobra.Command {
	var reveal bool
	e := audit.Entry{Kind: audit.Message, Deed: audit.Revealed}
	cmd := &cobra.Command{
		Use:   "show ID",
		Short: "Show one message",
		Long: `Shows one message. The id may be cut short as long as it names one message. Who
has to ring the caller sees the number with --reveal: who looked, when and why is
then on record (` + "`ikomek109 audit`" + `).`,
		Example: "  ikomek109 messages show m-0197b1c2\n  ikomek109 messages show m-0197b1c2 --reveal --reason \"қайта қоңырау шалу\"",
		Args:    exactArgs(1, "a message's id, or its beginning, from `ikomek109 messages`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if !reveal {
				if e.By != "" || e.Reason != "" {
					return usage(errors.New("--by and --reason go with --reveal"))
				}
				return p.withMessages(cmd, func(ctx context.Context, all *sqlite.Messages, zone *time.Location) error {
					m, err := findMessage(ctx, all, args[0])
					if err != nil {
						return err
					}
					return p.printMessage(m, m.Caller.String(), *asJSON, zone)
				})
			}
			return p.onMessage(cmd, args[0], e, func(_ context.Context, _ *sqlite.Messages, m ivr.Message, zone *time.Location) error {
				return p.printMessage(m, m.Caller.Reveal(), *asJSON, zone)
			})
		},
	}
	cmd.Flags().BoolVar(&reveal, "reveal", false, "show the caller's whole number, on record")
	recordFlags(cmd, &e)
	return cmd
}

// onMessage finds a message and puts on record what is done to it before it is
// done.
func (p *program) onMessage(cmd *cobra.Command, arg string, e audit.Entry,
	do func(context.Context, *sqlite.Messages, ivr.Message, *time.Location) error,
) error {
	return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, s config.Settings, zone *time.Location) error {
		all := store.Messages(s.Message.Directory)
		m, err := findMessage(ctx, all, arg)
		if err != nil {
			return err
		}
		e.Subject = string(m.ID)
		if err := p.onRecord(ctx, store, e); err != nil {
			return err
		}
		return do(ctx, all, m, zone)
	})
}

// findMessage finds a message by its id, or the beginning of it.
func findMessage(ctx context.Context, all *sqlite.Messages, arg string) (ivr.Message, error) {
	m, err := all.Message(ctx, messageID(arg))
	return m, withCure(err, ivr.NotFound, seeMessages)
}

// printMessage prints a message with its caller's number as it may be shown.
func (p *program) printMessage(m ivr.Message, caller string, asJSON bool, zone *time.Location) error {
	if caller == "" {
		caller = m.Caller.String() // withheld
	}
	m.File = "" // who wants the sound takes it out on record
	if asJSON {
		return writeJSON(p.out, struct {
			ivr.Message
			Caller string `json:"caller"`
		}{m, caller})
	}
	_, err := fmt.Fprintf(p.out, "message   %s\nleft      %s\ncall      %s\ncaller    %s\nlanguage  %s\nqueue     %s\ncategory  %s\nlength    %s\nstate     %s\nby        %s\n",
		m.ID, m.LeftAt.In(zone).Format(time.DateTime), m.Call, printable(caller), dash(string(m.Language)),
		dash(m.Queue), dash(m.Category), seconds(m.Length), m.State, dash(m.By))
	return err
}

func (p *program) messagesDelete() *cobra.Command {
	e := audit.Entry{Kind: audit.Message, Deed: audit.Deleted}
	cmd := &cobra.Command{
		Use:   "delete ID",
		Short: "Delete a message with its sound, before its term",
		Long: `Deletes a message in any state, with its sound, for good: when a citizen asks for
it, for example. Messages that are done, and old ones, are deleted by the running
line (message.keep_done and message.keep). Who did it, when and why is on record
(` + "`ikomek109 audit`" + `).`,
		Example: "  ikomek109 messages delete m-0197b1c2 --reason \"азаматтың өтініші бойынша\"",
		Args:    exactArgs(1, "a message's id, or its beginning, from `ikomek109 messages`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onMessage(cmd, args[0], e, func(ctx context.Context, all *sqlite.Messages, m ivr.Message, _ *time.Location) error {
				if err := all.Delete(ctx, m.ID); err != nil {
					return err
				}
				fmt.Fprintf(p.err, "message %s is deleted\n", m.ID)
				return nil
			})
		},
	}
	recordFlags(cmd, &e)
	return cmd
}
