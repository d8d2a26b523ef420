package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/asterisk"
	"ikomek109/config"
	"ikomek109/ivr"
	"ikomek109/sqlite"
)

// Calls belong to the node that carries them. When asterisk.node is changed, or
// another Asterisk takes the place of the old one, nobody takes up or closes
// those that were open there.

// elsewhere lists the nodes other than this line's that have open calls.
func elsewhere(open map[string]int, node string) []string {
	var all []string
	for _, other := range slices.Sorted(maps.Keys(open)) {
		if other != node {
			all = append(all, other)
		}
	}
	return all
}

// leftCure is what to do about the open calls of a node.
func leftCure(node string) string {
	return fmt.Sprintf("if no program serves that node any more (one that runs serves the node that it was started with), close them: `ikomek109 calls close --node %s`", shellWord(node))
}

// shellWord is a word as it can be copied into a shell.
func shellWord(s string) string {
	return "'" + strings.ReplaceAll(printable(s), "'", `'\''`) + "'"
}

// warnLeft tells of calls that are open on other nodes, once the line knows
// what its own is called.
func (v *service) warnLeft(ctx context.Context, node string) {
	open, err := v.store.LiveNodes(ctx)
	if err != nil {
		v.log.Debug("open calls of other nodes were not looked for", "err", err)
		return
	}
	for _, other := range elsewhere(open, node) {
		v.log.Warn("calls of another node are open, and nobody here takes them up",
			"node", other, "calls", open[other], "this_node", node, "cure", leftCure(other))
	}
}

// checkLeft looks for open calls that no program will take up.
func checkLeft(ctx context.Context, s config.Settings) asterisk.Finding {
	f := asterisk.Finding{Name: "calls", OK: true, Detail: "none is open that nobody would take up"}
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, ReadOnly: true})
	if err != nil { // why is said by the check of the store
		f.Detail = "not looked at: the store cannot be read"
		return f
	}
	defer store.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	open, err := store.LiveNodes(ctx)
	if err != nil {
		f.Detail = "not looked at: " + err.Error()
		return f
	}
	if len(open) == 0 {
		return f
	}
	node, err := nodeOf(s)
	if err != nil {
		f.Detail = "not looked at: the name of this line's node is not known"
		return f
	}
	others := elsewhere(open, node)
	if len(others) == 0 {
		return f
	}
	f.OK, f.Cure = false, leftCure(others[0])
	f.Detail = fmt.Sprintf("%d of node %s are open; this line's node is %s", open[others[0]], others[0], node)
	return f
}

// nodeOf gives the name of the settings' node, or of the running one.
func nodeOf(s config.Settings) (string, error) {
	if s.Asterisk.Node != "" {
		return s.Asterisk.Node, nil
	}
	o, err := switchOptions(s)
	if err != nil {
		return "", err
	}
	return asterisk.Node(o)
}

func (p *program) callsClose() *cobra.Command {
	var node string
	cmd := &cobra.Command{
		Use:   "close --node NAME",
		Short: "Close the open calls of a node that is no more",
		Long: `Closes the calls that were open on another node: after asterisk.node was changed,
or another Asterisk took the place of the old one. Their records say
"gone_meanwhile" and end with the last thing that is known of them; their agents
are free. This line's own calls are refused: it takes them up, or closes them,
by itself. Never use it for a node that another program serves.`,
		Example: "  ikomek109 calls close --node old-exchange",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if node == "" {
				return usage(fmt.Errorf("no node is named; use --node NAME, as `ikomek109 doctor` or the log names it"))
			}
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			if err := notOurs(loaded.Settings, node); err != nil {
				return err
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				return p.closeLeft(ctx, store, node)
			})
		},
	}
	cmd.Flags().StringVar(&node, "node", "", "the `name` of the node that is no more")
	return cmd
}

// notOurs refuses the node of this line, and one that may be it.
func notOurs(s config.Settings, node string) error {
	ours, err := nodeOf(s)
	if err != nil {
		return fmt.Errorf("whether %s is this line's own node can't be told: %w; name this line's in asterisk.node", printable(node), err)
	}
	if node == ours {
		return fmt.Errorf("%s is this line's own node, whose calls it takes up or closes at its next start", printable(node))
	}
	return nil
}

func (p *program) closeLeft(ctx context.Context, store *sqlite.Store, node string) error {
	saved, err := store.Journal().Live(ctx, node)
	if err != nil {
		return err
	}
	// The tickets first: that of a call that is closed would stay, and its agent be busy.
	if err := dropTickets(ctx, store, node); err != nil {
		return err
	}
	for i := range saved {
		r, err := ivr.CloseLeft(ctx, store.Journal(), saved[i])
		if ivr.CodeOf(err) == ivr.Conflict {
			continue // ended meanwhile
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(p.out, "%s  %s, %s\n", r.ID, r.Outcome, r.Reason)
	}
	if len(saved) == 0 {
		fmt.Fprintf(p.err, "no call of node %s is open\n", printable(node))
	}
	return nil
}

// dropTickets takes out of the queue what the node left there, also of calls that it
// had closed already.
func dropTickets(ctx context.Context, store *sqlite.Store, node string) error {
	all, err := store.Tickets().All(ctx)
	if err != nil {
		return err
	}
	for i := range all {
		if all[i].Node != node {
			continue
		}
		if err := store.Tickets().Drop(ctx, all[i].Call, false, time.Now()); err != nil {
			return err
		}
	}
	return nil
}
