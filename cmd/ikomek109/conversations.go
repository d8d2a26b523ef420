package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/audit"
	"ikomek109/config"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

func (p *program) conversationsCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "recordings",
		Short: "See to recorded conversations of callers and agents",
		Long: `Conversations are recorded in the queues that recording.queues names, and deleted
after recording.keep. Who takes one out or deletes it, when and why is on record
(` + "`ikomek109 audit`" + `). What callers left after the tone is under
` + "`ikomek109 messages`" + `, prompts are under ` + "`ikomek109 prompts`" + `.`,
		Example: "  ikomek109 recordings list --agent aigerim\n  ikomek109 recordings save c-0197b1c2 talk.wav --reason \"шағым бойынша\"",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.conversationsList(), p.conversationsSave(), p.conversationsDelete())
	return cmd
}

func (p *program) conversationsList() *cobra.Command {
	var asJSON bool
	var call, agent string
	f := sqlite.ConversationFilter{}
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List recorded conversations, newest first",
		Example: "  ikomek109 recordings list --call 0197b1c2\n  ikomek109 recordings list --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.Limit < 1 || f.Limit > sqlite.MaxCalls {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 to %d", f.Limit, sqlite.MaxCalls))
			}
			f.Call, f.Agent = ivr.CallID(call), ivr.AgentID(agent)
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				all, err := store.Conversations("").List(ctx, f)
				if err != nil {
					return err
				}
				for i := range all { // who wants the sound takes it out on record
					all[i].File = ""
				}
				if asJSON {
					return writeJSON(p.out, append([]ivr.Conversation{}, all...))
				}
				w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "ID\tBEGUN\tCALL\tAGENT\tQUEUE\tLENGTH\tSTATE")
				for _, c := range all {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", c.ID, when(c.BegunAt, zone), c.Call, dash(string(c.Agent)),
						dash(c.Queue), seconds(c.Length), c.State)
				}
				return w.Flush()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&call, "call", "", "only those of this `call`, whose id may be cut short")
	cmd.Flags().StringVar(&agent, "agent", "", "only those of this `agent`")
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only those of this `queue`")
	cmd.Flags().IntVar(&f.Limit, "limit", 100, "at most so many")
	return cmd
}

// onConversation finds a recording and puts on record what is done to it before
// it is done.
func (p *program) onConversation(cmd *cobra.Command, arg string, e audit.Entry,
	do func(context.Context, *sqlite.Conversations, ivr.Conversation) error,
) error {
	return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, s config.Settings, _ *time.Location) error {
		all := store.Conversations(s.Recording.Directory)
		if !strings.HasPrefix(arg, "c-") && arg != "" { // how all of them begin
			arg = "c-" + arg
		}
		c, err := all.Conversation(ctx, ivr.RecordingID(arg))
		if err != nil {
			return withCure(err, ivr.NotFound, "`ikomek109 recordings list` shows the ids")
		}
		e.Kind, e.Subject = audit.Recording, string(c.ID)
		if err := p.onRecord(ctx, store, e); err != nil {
			return err
		}
		return do(ctx, all, c)
	})
}

func (p *program) conversationsSave() *cobra.Command {
	e := audit.Entry{Deed: audit.Heard}
	cmd := &cobra.Command{
		Use:   "save ID FILE",
		Short: "Write the sound of a conversation to a WAV file that only you can read",
		Long: `Writes a recorded conversation to a new file. Who did it, when and why is on record
(` + "`ikomek109 audit`" + `), and stands there before the file is written.`,
		Example: "  ikomek109 recordings save c-0197b1c2 talk.wav --reason \"шағым бойынша\"",
		Args:    exactArgs(2, "a recording's id and the file to write"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onConversation(cmd, args[0], e, func(_ context.Context, _ *sqlite.Conversations, c ivr.Conversation) error {
				if c.File == "" {
					return fmt.Errorf("recording %s is %s and has no sound here; start the line, which fetches what Asterisk has", c.ID, c.State)
				}
				return copyPrivate(c.File, args[1])
			})
		},
	}
	recordFlags(cmd, &e)
	return cmd
}

func (p *program) conversationsDelete() *cobra.Command {
	e := audit.Entry{Deed: audit.Deleted}
	cmd := &cobra.Command{
		Use:     "delete ID",
		Short:   "Delete a recorded conversation with its sound, before its term",
		Example: "  ikomek109 recordings delete c-0197b1c2 --reason \"азаматтың өтініші бойынша\"",
		Args:    exactArgs(1, "a recording's id, or its beginning, from `ikomek109 recordings list`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onConversation(cmd, args[0], e, func(ctx context.Context, all *sqlite.Conversations, c ivr.Conversation) error {
				if err := all.Delete(ctx, c.ID); err != nil {
					return err
				}
				fmt.Fprintf(p.err, "recording %s is deleted\n", c.ID)
				return nil
			})
		},
	}
	recordFlags(cmd, &e)
	return cmd
}
