package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/audit"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

func (p *program) messagesCmd() *cobra.Command {
	var asJSON bool
	var state string
	f := sqlite.MessageFilter{}
	cmd := &cobra.Command{
		Use:   "messages",
		Short: "See to what callers said after the tone",
		Long: `Lists the messages that callers left, newest first, and sees to them: save
writes the sound of one to a file, on record, take says that somebody sees to it,
done that it was seen to. Phone numbers are masked; show --reveal shows one, on
record. The running line deletes them when their term has passed, delete does it
before.
Times are the city's (line.time_zone).`,
		Example: "  ikomek109 messages --state new\n  ikomek109 messages save m-0197b1c2 message.wav --reason \"азаматқа жауап беру\"\n  ikomek109 messages done m-0197b1c2 --by aigerim",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("state", state, append(messageStates(), "")...); err != nil {
				return err
			}
			if f.Limit < 1 || f.Limit > sqlite.MaxCalls {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 to %d", f.Limit, sqlite.MaxCalls))
			}
			f.State = ivr.MessageState(state)
			return p.withMessages(cmd, func(ctx context.Context, m *sqlite.Messages, zone *time.Location) error {
				all, err := m.List(ctx, f)
				if err != nil {
					return err
				}
				for i := range all { // who wants the sound takes it out on record
					all[i].File = ""
				}
				if asJSON {
					return writeJSON(p.out, append([]ivr.Message{}, all...))
				}
				return listMessages(p.out, all, zone)
			})
		},
	}
	cmd.PersistentFlags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&state, "state", "", "only messages in this `state`: "+strings.Join(messageStates(), ", "))
	cmd.Flags().StringVar(&f.Queue, "queue", "", "only messages for this `queue`")
	cmd.Flags().IntVar(&f.Limit, "limit", 100, "at most so many")
	cmd.AddCommand(p.messagesShow(&asJSON), p.messagesSave(), p.messagesMove("take", "Say that you see to a message"),
		p.messagesMove("done", "Say that a message was seen to"), p.messagesDelete())
	return cmd
}

func messageStates() []string {
	var all []string
	for _, s := range ivr.MessageStates() {
		all = append(all, string(s))
	}
	return all
}

// withMessages opens the store for reading, with its messages.
func (p *program) withMessages(cmd *cobra.Command, do func(context.Context, *sqlite.Messages, *time.Location) error) error {
	loaded, err := p.settings(cmd)
	if err != nil {
		return err
	}
	return withReadStore(cmd.Context(), loaded.Settings, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
		return do(ctx, store.Messages(loaded.Settings.Message.Directory), zone)
	})
}

func listMessages(out io.Writer, all []ivr.Message, zone *time.Location) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tLEFT\tCALLER\tLANG\tQUEUE\tCATEGORY\tLENGTH\tSTATE\tBY")
	for _, m := range all {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", m.ID, m.LeftAt.In(zone).Format(time.DateTime),
			printable(m.Caller.String()), dash(string(m.Language)), dash(m.Queue), dash(m.Category), seconds(m.Length), m.State, dash(m.By))
	}
	return w.Flush()
}

// messageID reads a message's id, which may leave out how all of them begin.
func messageID(arg string) ivr.RecordingID {
	const begins = "m-"
	if arg == "" || strings.HasPrefix(arg, begins) {
		return ivr.RecordingID(arg)
	}
	return ivr.RecordingID(begins + arg)
}

// seeMessages is the cure for an id that no message has.
const seeMessages = "`ikomek109 messages` shows the ids"

func (p *program) messagesSave() *cobra.Command {
	e := audit.Entry{Kind: audit.Message, Deed: audit.Heard}
	cmd := &cobra.Command{
		Use:   "save ID FILE",
		Short: "Write the sound of a message to a WAV file that only you can read",
		Long: `Writes what a caller said after the tone to a new file. Who did it, when and why is
on record (` + "`ikomek109 audit`" + `), and stands there before the file is written. Agents
hear messages by *17, which is on record, too.`,
		Example: "  ikomek109 messages save m-0197b1c2 message.wav --reason \"азаматқа жауап беру\"",
		Args:    exactArgs(2, "a message's id and the file to write"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.onMessage(cmd, args[0], e, func(_ context.Context, _ *sqlite.Messages, m ivr.Message, _ *time.Location) error {
				if m.File == "" {
					return fmt.Errorf("message %s is %s and has no sound here; start the line, which fetches what Asterisk has", m.ID, m.State)
				}
				return copyPrivate(m.File, args[1])
			})
		},
	}
	recordFlags(cmd, &e)
	return cmd
}

// copyPrivate copies a file to a new one that only its owner can read.
func copyPrivate(from, to string) error {
	wav, err := os.ReadFile(from) //nolint:gosec // named by the store
	if err != nil {
		return fmt.Errorf("the sound cannot be read: %w; is message.directory the folder that the line uses?", err)
	}
	f, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // the person names it
	if err != nil {
		return fmt.Errorf("%w; name a file that is not there yet", err)
	}
	_, err = f.Write(wav)
	if e := f.Close(); err == nil {
		err = e
	}
	return err
}

// messagesMove is the command that says who sees, or has seen, to a message.
func (p *program) messagesMove(verb, short string) *cobra.Command {
	var by string
	cmd := &cobra.Command{
		Use:     verb + " ID",
		Short:   short,
		Example: "  ikomek109 messages " + verb + " m-0197b1c2 --by aigerim",
		Args:    exactArgs(1, "a message's id, or its beginning, from `ikomek109 messages`"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(by) > maxBy || by != printable(by) || verb == "take" && by == "" {
				return usage(fmt.Errorf("--by %q cannot be; say who it is, in at most %d letters", printable(by), maxBy))
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				all := store.Messages("")
				m, err := findMessage(ctx, all, args[0])
				if err == nil && verb == "take" {
					err = all.Take(ctx, m.ID, by)
				} else if err == nil {
					err = all.Done(ctx, m.ID, by)
				}
				return withCure(err, ivr.NotFound, seeMessages)
			})
		},
	}
	cmd.Flags().StringVar(&by, "by", "", "`who` it is, such as an agent's id")
	return cmd
}

// maxBy bounds who saw to something, in bytes.
const maxBy = 64
