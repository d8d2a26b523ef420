package deploy

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Pace of the questions "are you up?", and how much of a log a message shows.
const (
	askEvery   = 50 * time.Millisecond
	askTimeout = 2 * time.Second
	tailLines  = 12
	tailBytes  = 16 << 10
)

// errStarting tells that ARI does not answer yet.
var errStarting = errors.New("ARI does not answer yet")

// await returns when Asterisk is wholly up, or says why it is not.
func (a *Asterisk) await(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.o.StartTimeout)
	defer cancel()
	client := &http.Client{Timeout: askTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		err := a.ask(ctx, client)
		if err == nil {
			return a.settled(ctx)
		}
		if !errors.Is(err, errStarting) {
			return err
		}
		select {
		case <-a.dead:
			return a.failed(fmt.Errorf("it ended: %w", cmp(a.err, "without an error")))
		case <-ctx.Done():
			return a.failed(fmt.Errorf("it did not answer in %s", a.o.StartTimeout))
		case <-tick.C:
		}
	}
}

// ask puts one question to ARI.
func (a *Asterisk) ask(ctx context.Context, client *http.Client) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+a.o.HTTP+"/ari/asterisk/info?only=status", nil)
	if err != nil {
		return fault("asking ARI at "+a.o.HTTP, err, "correct the address in the settings")
	}
	req.SetBasicAuth(a.o.User, a.o.Password)
	resp, err := client.Do(req)
	if err != nil {
		return errStarting
	}
	_ = resp.Body.Close()
	switch resp.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusUnauthorized, http.StatusForbidden:
		return fault("asking ARI at "+a.o.HTTP, errors.New("it refuses our user or password"),
			"the configuration in "+filepath.Dir(a.o.Config)+" belongs to other settings: render it again")
	}
	return errStarting
}

// settled waits for the last module and looks whether the port for calls is
// really taken: Asterisk only logs it when not.
func (a *Asterisk) settled(ctx context.Context) error {
	if _, err := a.CLI(ctx, "core waitfullybooted"); err != nil {
		return a.failed(err)
	}
	sip := net.JoinHostPort(a.o.Listen, strconv.Itoa(a.o.SIPPort))
	if portFree(ctx, "udp", sip, "SIP", "asterisk.sip_port") == nil {
		return a.failed(errors.New("it does not listen on " + sip))
	}
	return nil
}

// failed makes the error of a start that did not work, with what Asterisk says
// of it: the errors in its log, or else its last words.
func (a *Asterisk) failed(cause error) error {
	log := filepath.Join(a.o.Dir, "log", "messages.log")
	words := tail(a.output.Name())
	if bad := onlyErrors(tail(log)); len(bad) > 0 {
		words = bad
	}
	return fault("starting Asterisk", fmt.Errorf("%w; it says:\n  %s", cause, strings.Join(words, "\n  ")),
		"see "+a.output.Name()+" and "+log)
}

func onlyErrors(lines []string) []string {
	return slices.DeleteFunc(lines, func(l string) bool { return !strings.Contains(l, " ERROR[") })
}

// tail gives the last lines of a file, without terminal colours.
func tail(name string) []string {
	f, err := os.Open(name) //nolint:gosec // a log of ours
	if err != nil {
		return nil
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil
	}
	raw := make([]byte, min(info.Size(), tailBytes))
	n, _ := f.ReadAt(raw, info.Size()-int64(len(raw)))
	text := strings.TrimSpace(uncolour(string(raw[:n])))
	if text == "" {
		return nil
	}
	lines := strings.Split(text, "\n")
	return lines[max(0, len(lines)-tailLines):]
}

// uncolour drops control characters and the terminal's colour codes.
func uncolour(s string) string {
	var out strings.Builder
	inCode := false
	for _, r := range s {
		switch {
		case r == 0x1b:
			inCode = true
		case inCode:
			inCode = r != 'm'
		case r == '\n' || r == '\t' || r >= ' ':
			out.WriteRune(r)
		}
	}
	return out.String()
}

// portFree tries a port. The error names it, its use and the setting to change.
func portFree(ctx context.Context, network, addr, use, setting string) error {
	var lc net.ListenConfig
	var err error
	if network == "udp" {
		var c net.PacketConn
		if c, err = lc.ListenPacket(ctx, network, addr); err == nil {
			return c.Close()
		}
	} else {
		var l net.Listener
		if l, err = lc.Listen(ctx, network, addr); err == nil {
			return l.Close()
		}
	}
	cure := "correct the address or port (setting " + setting + ")"
	if errors.Is(err, syscall.EADDRINUSE) {
		cure = "stop the program that uses it (ss -lnp shows which), or choose another port (setting " + setting + ")"
	}
	if errors.Is(err, syscall.EADDRNOTAVAIL) {
		cure = "give an address of this machine (setting listen; `ip address` shows them)"
	}
	return fault(fmt.Sprintf("opening %s port %s for %s", network, addr, use), err, cure)
}
