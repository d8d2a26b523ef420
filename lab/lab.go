// Package lab sets up an Asterisk of one's own: the configuration that ships, in
// a folder and on ports that nobody else has. The tests that need a real one use
// it, and so does the bench.
package lab

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/deploy"
)

// The ARI user of an Asterisk for which nothing else was asked.
const (
	User     = "tester"
	Password = "only-for-this-test"
)

const (
	// defaultCalls is for how many calls at once there are ports for sound.
	defaultCalls = 40
	// stopWithin bounds the end of an Asterisk.
	stopWithin = 15 * time.Second
)

// Options say what to set up. Dir alone is required.
type Options struct {
	Dir            string        // its folder; it may be missing
	Tools          *deploy.Tools // looked for, and fetched, when nil
	Calls          int           // at once, at most; 40 when 0
	User, Password string        // of ARI; the constants when empty
}

// Asterisk is one that can be started and stopped, again and again. What is
// changed in Conf counts from the next Render on.
type Asterisk struct {
	Conf  conf.Settings
	Opts  deploy.StartOptions
	Ports *deploy.Ports

	running *deploy.Asterisk
}

// New reserves ports for an Asterisk and writes nothing yet. It has to be closed.
func New(ctx context.Context, o Options) (*Asterisk, error) {
	if o.User == "" {
		o.User, o.Password = User, Password
	}
	if o.Calls == 0 {
		o.Calls = defaultCalls
	}
	var err error
	if o.Tools == nil {
		if o.Tools, err = Tools(ctx); err != nil {
			return nil, err
		}
	}
	ports, err := deploy.Reserve(ctx, o.Calls)
	if err != nil {
		return nil, err
	}
	return &Asterisk{
		Ports: ports,
		Conf: conf.Settings{
			StateDir: o.Dir, ModDir: o.Tools.ModDir, DataDir: o.Tools.DataDir, MOHDir: o.Tools.MOHDir,
			SIPPort: ports.SIP, HTTPPort: ports.HTTP, RTPFirst: ports.RTPFirst, RTPLast: ports.RTPLast,
			ARIUser: o.User, ARIPassword: o.Password,
		},
		Opts: deploy.StartOptions{
			Tools: o.Tools, Dir: o.Dir, Config: filepath.Join(o.Dir, "etc", "asterisk.conf"), Listen: conf.DefaultListen,
			SIPPort: ports.SIP, HTTP: ports.HTTPAddr(), User: o.User, Password: o.Password,
		},
	}, nil
}

// Tools gives the programs with which the shipped configuration runs.
func Tools(ctx context.Context) (*deploy.Tools, error) {
	return deploy.Find(ctx, deploy.Options{Modules: conf.Modules(), Optional: conf.OptionalModules()})
}

// Render writes the configuration.
func (a *Asterisk) Render() error { return conf.Render(filepath.Dir(a.Opts.Config), a.Conf) }

// Start runs it, as it is configured, and returns when it answers.
func (a *Asterisk) Start(ctx context.Context) (err error) {
	a.running, err = deploy.Start(ctx, a.Opts)
	return err
}

// Running is what was started last; nil when it was stopped since.
func (a *Asterisk) Running() *deploy.Asterisk { return a.running }

// Stop ends it, if it runs.
func (a *Asterisk) Stop() error {
	if a.running == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin)
	defer cancel()
	err := a.running.Stop(ctx)
	a.running = nil
	return err
}

// Close ends it and gives its ports back.
func (a *Asterisk) Close() error {
	err := a.Stop()
	if a.Ports != nil {
		a.Ports.Release()
		a.Ports = nil
	}
	return err
}

// Carries lists what it carries: channels and bridges, by id and name.
func (a *Asterisk) Carries(ctx context.Context) (all []string, err error) {
	for _, what := range []string{"channels", "bridges"} {
		var list []struct{ ID, Name string }
		if err := a.Ask(ctx, what, &list); err != nil {
			return nil, err
		}
		for _, x := range list {
			all = append(all, what+" "+x.ID+" "+x.Name)
		}
	}
	return all, nil
}

// Ask gets something from its ARI, such as "channels", past whatever stands
// between the program and it.
func (a *Asterisk) Ask(ctx context.Context, what string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.ARI()+"/"+what, nil)
	if err != nil {
		return err
	}
	req.SetBasicAuth(a.Conf.ARIUser, a.Conf.ARIPassword)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // it was only read
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", what, resp.Status)
	}
	return json.NewDecoder(resp.Body).Decode(into)
}

// ARI is the address of ARI, such as http://127.0.0.1:8088/ari.
func (a *Asterisk) ARI() string { return "http://" + a.Opts.HTTP + "/ari" }
