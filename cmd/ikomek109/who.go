package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/term"

	"ikomek109/pin"
	"ikomek109/sqlite"
)

// author is the name given by --author, or that of who runs the program. Where
// two persons have to be told apart (proven) neither is enough: sudo and shared
// accounts make one person two, so that everybody proves their name by its PIN.
func (p *program) author(ctx context.Context, store *sqlite.Store, given string, proven bool) (string, error) {
	if given == "" {
		given = osUser()
	}
	if !proven {
		return given, nil
	}
	fmt.Fprintf(p.err, "PIN of %s: ", printable(given))
	secret, err := p.readSecret()
	if err != nil {
		return "", err
	}
	who, err := pin.NewGuard(store.Pins()).OpenAs(ctx, given, secret, "account "+accountName())
	return who.Name, err
}

// persons gives the names of those who have a PIN: one person, one name.
func persons(pins *sqlite.Pins) func(context.Context) ([]string, error) {
	return func(ctx context.Context) (names []string, err error) {
		people, err := pins.People(ctx)
		for _, one := range people {
			names = append(names, one.Name)
		}
		return names, err
	}
}

// maxSecret bounds what is read of a secret, in bytes.
const maxSecret = 128

// readSecret reads one line without showing it: from the terminal, or from
// standard input when that is none.
func (p *program) readSecret() (string, error) {
	if isTerminal(p.in) {
		raw, err := term.ReadPassword(int(p.in.Fd()))
		fmt.Fprintln(p.err)
		return strings.TrimSpace(string(raw)), err
	}
	if p.lines == nil {
		p.lines = bufio.NewReader(io.LimitReader(p.in, 4*maxSecret))
	}
	line, err := p.lines.ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	if line == "" {
		return "", errors.New("nothing was typed; type the PIN, or give it on standard input")
	}
	return strings.TrimSpace(line), nil
}

// parseAhead reads a time to come: for how long from now, the next such time
// of day, or a date with a time, in the city's zone.
func parseAhead(flag, s string, zone *time.Location) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	now := time.Now().In(zone)
	if d, err := time.ParseDuration(s); err == nil && d > 0 {
		return now.Add(d), nil
	}
	if t, err := time.Parse("15:04", s); err == nil {
		at := time.Date(now.Year(), now.Month(), now.Day(), t.Hour(), t.Minute(), 0, 0, zone)
		if !at.After(now) {
			at = at.AddDate(0, 0, 1)
		}
		return at, nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	for _, layout := range []string{"2006-01-02T15:04", "2006-01-02 15:04"} {
		if t, err := time.ParseInLocation(layout, s, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, usage(fmt.Errorf("--%s %q is no time to come; use 6h, 18:00, 2026-01-05T18:00 or 2026-01-05T18:00:00+05:00", flag, s))
}
