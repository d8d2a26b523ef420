package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sys/unix"

	"ikomek109/asterisk"
	"ikomek109/config"
	"ikomek109/deploy"
	"ikomek109/ivr"
	"ikomek109/speech"
	"ikomek109/sqlite"
)

func (p *program) doctorCmd() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Look whether everything a call needs is in order",
		Long: `Checks the settings' Asterisk, or the one that "run" started: reachable, new
enough, modules, events; and the menu, whether agents can serve all its callers,
the sounds, the store, calls left open by a node that is no more, the clock and
the zone. It may be used beside a running line. Exit code 3 when something is
wrong.`,
		Example: "  ikomek109 doctor",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), 2*time.Minute)
			defer cancel()
			return p.doctor(ctx, loaded.Settings, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func (p *program) doctor(ctx context.Context, s config.Settings, asJSON bool) error {
	var all []asterisk.Finding
	all = append(all, checkSwitch(ctx, s)...)
	all = append(all, checkMenu(ctx, s), checkAgents(ctx, s), checkSounds(ctx, s), checkStore(ctx, s), checkLeft(ctx, s), checkNotices(ctx, s), checkClock(s, time.Now()))
	ok := true
	for _, f := range all {
		ok = ok && f.OK
	}
	if asJSON {
		if err := writeJSON(p.out, all); err != nil {
			return err
		}
	} else {
		p.printFindings(all)
	}
	if !ok {
		return &exitError{exitFindings, nil}
	}
	return nil
}

func (p *program) printFindings(all []asterisk.Finding) {
	for _, f := range all {
		mark := "ok   "
		if !f.OK {
			mark = "WRONG"
		}
		fmt.Fprintf(p.out, "%s  %-9s %s\n", mark, f.Name, printable(f.Detail))
		if !f.OK && f.Cure != "" {
			fmt.Fprintf(p.out, "                 %s\n", printable(f.Cure))
		}
	}
}

// checkSwitch looks at the Asterisk of the settings, or at the running one.
func checkSwitch(ctx context.Context, s config.Settings) []asterisk.Finding {
	o, err := switchOptions(s)
	if err != nil {
		return []asterisk.Finding{{Name: "asterisk", Detail: "none is running", Cure: err.Error()}}
	}
	found, err := asterisk.Check(ctx, o)
	if err != nil {
		return []asterisk.Finding{{Name: "asterisk", Detail: err.Error()}}
	}
	return found
}

// switchOptions lead to the Asterisk of the settings, or to the running one.
func switchOptions(s config.Settings) (asterisk.Options, error) {
	o := asterisk.Options{
		URL: s.Asterisk.URL, Username: s.Asterisk.Username,
		Password: s.Asterisk.Password.Reveal(), App: s.Asterisk.App, Node: s.Asterisk.Node,
	}
	if s.Asterisk.Given() {
		return o, nil
	}
	r, err := readRunning(s)
	if err != nil {
		return o, err
	}
	o.URL, o.Username, o.Password = r.ARI, r.User, r.Password
	return o, nil
}

// checkSounds looks whether every phrase of the live menu has its sound.
func checkSounds(ctx context.Context, s config.Settings) asterisk.Finding {
	f := asterisk.Finding{Name: "sounds", Cure: "`make run` renders what is missing"}
	flow := liveOrDisk(ctx, s)
	if flow == nil {
		f.Detail, f.Cure = "there is no menu to look at", "see `ikomek109 check`"
		return f
	}
	tools, err := deploy.Find(ctx, toolsThere(s))
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	lib, err := speech.Open(ctx, speechOptions(s, tools))
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	clips, err := clipsOf(flow)
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	missing := lib.Missing(clips)
	f.OK = len(missing) == 0
	f.Detail = fmt.Sprintf("%d of %d pieces are there", len(clips)-len(missing), len(clips))
	if !f.OK {
		f.Detail += ", the first missing is " + missing[0].String()
	}
	return f
}

// checkStore looks whether the store can be written. It only looks: a store of
// an older program stays as it is, and none is made.
func checkStore(ctx context.Context, s config.Settings) asterisk.Finding {
	f := asterisk.Finding{Name: "store"}
	dir := filepath.Dir(s.Store.Path)
	if _, err := os.Stat(dir); err != nil {
		f.Detail, f.Cure = err.Error(), "`make run` makes it"
		return f
	}
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, ReadOnly: true})
	if ivr.CodeOf(err) == ivr.NotFound {
		f.OK, f.Detail = true, "there is none yet; a start makes "+s.Store.Path
		if err := unix.Access(dir, unix.W_OK|unix.X_OK); err != nil {
			f.OK, f.Detail, f.Cure = false, "no store can be made in "+dir+": "+err.Error(), "give the user who runs the program the right to write this folder"
		}
		return f
	}
	if err == nil {
		err = store.Writable(ctx)
		if e := store.Close(context.WithoutCancel(ctx)); err == nil {
			err = e
		}
	}
	f.OK, f.Detail = err == nil, s.Store.Path+" can be written"
	if err != nil {
		f.Detail = err.Error()
	}
	return f
}

// earliest is a time that the clock cannot be before: this program was not
// written then. Records of a machine whose clock was never set are worthless.
var earliest = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// checkClock looks at the clock and the city's zone.
func checkClock(s config.Settings, now time.Time) asterisk.Finding {
	f := asterisk.Finding{Name: "clock"}
	zone, err := s.Line.Location()
	if err != nil {
		f.Detail, f.Cure = err.Error(), "set line.time_zone to an IANA name, such as Asia/Almaty"
		return f
	}
	f.OK = now.After(earliest)
	f.Detail = "it is " + now.In(zone).Format("2006-01-02 15:04:05 -07:00") + " in " + zone.String()
	if !f.OK {
		f.Cure = "set the machine's clock"
	}
	return f
}
