package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/asterisk/conf"
	"ikomek109/config"
	"ikomek109/deploy"
	"ikomek109/flows"
)

func (p *program) runCmd() *cobra.Command {
	var wait drain
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Set everything up, start Asterisk and answer calls",
		Long: `Gets what is missing (Asterisk, espeak-ng, sox) into the user's cache folder,
renders the prompts, starts a private Asterisk on this machine, answers its
calls, and prints what to dial. Needs neither root nor a terminal. SIGINT or
SIGTERM stops all of it. With asterisk.url set, that Asterisk is used instead.`,
		Example: "  ikomek109 run\n  ikomek109 run --listen 192.0.2.10",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			loaded, err := p.settings(cmd)
			if err != nil {
				return err
			}
			if err := wait.check(); err != nil {
				return err
			}
			return p.run(cmd.Context(), loaded.Settings, wait)
		},
	}
	wait.flag(cmd)
	cmd.Flags().String("listen", "", "IP `address` for phones (default 127.0.0.1: this machine only)")
	if err := config.Bind(cmd.Flags(), "listen", "listen"); err != nil {
		panic(err) // the flag and the key are both named in this file
	}
	return cmd
}

// run sets everything up and answers calls until ctx ends.
func (p *program) run(ctx context.Context, s config.Settings, wait drain) (err error) {
	begun := time.Now()
	var parts stack
	defer func() { err = errors.Join(err, parts.stop()) }()
	var folder *deploy.Folder
	if !s.Asterisk.Given() { // before anything is touched that another run in this folder lives from
		if folder, err = deploy.Claim(s.Asterisk.Directory); err != nil {
			return err
		}
		defer folder.Release()
	} else {
		release, err := p.claimLine(ctx, s)
		if err != nil {
			return err
		}
		defer release()
	}
	made, err := p.prepare(ctx, s, &parts)
	if err != nil {
		return err
	}
	r := &running{SIP: net.JoinHostPort(s.Listen, strconv.Itoa(s.Asterisk.SIPPort)), Given: s.Asterisk.Given()}
	died := make(<-chan struct{})
	if folder != nil {
		ast, err := startAsterisk(ctx, &made, folder, r)
		if err != nil {
			return err
		}
		parts.push("Asterisk", 15*time.Second, ast.Stop)
		died = ast.Done()
	}
	svc, err := startService(ctx, made)
	if err != nil {
		return err
	}
	parts.push("the service", time.Minute, func(context.Context) error { return svc.parts.stop() })
	if err := svc.awaitReady(ctx, died); err != nil {
		return err
	}
	r.Web = "http://" + svc.web.Addr()
	if err := p.announce(ctx, svc, r, time.Since(begun)); err != nil {
		return err
	}
	parts.push("the note of what runs", time.Second, func(context.Context) error { return r.remove(s) })
	select {
	case <-ctx.Done():
		fmt.Fprintln(p.err, "stopping")
		svc.stopping(wait)
		return svc.hangUp(s.Asterisk.Given())
	case <-died:
		err := fmt.Errorf("the Asterisk that was started ended by itself; see %s", filepath.Join(s.Asterisk.Directory, "log"))
		return errors.Join(err, svc.hangUp(false))
	}
}

// hangUpWithin bounds the closing of records when our own Asterisk goes.
const hangUpWithin = 10 * time.Second

// hangUp closes the records of calls that go with our own Asterisk. With one
// that stays, the calls stay too.
func (v *service) hangUp(stays bool) error {
	if stays {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), hangUpWithin)
	defer cancel()
	return v.line.SwitchLost(ctx)
}

// startAsterisk writes the configuration, starts Asterisk, and puts its
// address and a fresh password into the settings.
func startAsterisk(ctx context.Context, made *serviceOptions, folder *deploy.Folder, r *running) (*deploy.Asterisk, error) {
	s, a, tools := &made.settings, &made.settings.Asterisk, made.tools
	if err := fillPorts(ctx, a); err != nil {
		return nil, err
	}
	password := rand.Text()
	c := conf.Settings{
		StateDir: a.Directory, ModDir: tools.ModDir, DataDir: tools.DataDir, MOHDir: tools.MOHDir,
		Listen: s.Listen, SIPPort: a.SIPPort, HTTPPort: a.HTTPPort,
		RTPFirst: a.RTPFrom, RTPLast: a.RTPTo,
		ARIUser: ariUser, ARIPassword: password, App: a.App, Lines: s.Line.Numbers, Node: a.Node,
		CallLimit: s.Line.LongestCall,
	}
	hold, _ := made.menus.Flow().Phrase("fallback/hold")
	for _, h := range []struct {
		to       *string
		language flows.Language
	}{{&c.HoldKK, flows.Kazakh}, {&c.HoldRU, flows.Russian}} {
		paths, _, err := made.voice.Sounds(string(h.language), hold.ID, hold.Text.In(h.language), nil)
		if err != nil {
			return nil, err
		}
		*h.to = paths[0] // no braces, so one file
	}
	etc := filepath.Join(a.Directory, "etc")
	if err := conf.Render(etc, c); err != nil {
		return nil, fmt.Errorf("the configuration of Asterisk: %w", err)
	}
	http := net.JoinHostPort("127.0.0.1", strconv.Itoa(a.HTTPPort))
	ast, err := deploy.Start(ctx, deploy.StartOptions{
		Tools: tools, Dir: a.Directory, Claimed: folder, Config: filepath.Join(etc, "asterisk.conf"),
		Listen: s.Listen, SIPPort: a.SIPPort, HTTP: http, User: ariUser, Password: password,
	})
	if err != nil {
		return nil, err
	}
	a.URL, a.Username, a.Password = "http://"+http+"/ari", ariUser, config.NewSecret(password)
	r.SIP, r.ARI, r.User, r.password = net.JoinHostPort(s.Listen, strconv.Itoa(a.SIPPort)), a.URL, ariUser, password
	return ast, nil
}

// ariUser is the program's name at its own Asterisk.
const ariUser = "ikomek109"

// anyCalls is for how many calls at once ports are looked for, when the
// settings leave the choice to us.
const anyCalls = 200

// fillPorts finds ports where the settings say 0.
func fillPorts(ctx context.Context, a *config.Asterisk) error {
	if a.SIPPort != 0 && a.HTTPPort != 0 && a.RTPFrom != 0 {
		return nil
	}
	free, err := deploy.Reserve(ctx, anyCalls) // held until the process ends
	if err != nil {
		return err
	}
	if a.SIPPort == 0 {
		a.SIPPort = free.SIP
	}
	if a.HTTPPort == 0 {
		a.HTTPPort = free.HTTP
	}
	if a.RTPFrom == 0 {
		a.RTPFrom, a.RTPTo = free.RTPFirst, free.RTPLast
	}
	return nil
}

// readyWithin bounds the wait for a line that would answer.
const readyWithin = 30 * time.Second

// awaitReady waits until a call would really be answered.
func (v *service) awaitReady(ctx context.Context, died <-chan struct{}) error {
	late := time.NewTimer(readyWithin)
	defer late.Stop()
	look := time.NewTicker(20 * time.Millisecond)
	defer look.Stop()
	for {
		var waiting string
		for _, c := range v.ready() {
			if !c.OK {
				waiting = c.Name + " is " + c.Message
			}
		}
		if waiting == "" {
			return nil
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return ctx.Err()
		case <-died:
			return fmt.Errorf("the Asterisk that was started ended before the line was ready; see %s", filepath.Join(v.settings.Asterisk.Directory, "log"))
		case <-late.C:
			return fmt.Errorf("the line is not ready after %s: %s; try `ikomek109 doctor`", readyWithin, waiting)
		}
	}
}
