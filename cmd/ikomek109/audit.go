package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/audit"
	"ikomek109/sqlite"
)

// onRecord puts down what is about to be done to a record with personal data.
// Nobody goes on without it. e.By is what --by said: the account that runs the
// program when it is empty; another's name has to be proven by their PIN.
func (p *program) onRecord(ctx context.Context, store *sqlite.Store, e audit.Entry) error {
	own := self()
	e.By, e.At = cmp.Or(e.By, own), time.Now()
	if err := e.Check(); err != nil {
		return usage(err)
	}
	if e.By != own {
		who, err := p.author(ctx, store, e.By, true)
		if err != nil {
			return err
		}
		e.By = who
	}
	return store.Audit().Append(ctx, e)
}

// recordFlags gives a command the flags of what stands on record.
func recordFlags(cmd *cobra.Command, e *audit.Entry) {
	cmd.Flags().StringVar(&e.By, "by", "", "`who` you are (default: your account; another's name needs their PIN)")
	cmd.Flags().StringVar(&e.Reason, "reason", "", "why, in a few words")
}

// self is who runs the program, for a record that others are held to: the name
// that sudo leaves counts for root alone, since anybody else could set it.
func self() string {
	uid := os.Getuid()
	if who, err := user.LookupId(strconv.Itoa(uid)); err == nil && uid != 0 {
		return who.Username
	}
	return osUser()
}

func (p *program) auditCmd() *cobra.Command {
	var asJSON bool
	var kind string
	f := audit.Filter{}
	cmd := &cobra.Command{
		Use:   "audit",
		Short: "List who looked at personal data, or removed it",
		Long: `Lists, newest first, who was shown a phone number that is masked for all others,
and who deleted something before its term: when, which record, and why. The list
is only ever added to. Times are the city's (line.time_zone).`,
		Example: "  ikomek109 audit --kind message --limit 20\n  ikomek109 audit --by aigerim --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := oneOf("kind", kind, append(auditKinds(), "")...); err != nil {
				return err
			}
			if f.Limit < 1 || f.Limit > sqlite.MaxCalls {
				return usage(fmt.Errorf("--limit %d cannot be; use 1 to %d", f.Limit, sqlite.MaxCalls))
			}
			f.Kind = audit.Kind(kind)
			return p.withLog(cmd, func(ctx context.Context, store *sqlite.Store, zone *time.Location) error {
				all, err := store.Audit().Entries(ctx, f)
				if err != nil {
					return err
				}
				if asJSON {
					return writeJSON(p.out, append([]audit.Entry{}, all...))
				}
				w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
				fmt.Fprintln(w, "AT\tBY\tDEED\tKIND\tID\tREASON")
				for _, e := range all {
					fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", when(e.At, zone), printable(e.By), e.Deed, e.Kind, printable(e.Subject), printable(e.Reason))
				}
				return w.Flush()
			})
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().StringVar(&kind, "kind", "", "only entries about this `kind` of record: "+strings.Join(auditKinds(), ", "))
	cmd.Flags().StringVar(&f.Subject, "id", "", "only entries about the record with this `id`")
	cmd.Flags().StringVar(&f.By, "by", "", "only what this `person` did")
	cmd.Flags().IntVar(&f.Limit, "limit", audit.DefaultLimit, "at most so many")
	return cmd
}

func auditKinds() []string {
	var all []string
	for _, k := range audit.Kinds() {
		all = append(all, string(k))
	}
	return all
}
