package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

func (p *program) agentCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "agent",
		Short: "Keep the roster of agents",
		Long: `Agents are kept in the store; a running line takes up a change within a second.
An agent registers any SIP phone with the printed user and password, and dials
*11 to be ready, *12 for a pause (*121 to *129 with a reason of the settings), *10
to end the shift; after a conversation, *13 for more time and *14 for its topic.`,
		Example: `  ikomek109 agent add aigerim --name "Айгерім Серікова"
  ikomek109 agent list`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.agentAdd(), p.agentEdit(), p.agentList(), p.agentSet(), p.agentLog(), p.agentCategories(), p.agentRemove(), p.agentPassword())
	return cmd
}

// newAgent is an agent who has not come to work yet.
func newAgent(id ivr.AgentID, name string, languages []flows.Language, password string) queue.Agent {
	return queue.Agent{
		ID: id, Name: name, Languages: languages, Credential: queue.Credential(id, password),
		Chosen: ivr.Off, World: queue.Idle, IdleSince: time.Now(),
	}
}

func (p *program) agentAdd() *cobra.Command {
	var is skills
	var number int
	cmd := &cobra.Command{
		Use:   "add ID",
		Short: "Add an agent and print the generated password, once",
		Long: `Adds an agent and prints what the phone needs: the user and the password, which
is shown this once, and the number by which colleagues key the agent.`,
		Example: `  ikomek109 agent add aigerim --name "Айгерім Серікова" --languages kk,ru
  ikomek109 agent add daniyar --queues main --topics health,transport`,
		Args: exactArgs(1, "an agent's id, such as aigerim"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id, err := queue.ParseAgentID(args[0])
			if err != nil {
				return usage(err)
			}
			password, err := queue.NewPassword()
			if err != nil {
				return err
			}
			a := newAgent(id, is.name, nil, password)
			if a.Number = number; cmd.Flags().Changed("number") && number == 0 {
				a.Number = -1 // 0 is what no number is written as
			}
			if err := queue.CheckNumber(a.Number); err != nil {
				return usage(err)
			}
			if err := p.put(cmd, is, &a); err != nil {
				return err
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				if err := store.Staff().Add(ctx, a); err != nil {
					return withCure(err, ivr.Conflict, "choose another, or give this agent a new password by `ikomek109 agent password`")
				}
				if err := p.printPassword(id, password); err != nil {
					return err
				}
				return p.printNumber(ctx, store, id)
			})
		},
	}
	is.flags(cmd, []string{"kk", "ru"})
	cmd.Flags().IntVar(&number, "number", 0, "the `number` by which colleagues key the agent, from 201 to 999 (default: the lowest that is free)")
	return cmd
}

// printPassword prints what the agent's phone needs; it is kept nowhere.
func (p *program) printPassword(id ivr.AgentID, password string) error {
	_, err := fmt.Fprintf(p.out, "user %s\npassword %s\n", id, password)
	return err
}

// printNumber prints the number that the store has given a new agent.
func (p *program) printNumber(ctx context.Context, store *sqlite.Store, id ivr.AgentID) error {
	agents, _, err := store.Staff().Agents(ctx)
	if err != nil {
		return err
	}
	for _, a := range agents {
		if a.ID == id && a.Number != 0 {
			_, err = fmt.Fprintf(p.out, "number %d\n", a.Number)
		}
	}
	return err
}

func (p *program) agentList() *cobra.Command {
	var asJSON, queues bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the agents",
		Long: `Lists the agents: STATUS is what they dialled last (ready, paused and why, off),
PHONE is what they do (idle, ringing, in a call, after a call, not registered).
NUMBER is what colleagues key to hand a caller over; with --queues it lists what
they key for a queue or a partner.`,
		Example: "  ikomek109 agent list --json\n  ikomek109 agent list --queues",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if queues {
				return p.listNumbers(cmd, asJSON)
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				agents, _, err := store.Staff().Agents(ctx)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]queue.Agent{}, agents...))
				}
				return listAgents(p.out, agents)
			})
		},
	}
	cmd.Flags().BoolVar(&queues, "queues", false, "list the numbers of queues and partners instead")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func listAgents(out io.Writer, agents []queue.Agent) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tNUMBER\tNAME\tLANGUAGES\tQUEUES\tTOPICS\tSTATUS\tPHONE")
	for _, a := range agents {
		var speaks []string
		for _, l := range a.Languages {
			speaks = append(speaks, string(l))
		}
		chosen := string(a.Chosen)
		if a.PauseReason != "" {
			chosen += " (" + printable(a.PauseReason) + ")"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", a.ID, numberOf(a), printable(a.Name), strings.Join(speaks, ","),
			someOrAll(a.Queues), someOrAll(a.Topics), chosen, phoneOf(a.World))
	}
	return w.Flush()
}

// numberOf is an agent's number, or a dash.
func numberOf(a queue.Agent) string {
	if a.Number == 0 {
		return "-"
	}
	return strconv.Itoa(a.Number)
}

func someOrAll(names []string) string {
	if len(names) == 0 {
		return "all"
	}
	return strings.Join(names, ",")
}

// phoneOf says in plain words what an agent's phone does.
func phoneOf(w queue.World) string {
	switch w {
	case queue.Idle:
		return "idle"
	case queue.Ringing:
		return "ringing"
	case queue.Talking:
		return "in a call"
	case queue.OnHold:
		return "in a call, on hold"
	case queue.WrapUp:
		return "after a call"
	case queue.Unreachable:
		return "not registered"
	}
	return string(w)
}

func (p *program) agentRemove() *cobra.Command {
	return &cobra.Command{
		Use:     "remove ID",
		Short:   "Remove an agent, whose phone can then no longer register",
		Example: "  ikomek109 agent remove aigerim",
		Args:    exactArgs(1, "an agent's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				err := store.Staff().Remove(ctx, ivr.AgentID(args[0]), time.Now())
				err = withCure(err, ivr.Conflict, "try again when that call is over; `ikomek109 agent list` shows where they stand")
				return withCure(err, ivr.NotFound, seeAgents)
			})
		},
	}
}

func (p *program) agentPassword() *cobra.Command {
	return &cobra.Command{
		Use:     "password ID",
		Short:   "Give an agent a new generated password and print it, once",
		Example: "  ikomek109 agent password aigerim",
		Args:    exactArgs(1, "an agent's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			id := ivr.AgentID(args[0])
			password, err := queue.NewPassword()
			if err != nil {
				return err
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				if err := store.Staff().SetCredential(ctx, id, queue.Credential(id, password)); err != nil {
					return withCure(err, ivr.NotFound, seeAgents)
				}
				return p.printPassword(id, password)
			})
		},
	}
}

// seeAgents is the cure for an id that nobody has.
const seeAgents = "`ikomek109 agent list` shows the ids"

// withStore opens the store of the settings for a short command.
func (p *program) withStore(cmd *cobra.Command, do func(context.Context, *sqlite.Store) error) (err error) {
	loaded, err := p.settings(cmd)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
	defer cancel()
	store, err := p.openStore(ctx, loaded.Settings.Store.Path)
	if err != nil {
		return err
	}
	defer func() {
		if e := store.Close(context.WithoutCancel(ctx)); err == nil {
			err = e
		}
	}()
	change, stop := context.WithTimeout(ctx, storeWithin)
	defer stop()
	return do(change, store)
}

// openStore opens a store for a command that changes it. One that had to be made
// is told of: whoever changes it meant that of a line, most likely.
func (p *program) openStore(ctx context.Context, path string) (*sqlite.Store, error) {
	if err := makeFolderOf(path); err != nil {
		return nil, err
	}
	_, missing := os.Stat(path)
	store, err := sqlite.Open(ctx, sqlite.Options{Path: path})
	if err == nil && errors.Is(missing, fs.ErrNotExist) {
		fmt.Fprintf(p.err, "a new store was made: %s; a line that runs with another one hears nothing of it\n", printable(path))
	}
	return store, err
}

// storeWithin bounds the wait for a store that another program has locked; to
// open one may take longer, when it is brought up to date.
const storeWithin = 10 * time.Second

// writeJSON prints v as indented JSON, an empty list as [].
func writeJSON[T any](out io.Writer, v T) error {
	enc := json.NewEncoder(out)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// printable makes text of strangers safe for a terminal, as that of findings is.
func printable(s string) string { return flows.Printable(s) }
