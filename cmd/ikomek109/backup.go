package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"ikomek109/sqlite"
)

func (p *program) backupCmd() *cobra.Command {
	return &cobra.Command{
		Use:   "backup FILE",
		Short: "Copy the store into a new file, also while the line runs",
		Long: `Writes a whole, checked copy of the store (store.path) into FILE, which must not be
there yet, readable by its owner alone. The line may take calls meanwhile. What
people said lies in folders of its own: copy them, too (docs/operations.md).`,
		Example: `  ikomek109 backup "109-$(date +%F).db"`,
		Args:    exactArgs(1, "a file to write"),
		RunE: func(cmd *cobra.Command, args []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			return p.backup(cmd.Context(), loaded.Settings.Store.Path, args[0])
		},
	}
}

// backup takes its time: the store of some years is large.
func (p *program) backup(ctx context.Context, path, to string) error {
	store, err := sqlite.Open(ctx, sqlite.Options{Path: path, ReadOnly: true})
	if err != nil {
		return err
	}
	defer store.Close(context.WithoutCancel(ctx)) //nolint:errcheck // it was only read
	if err := store.Backup(ctx, to); err != nil {
		return err
	}
	fmt.Fprintf(p.err, "%s is a copy of the store %s\n", printable(to), printable(store.Path()))
	return nil
}
