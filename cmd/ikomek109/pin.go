package main

import (
	"context"
	"errors"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/config"
	"ikomek109/ivr"
	"ikomek109/pin"
	"ikomek109/sqlite"
)

func (p *program) pinCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "pin",
		Short: "Keep the PINs of those who set the mode and record prompts by telephone",
		Long: `Who has a PIN may set the mode (*15) and record prompts (*16) from any agent's phone.
They key in their number, which is printed here, and their PIN, in one go. With
modes.second_person it also proves who wrote a bulletin and who released it: give
each person one name, and one PIN. PINs are kept as hashes. Five wrong ones lock the
person at that telephone for fifteen minutes, fifteen lock the telephone; nobody is
locked out elsewhere.`,
		Example: "  ikomek109 pin set aigerim\n  ikomek109 pin tries",
		Args:    noArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(p.pinSet(), p.pinList(), p.pinRemove(), p.pinTries())
	return cmd
}

func (p *program) pinSet() *cobra.Command {
	return &cobra.Command{
		Use:   "set NAME",
		Short: "Set a person's PIN, and print their number",
		Long: `Reads the PIN from the terminal without showing it, twice, or one line of standard
input. It has 6 to 12 digits. The name stands on record wherever it is used.`,
		Example: "  ikomek109 pin set aigerim",
		Args:    exactArgs(1, "a person's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := pin.CheckName(args[0]); err != nil {
				return usage(err)
			}
			secret, err := p.newPIN()
			if err != nil {
				return err
			}
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				who, err := pin.NewGuard(store.Pins()).Set(ctx, args[0], secret)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(p.out, "number %d\n", who.Number)
				fmt.Fprintf(p.err, "On an agent's phone: dial *15 (the mode) or *16 (prompts), then key in %d and the PIN, then #.\n", who.Number)
				return err
			})
		},
	}
}

// newPIN reads a PIN; on a terminal, where nobody sees what was typed, twice.
func (p *program) newPIN() (string, error) {
	terminal := isTerminal(p.in)
	if terminal {
		fmt.Fprint(p.err, "PIN: ")
	}
	secret, err := p.readSecret()
	if err != nil {
		return "", err
	}
	if err := pin.Check(secret); err != nil {
		return "", err
	}
	if terminal {
		fmt.Fprint(p.err, "Once more: ")
		again, err := p.readSecret()
		if err != nil {
			return "", err
		}
		if again != secret {
			return "", errors.New("the two are not the same; nothing was changed, try again")
		}
	}
	return secret, nil
}

func (p *program) pinList() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "list",
		Short:   "List those who have a PIN",
		Example: "  ikomek109 pin list --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, _ config.Settings, zone *time.Location) error {
				people, err := store.Pins().People(ctx)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]pin.Person{}, people...))
				}
				w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "NUMBER\tNAME\tSET")
				for _, who := range people {
					fmt.Fprintf(w, "%d\t%s\t%s\n", who.Number, printable(who.Name), when(who.SetAt, zone))
				}
				return w.Flush()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) pinRemove() *cobra.Command {
	return &cobra.Command{
		Use:     "remove NAME",
		Short:   "Take a person's PIN away",
		Example: "  ikomek109 pin remove aigerim",
		Args:    exactArgs(1, "a person's name"),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.withStore(cmd, func(ctx context.Context, store *sqlite.Store) error {
				return withCure(store.Pins().Remove(ctx, args[0]), ivr.NotFound, "`ikomek109 pin list` shows who has one")
			})
		},
	}
}

func (p *program) pinTries() *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:     "tries",
		Short:   "List the tries to use a PIN, newest first",
		Example: "  ikomek109 pin tries --limit 20",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if limit < 1 {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 or more", limit))
			}
			return p.withNotices(cmd, func(ctx context.Context, store *sqlite.Store, _ config.Settings, zone *time.Location) error {
				tries, err := store.Pins().Tries(ctx, limit)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]pin.Try{}, tries...))
				}
				w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "AT\tNUMBER\tFROM\tRESULT")
				for _, t := range tries {
					fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", when(t.At, zone), t.Number, printable(t.Place), t.Result)
				}
				return w.Flush()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().IntVar(&limit, "limit", 100, "at most so many")
	return cmd
}
