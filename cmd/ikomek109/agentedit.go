package main

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/queue"
	"ikomek109/sqlite"
)

// skills is what an agent is for, as the flags say it.
type skills struct {
	name                      string
	languages, queues, topics []string
}

func (s *skills) flags(cmd *cobra.Command, languages []string) {
	cmd.Flags().StringVar(&s.name, "name", "", "the agent's `name`, for people")
	cmd.Flags().StringSliceVar(&s.languages, "languages", languages, "the languages the agent speaks")
	cmd.Flags().StringSliceVar(&s.queues, "queues", nil, "the queues the agent serves; all for every one (default: all)")
	cmd.Flags().StringSliceVar(&s.topics, "topics", nil, "the topics the agent knows, as the menu calls its categories; all for every one (default: all)")
}

// put gives an agent what the flags say; those that were not given and have no
// default change nothing.
func (p *program) put(cmd *cobra.Command, s skills, a *queue.Agent) (err error) {
	given := cmd.Flags().Changed
	if given("name") {
		a.Name = s.name
	}
	if given("languages") || a.Languages == nil {
		if a.Languages, err = parseLanguages(s.languages); err != nil {
			return usage(err)
		}
	}
	if given("queues") {
		if a.Queues, err = p.parseQueues(cmd, s.queues); err != nil {
			return err
		}
	}
	if given("topics") {
		if a.Topics, err = parseTopics(s.topics); err != nil {
			return usage(err)
		}
	}
	return nil
}

func (p *program) agentEdit() *cobra.Command {
	var is skills
	cmd := &cobra.Command{
		Use:   "edit ID",
		Short: "Change an agent's name, languages, queues or topics",
		Long: `Changes what is given and leaves the rest. A running line goes by it from the next
offer on; the conversation that the agent has is not disturbed.`,
		Example: `  ikomek109 agent edit aigerim --topics health,transport
  ikomek109 agent edit aigerim --queues all --topics all`,
		Args: exactArgs(1, "an agent's id"),
		RunE: func(cmd *cobra.Command, args []string) error {
			sample := queue.Agent{Languages: flows.Languages()}
			if err := p.put(cmd, is, &sample); err != nil {
				return err
			}
			changed := func(flag string) bool { return cmd.Flags().Changed(flag) }
			if !slices.ContainsFunc([]string{"name", "languages", "queues", "topics"}, changed) {
				return usage(fmt.Errorf("nothing to change; give --name, --languages, --queues or --topics"))
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				err := store.Staff().Edit(ctx, ivr.AgentID(args[0]), func(a *queue.Agent) {
					_ = p.put(cmd, is, a) // was good for the sample
				})
				return withCure(err, ivr.NotFound, seeAgents)
			})
		},
	}
	is.flags(cmd, nil)
	return cmd
}

// someOf gives the names of a list of which "all" is everything, and that is no
// name.
func someOf(names []string) (some []string) {
	for _, n := range names {
		if n = strings.TrimSpace(n); n != "all" {
			some = append(some, n)
		}
	}
	return some
}

// topicForm is what menus take for the name of a category.
var topicForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

// parseTopics wants names that a menu could have: which topics there are changes
// with each menu that is published.
func parseTopics(names []string) ([]string, error) {
	all := []string{}
	for _, n := range someOf(names) {
		if !topicForm.MatchString(n) {
			return nil, fmt.Errorf("%q is no name of a topic; write the first level of a category of the menu, as in --topics health,transport", n)
		}
		all = append(all, n)
	}
	return all, nil
}

func parseLanguages(names []string) ([]flows.Language, error) {
	var all []flows.Language
	for _, n := range names {
		l := flows.Language(strings.TrimSpace(n))
		if !l.Known() {
			return nil, fmt.Errorf("no language %q; use kk, ru or both, as in --languages kk,ru", n)
		}
		all = append(all, l)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("an agent speaks at least one language; use --languages kk,ru")
	}
	return all, nil
}

// parseQueues wants queues that the settings have: in another nobody ever waits.
func (p *program) parseQueues(cmd *cobra.Command, names []string) ([]string, error) {
	loaded, err := p.settings(cmd)
	if err != nil {
		return nil, err
	}
	have := loaded.Settings.Queues
	all := []string{}
	for _, n := range someOf(names) {
		if !slices.Contains(have, n) {
			return nil, usage(fmt.Errorf("no queue %q; the settings have %s (`queues`)", n, strings.Join(have, ", ")))
		}
		all = append(all, n)
	}
	return all, nil
}
