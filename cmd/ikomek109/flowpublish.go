package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/ivr"
	"ikomek109/revision"
)

// publishing is one run of the commands publish and rollback.
type publishing struct {
	*program
	author, note string
	dryRun       bool
	asJSON       bool
	voice        *renderer // set by with
}

func (u *publishing) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&u.author, "author", "", "who publishes, for the record (default: the `name` of the account)")
	cmd.Flags().StringVar(&u.note, "note", "", "why, in a `sentence`, for the record")
	cmd.Flags().BoolVar(&u.dryRun, "dry-run", false, "do everything but publish")
	cmd.Flags().BoolVar(&u.asJSON, "json", false, "print JSON")
}

func (u *publishing) meta(by revision.Way, of int64) revision.Meta {
	author := u.author
	if author == "" {
		author = osUser()
	}
	return revision.Meta{By: by, Of: of, Author: author, Note: u.note}
}

func (p *program) flowPublish() *cobra.Command {
	u := &publishing{program: p}
	var shipped bool
	cmd := &cobra.Command{
		Use:   "publish [FILE]",
		Short: "Check a menu, test it, render its prompts, and make it live",
		Long: `Takes the menu that the settings name (line.flow), or FILE, with everything that
belongs to it; checks it, runs the tests beside it, renders the prompts that are
missing and makes it live for new calls. When anything is wrong nothing is
published, and the exit code is 3. A running line needs nothing more; one that is
started later answers with it, too. Where the settings name none it is the menu that
ships, which takes the place of another only with --shipped.`,
		Example: "  ikomek109 flow publish --dry-run\n  ikomek109 flow publish --note \"су туралы жаңа жауап\"",
		Args:    atMostArgs(1, "one file"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if shipped && len(args) > 0 {
				return usage(errors.New("name a FILE or --shipped, not both"))
			}
			return u.with(cmd, func(ctx context.Context, do *revision.Publisher, s config.Settings) error {
				c, file := candidate(s, args, shipped)
				u.tellCandidate(c, file)
				return u.publish(ctx, do, c, u.meta(revision.ByCommand, 0))
			})
		},
	}
	u.flags(cmd)
	cmd.Flags().BoolVar(&shipped, "shipped", false, "take the menu that ships with the program")
	return cmd
}

// candidate reads what is to be published: a file, the menu that ships, or the
// one that the settings name; and tells by which path people know it.
func candidate(s config.Settings, args []string, shipped bool) (c *revision.Candidate, file string) {
	switch {
	case shipped:
		return readShipped(s), ""
	case len(args) > 0:
		return readMenu(args[0], s), args[0]
	default:
		return readMenu("", s), s.Line.Flow
	}
}

func (p *program) flowRollback() *cobra.Command {
	u := &publishing{program: p}
	cmd := &cobra.Command{
		Use:   "rollback [N]",
		Short: "Publish an old revision again",
		Long: `Makes revision N live again, as a new revision; without N, the newest one that
said anything else. It is checked and tested like any other: answers that ran out
of term since are told. The files on disk stay as they are, and are not published
by a start until they are changed.`,
		Example: "  ikomek109 flow rollback --note \"қате жауап\"\n  ikomek109 flow rollback 7",
		Args:    atMostArgs(1, "a revision's number"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return u.with(cmd, func(ctx context.Context, do *revision.Publisher, _ config.Settings) error {
				number, err := u.target(ctx, do, args)
				if err != nil {
					return err
				}
				c, err := do.Old(ctx, number)
				if err != nil {
					return withCure(err, ivr.NotFound, "`ikomek109 flow list` has those that there are")
				}
				u.tellCandidate(c, fmt.Sprintf("revision %d/%s", number, c.Source.Main))
				return u.publish(ctx, do, c, u.meta(revision.ByRollback, number))
			})
		},
	}
	u.flags(cmd)
	return cmd
}

// target is the revision to go back to.
func (u *publishing) target(ctx context.Context, do *revision.Publisher, args []string) (int64, error) {
	if len(args) > 0 {
		return parseRevision(args[0])
	}
	r, err := do.Before(ctx)
	return r.Number, withCure(err, ivr.NotFound, "`ikomek109 flow list` has those that there are")
}

// with opens the store and gives a publisher on it.
func (u *publishing) with(cmd *cobra.Command, do func(context.Context, *revision.Publisher, config.Settings) error) (err error) {
	if err := u.meta(revision.ByCommand, 0).Check(); err != nil {
		return usage(err)
	}
	loaded, err := u.settings(cmd)
	if err != nil {
		return err
	}
	s := loaded.Settings
	store, err := u.openStore(cmd.Context(), s.Store.Path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close(context.WithoutCancel(cmd.Context()))) }()
	u.voice = &renderer{program: u.program, settings: s}
	return do(cmd.Context(), &revision.Publisher{
		Store: store.Revisions(), Voice: u.voice, Sounds: inspector(s), Known: known(s),
	}, s)
}

// publish makes the candidate live, or only says what that would do.
func (u *publishing) publish(ctx context.Context, do *revision.Publisher, c *revision.Candidate, m revision.Meta) error {
	if u.dryRun {
		return u.weigh(ctx, do, c)
	}
	r, stored, err := do.Publish(ctx, c, m)
	u.tellSounds(c)
	if err != nil {
		return asRefusal(withCure(err, ivr.Conflict, "look at it with `ikomek109 flow diff`, and publish again"))
	}
	if u.asJSON {
		return writeJSON(u.out, r)
	}
	switch {
	case !stored:
		fmt.Fprintf(u.out, "nothing to publish: revision %d is live and the same\n", r.Number)
	case r.Of != 0:
		fmt.Fprintf(u.out, "revision %d is live: it brings back revision %d; %s\n", r.Number, r.Of, testsText(c))
	default:
		fmt.Fprintf(u.out, "revision %d is live: %s; %s\n", r.Number, printable(r.Flow), testsText(c))
	}
	return nil
}

// weigh says what publishing would do.
func (u *publishing) weigh(ctx context.Context, do *revision.Publisher, c *revision.Candidate) error {
	if _, err := do.Admit(ctx, c); err != nil {
		return asRefusal(err)
	}
	err := do.Inspect(ctx, c)
	u.tellSounds(c)
	if err != nil {
		return asRefusal(err)
	}
	missing, err := u.voice.Missing(ctx, c.Flow)
	if err != nil {
		return asRefusal(&revision.Refused{Name: c.Source.Name, Err: err})
	}
	if u.asJSON {
		return writeJSON(u.out, dryRun{Flow: c.Flow.ID(), Tests: testsOf(c), Missing: missing})
	}
	fmt.Fprintf(u.out, "%s could be published: %s; %d prompts to render\n", printable(c.Flow.ID()), testsText(c), missing)
	return nil
}

// dryRun is what `flow publish --dry-run --json` prints.
type dryRun struct {
	Flow    string `json:"flow"`
	Tests   int    `json:"tests"`   // that passed
	Missing int    `json:"missing"` // prompts that would be rendered
}

func testsOf(c *revision.Candidate) int {
	if c.Tests == nil {
		return 0
	}
	return len(c.Tests.Cases)
}

// testsText tells of the tests of a menu that passed.
func testsText(c *revision.Candidate) string {
	if c.Tests == nil {
		return "no tests lie beside it"
	}
	return fmt.Sprintf("%d tests passed", testsOf(c))
}

// asRefusal gives a menu that was refused the exit code of findings.
func asRefusal(err error) error {
	if why := new(revision.Refused); errors.As(err, &why) && why.Err == nil {
		return &exitError{exitFindings, err}
	}
	return err
}
