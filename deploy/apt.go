package deploy

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
)

// suites are the Debian releases that have Asterisk 22, best first.
var suites = []string{"forky", "sid"}

// apt is a private state of Debian's package tool: own lists, own cache, and
// the pretence that nothing is installed. It shares with the host only how to
// reach the mirror, and trusts only the Debian archive's keys.
type apt struct {
	o     Options
	work  string
	suite string
}

// pkg is one package to download.
type pkg struct {
	name, version, file string
	size                int64
}

// settings of the private apt. Hooks are dropped: they belong to the host. The
// index may be weeks old on a mirror, and is trusted by its signature alone.
const aptSettings = `Dir::State "%[1]s/state";
Dir::State::status "%[1]s/state/status";
Dir::State::extended_states "%[1]s/state/extended_states";
Dir::Cache "%[1]s/cache";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "srcpkgcache.bin";
Dir::Etc::sourcelist "%[1]s/sources.list";
Dir::Etc::sourceparts "%[1]s/empty";
Dir::Etc::preferences "%[1]s/preferences";
Dir::Etc::preferencesparts "%[1]s/empty";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Get::AllowUnauthenticated "false";
APT::Default-Release "";
APT::Sandbox::User "";
APT::Update::Error-Mode "any";
APT::Color "0";
Acquire::AllowInsecureRepositories "false";
Acquire::AllowWeakRepositories "false";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::GzipIndexes "false";
Acquire::Retries "3";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Debug::NoLocking "1";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Periodic;
`

// newApt prepares the state below work and reads the mirror's index.
func newApt(ctx context.Context, o Options, work string) (*apt, error) {
	for _, tool := range []string{"apt-get", "dpkg-deb"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fault("installing Asterisk", err,
				"this needs Debian's "+tool+"; on another system install Asterisk 20 or newer, espeak-ng and sox with its own package tool, "+ElsewhereCure)
		}
	}
	a := &apt{o: o, work: work}
	if err := a.prepare(); err != nil {
		return nil, fault("preparing the download in "+work, err, "check the folder's owner and the free space")
	}
	mirrors, err := a.mirrors(ctx)
	if err != nil {
		return nil, err
	}
	keys := keyring()
	if keys == "" {
		return nil, fault("installing Asterisk", errors.New("the Debian archive's keys are not on this machine"),
			"install the package debian-archive-keyring, "+ElsewhereCure)
	}
	return a, a.choose(ctx, mirrors, keys)
}

// prepare makes the folders. An unfinished download is kept: apt goes on with it.
func (a *apt) prepare() error {
	for _, d := range []string{"state/lists/partial", "cache/archives/partial", "empty", "debs"} {
		if err := os.MkdirAll(filepath.Join(a.work, d), 0o700); err != nil {
			return err
		}
	}
	if strings.ContainsAny(a.work, "\"\n;{}") {
		return fmt.Errorf("the path %q has characters that apt cannot take", a.work)
	}
	for name, text := range map[string]string{
		"state/status": "",
		"preferences":  "",
		"apt.conf":     fmt.Sprintf(aptSettings, a.work),
	} {
		if err := os.WriteFile(filepath.Join(a.work, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// choose takes the first mirror and suite whose index can be read.
func (a *apt) choose(ctx context.Context, mirrors []string, keys string) error {
	try := suites
	if a.o.Suite != "" {
		try = []string{a.o.Suite}
	}
	var last error
	for _, m := range mirrors {
		for _, s := range try {
			a.o.report(Progress{Stage: StageIndex})
			line := fmt.Sprintf("deb [arch=%s signed-by=%s target=Packages] %s %s main\n", runtime.GOARCH, keys, m, s)
			if err := os.WriteFile(filepath.Join(a.work, "sources.list"), []byte(line), 0o600); err != nil {
				return fault("preparing the download", err, "check the free space")
			}
			a.suite = s
			if last = a.run(ctx, nil, "update"); last == nil || ctx.Err() != nil {
				return last
			}
		}
	}
	return last
}

// mirrors lists the machine's own Debian mirrors, as apt itself understands
// its files (either format, options, variables), or the one that was set.
func (a *apt) mirrors(ctx context.Context) ([]string, error) {
	if a.o.Mirror != "" {
		u, err := url.Parse(a.o.Mirror)
		if err != nil || u.Scheme == "" || strings.ContainsAny(a.o.Mirror, " \t\r\n[]") {
			return nil, fault("using the mirror "+strconv.Quote(a.o.Mirror), errors.New("it is no URL"), "write it like http://mirror.example/debian")
		}
		return []string{a.o.Mirror}, nil
	}
	cmd := exec.CommandContext(ctx, "apt-get", "indextargets", "--format", "$(REPO_URI) $(ORIGIN)", "Created-By: Packages")
	cmd.Env = aptEnv("")
	out, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, a.explain(ctx, ctx.Err(), "")
	}
	found := debianMirrors(string(out))
	if err != nil || len(found) == 0 {
		return nil, fault("looking for a Debian mirror in this machine's apt sources", cmp(err, "none is there"),
			"name one by the setting deploy.mirror (http://…/debian), "+ElsewhereCure)
	}
	return found, nil
}

// debianMirrors picks out of apt's list of repositories those of Debian's main
// archive: security and third parties have no Asterisk.
func debianMirrors(list string) []string {
	var found []string
	for line := range strings.Lines(list) {
		uri, _, _ := strings.Cut(strings.TrimSpace(line), " ")
		u, err := url.Parse(uri)
		if err != nil || u.Scheme == "cdrom" || path.Base(u.Path) != "debian" {
			continue
		}
		if !slices.Contains(found, uri) {
			found = append(found, uri)
		}
	}
	return found
}

func keyring() string {
	for _, pattern := range []string{"/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"} {
		if exists(pattern) {
			return pattern
		}
	}
	return ""
}

// uriLine is apt's way to print a download: 'URI' file size hash.
var uriLine = regexp.MustCompile(`^'[^']+' (([^_ ]+)_([^_ ]+)_[^ ]+\.deb) (\d+) `)

// plan asks apt which packages the wanted ones need.
func (a *apt) plan(ctx context.Context) ([]pkg, error) {
	var out bytes.Buffer
	if err := a.run(ctx, &out, append([]string{"install", "--print-uris", "-qq", "-y"}, wanted...)...); err != nil {
		return nil, err
	}
	var list []pkg
	for line := range strings.Lines(out.String()) {
		m := uriLine.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		version, err := url.PathUnescape(m[3])
		if err != nil {
			return nil, fault("reading apt's plan", err, "tell the authors of ikomek109: apt's output has changed")
		}
		size, _ := strconv.ParseInt(m[4], 10, 64)
		list = append(list, pkg{name: m[2], version: version, file: m[1], size: size})
	}
	if len(list) == 0 {
		return nil, fault("asking apt what Asterisk needs", errors.New("apt gave no list of packages"), "try again, "+ElsewhereCure)
	}
	return list, nil
}

func cmp(err error, otherwise string) error {
	if err != nil {
		return err
	}
	return errors.New(otherwise)
}
