package conf

import (
	"embed"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"text/template"
)

//go:embed templates/*.conf
var templates embed.FS

// page is what the templates see.
type page struct {
	Settings
	EtcDir, RunDir         string
	Bind, MediaAddress     string
	Transports             []string
	AgentTypes             []string
	Preload, Require, Load []string
	CallLimitSeconds       int
	QueueAfterSeconds      int
	OfferEverySeconds      int
	MaxFiles               uint64
	Music                  bool
	Periodic               string
	Realm                  string
}

// Render writes a whole configuration into dir, which becomes private to this
// user (folder 0700, files 0600), and makes the folders below s.StateDir.
// Asterisk is then started with dir/asterisk.conf. Everything wrong with s is
// reported in one error, and then nothing is written.
func Render(dir string, s Settings) error {
	s = s.withDefaults()
	if err := checkPath("the configuration's folder", dir); err != nil {
		return fmt.Errorf("asterisk configuration: %w", err)
	}
	if err := s.check(); err != nil {
		return fmt.Errorf("asterisk configuration: %w", err)
	}
	run, err := runDir(s.StateDir)
	if err != nil {
		return fmt.Errorf("asterisk configuration: %w", err)
	}
	for _, d := range []string{dir, s.StateDir, run, s.sub("lib"), s.sub("log"), s.sub("spool"), s.sub("spool/recording"), s.sub("spool/tmp")} {
		if err := privateDir(d); err != nil {
			return fmt.Errorf("asterisk configuration: %w", err)
		}
	}
	return newPage(dir, run, s).write(dir)
}

func newPage(dir, run string, s Settings) page {
	listen := netip.MustParseAddr(s.Listen)
	p := page{
		Settings: s, EtcDir: dir, RunDir: run, Realm: Realm,
		Bind:              netip.AddrPortFrom(listen, uint16(s.SIPPort)).String(), //nolint:gosec // checked: 1 to 65535
		Transports:        []string{"udp", "tcp"},
		AgentTypes:        []string{"endpoint", "auth", "aor"},
		CallLimitSeconds:  int(s.CallLimit.Seconds()),
		QueueAfterSeconds: int(s.QueueAfter.Seconds()),
		OfferEverySeconds: int(s.OfferEvery.Seconds()),
		MaxFiles:          maxFiles(),
		Music:             s.hasMusic(),
		Periodic:          strings.Trim(s.HoldKK+","+s.HoldRU, ","),
	}
	if !listen.IsUnspecified() {
		p.MediaAddress = s.Listen
	}
	p.Preload, p.Require, p.Load = loadOrder(func(m string) bool {
		_, err := os.Stat(filepath.Join(s.ModDir, m+".so"))
		return err == nil
	})
	return p
}

func (p page) write(dir string) error {
	set, err := template.ParseFS(templates, "templates/*.conf")
	if err != nil {
		return fmt.Errorf("asterisk configuration: %w", err)
	}
	for _, t := range set.Templates() {
		var text strings.Builder
		if err := t.Execute(&text, p); err != nil {
			return fmt.Errorf("asterisk configuration: %s: %w", t.Name(), err)
		}
		if err := writePrivate(filepath.Join(dir, t.Name()), text.String()); err != nil {
			return fmt.Errorf("asterisk configuration: %w; check the folder's owner and the free space", err)
		}
	}
	return nil
}

// writePrivate replaces the file in one step, so that a reload never reads half.
func writePrivate(name, text string) error {
	tmp := name + ".new-" + strconv.Itoa(os.Getpid())
	if err := os.WriteFile(tmp, []byte(text), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, name)
}

func privateDir(d string) error {
	if err := os.MkdirAll(d, 0o700); err != nil {
		return fmt.Errorf("making a folder: %w; check its owner and the free space", err)
	}
	info, err := os.Lstat(d)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is no folder: remove it or choose another", d)
	}
	if info.Mode().Perm() == 0o700 {
		return nil
	}
	return os.Chmod(d, fs.FileMode(0o700))
}

func (s Settings) sub(name string) string { return filepath.Join(s.StateDir, name) }
