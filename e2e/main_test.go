package e2e_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/deploy"
	"ikomek109/flows"
	"ikomek109/speech"
)

// shared is what all scenarios use: nothing in it changes once TestMain is done.
var shared struct {
	program string // the built binary
	chaos   string // that of `make chaos`
	tools   *deploy.Tools
	flow    *flows.Flow
	voice   *speech.Library
	cache   string // of the prompts
}

// setUpWithin bounds building the program, getting the tools and rendering the
// prompts, on a machine that has none of them.
const setUpWithin = 15 * time.Minute

func TestMain(m *testing.M) { os.Exit(run(m)) }

// parallel is how many scenarios run at once, whatever the number of cores:
// they wait more than they compute. More would make phones late on two cores.
const parallel = "6"

func run(m *testing.M) int {
	flag.Parse()
	if err := flag.Set("test.parallel", parallel); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, cancel := context.WithTimeout(context.Background(), setUpWithin)
	defer cancel()
	dir, err := os.MkdirTemp("", "ikomek109-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir) //nolint:errcheck // a folder of /tmp
	if err := setUp(ctx, dir); err != nil {
		fmt.Fprintln(os.Stderr, "the end-to-end tests cannot begin:", err)
		return 1
	}
	return m.Run()
}

// setUp builds the program, with the race detector if we have it too, and gets
// all that a call needs.
func setUp(ctx context.Context, dir string) (err error) {
	shared.program, shared.chaos = filepath.Join(dir, "ikomek109"), filepath.Join(dir, "chaos")
	args := []string{"build", "-o", dir + string(filepath.Separator)}
	if raceEnabled {
		args = append(args, "-race")
	}
	build := exec.CommandContext(ctx, "go", append(args, "ikomek109/cmd/ikomek109", "ikomek109/chaos")...) //nolint:gosec // fixed words
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	shared.tools, err = deploy.Find(ctx, deploy.Options{Modules: conf.Modules(), Optional: conf.OptionalModules()})
	if err != nil {
		return err
	}
	base, err := os.UserCacheDir()
	if err != nil {
		base = dir
	}
	shared.cache = filepath.Join(base, "ikomek109", "prompts")
	return setUpVoice(ctx)
}

// setUpVoice renders what is not in the user's cache yet.
func setUpVoice(ctx context.Context) error {
	flow, findings := flows.Load(flows.Shipped, flows.ShippedName, flows.Known{})
	if flow == nil {
		return fmt.Errorf("the shipped flow: %v", findings)
	}
	voice, err := speech.Open(ctx, speech.Options{
		Cache: shared.cache, Synth: speech.Espeak(speech.Command(shared.tools.Espeak)), Sox: speech.Command(shared.tools.Sox),
	})
	if err != nil {
		return err
	}
	var clips []speech.Clip
	for _, p := range flow.Phrases() {
		for _, l := range flows.Languages() {
			need, err := speech.Needs(string(l), p.ID, p.Text.In(l))
			if err != nil {
				return err
			}
			clips = append(clips, need...)
		}
	}
	shared.flow, shared.voice = flow, voice
	return voice.Build(ctx, clips, nil)
}
