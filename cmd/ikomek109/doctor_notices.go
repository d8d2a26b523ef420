package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"ikomek109/asterisk"
	"ikomek109/config"
	"ikomek109/notice"
	"ikomek109/sqlite"
)

// checkNotices tells the mode and the bulletins, and looks whether these can be
// heard, and whether the tokens of the API can be used.
func checkNotices(ctx context.Context, s config.Settings) asterisk.Finding {
	f := asterisk.Finding{Name: "notices"}
	tokens, err := readTokens(s.Modes.TokensFile)
	if err != nil {
		f.Detail, f.Cure = err.Error(), "until then there is no API"
		return f
	}
	if _, err := os.Stat(s.Store.Path); err != nil {
		f.OK, f.Detail = true, "daily, no bulletin: there is no store yet"
		return f
	}
	store, err := sqlite.Open(ctx, sqlite.Options{Path: s.Store.Path, ReadOnly: true})
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	defer store.Close(ctx) //nolint:errcheck // it was only read
	now := time.Now()
	current, err := store.Notices().Current(ctx, now)
	if err != nil {
		f.Detail = err.Error()
		return f
	}
	live := notice.LiveAt(current.Bulletins, now)
	f.Detail = fmt.Sprintf("%s, %d bulletins live, %d tokens of the API", notice.InForce(current.Switches, now).Mode, len(live), len(tokens))
	f.OK = true
	if len(live) == 0 {
		return f
	}
	lib, err := openSounds(ctx, s)
	for _, b := range live {
		if err == nil {
			_, err = studio{lib}.length(b)
		}
		if err != nil {
			f.OK, f.Detail = false, fmt.Sprintf("bulletin %d cannot be heard: %v", b.ID, err)
			f.Cure = fmt.Sprintf("end it and write it anew: `ikomek109 bulletin end %d`", b.ID)
			return f
		}
	}
	return f
}
