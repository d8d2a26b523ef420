package hear_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"ikomek109/e2e/hear"

	"github.com/zaf/g711"

	"pgregory.net/rapid"
)

// margin is how far the worst true find must lie above the best false one.
const margin = 0.3

// prompts are short sentences of a synthetic voice: two topics in Kazakh and in
// Russian, which begin or end alike, and one text read by both voices.
func prompts(t testing.TB) map[string][]int16 {
	t.Helper()
	library, err := hear.LoadAll("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if len(library) != 6 {
		t.Fatalf("%d prompts, want 6", len(library))
	}
	return library
}

func silence(d time.Duration) []int16 { return make([]int16, int(d.Seconds()*hear.Rate)) }

func through(pcm []int16, code func(int16) int16) []int16 {
	out := make([]int16, len(pcm))
	for i, s := range pcm {
		out[i] = code(s)
	}
	return out
}

func alaw(s int16) int16 { return g711.DecodeAlawFrame(g711.EncodeAlawFrame(s)) }
func ulaw(s int16) int16 { return g711.DecodeUlawFrame(g711.EncodeUlawFrame(s)) }

// damages are what may befall a prompt on its way and must not hide it.
func damages() map[string]func([]int16) []int16 {
	noise := rand.New(rand.NewPCG(1, 9)) //nolint:gosec // noise need not be secret
	return map[string]func([]int16) []int16{
		"alaw": func(p []int16) []int16 { return through(p, alaw) },
		"ulaw": func(p []int16) []int16 { return through(p, ulaw) },
		"both codecs, quieter": func(p []int16) []int16 {
			return through(p, func(s int16) int16 { return ulaw(alaw(s / 4)) })
		},
		"noise": func(p []int16) []int16 {
			return through(p, func(s int16) int16 {
				return alaw(s + int16(noise.Int32N(801)-400)) //nolint:gosec // small
			})
		},
		"half a sample late": func(p []int16) []int16 {
			out := slices.Clone(p)
			for i := 1; i < len(p); i++ {
				out[i] = alaw(p[i-1]/2 + p[i]/2)
			}
			return out
		},
		"three packets lost": func(p []int16) []int16 {
			out := through(p, alaw)
			for _, at := range []int{4000, 9600, 11200} {
				clear(out[at : at+160])
			}
			return out
		},
		"a stall of 100 ms": func(p []int16) []int16 {
			out := through(p, alaw)
			return slices.Insert(out, 7000, silence(100*time.Millisecond)...)
		},
	}
}

// placed puts sound into a longer recording.
func placed(pcm []int16) []int16 {
	return slices.Concat(silence(1300*time.Millisecond), pcm, silence(2*time.Second))
}

// TestTellsPromptsApart compares every damaged prompt with every prompt: its own
// must be found at its place, no other, and the two far apart.
func TestTellsPromptsApart(t *testing.T) {
	library := prompts(t)
	worst, best := 1.0, 0.0
	var worstName, bestName string
	for how, damage := range damages() {
		for spoken, pcm := range library {
			ear := hear.Listen(placed(damage(pcm)))
			for name, prompt := range library {
				m, ok := ear.Find(prompt, hear.Options{})
				pairing := fmt.Sprintf("%s: heard %s, asked for %s", how, spoken, name)
				if ok != (name == spoken) {
					t.Errorf("%s: found %v, %+v", pairing, ok, m)
				}
				if name != spoken {
					if m.Score > best {
						best, bestName = m.Score, pairing
					}
					continue
				}
				if late := m.At - 1300*time.Millisecond; late.Abs() > 5*time.Millisecond {
					t.Errorf("%s: found %s away from its place", pairing, late)
				}
				if m.Score < worst {
					worst, worstName = m.Score, pairing
				}
			}
		}
	}
	t.Logf("worst true %.3f (%s); best false %.3f (%s)", worst, worstName, best, bestName)
	if worst-best < margin {
		t.Errorf("true and false are %.3f apart, want %.1f", worst-best, margin)
	}
}

func TestCutShort(t *testing.T) {
	library := prompts(t)
	for name, prompt := range library {
		for _, d := range []time.Duration{600 * time.Millisecond, 1100 * time.Millisecond} {
			heard := placed(through(prompt[:int(d.Seconds()*hear.Rate)], alaw))
			if m, ok := hear.FindStart(heard, prompt, d, hear.Options{}); !ok {
				t.Errorf("%s cut after %s: its start is not found: %+v", name, d, m)
			}
			if m, ok := hear.Find(heard, prompt, hear.Options{}); ok {
				t.Errorf("%s cut after %s passes for the whole: %+v", name, d, m)
			}
			if m, ok := hear.FindStart(heard, prompt, d+600*time.Millisecond, hear.Options{MinScore: 0.9}); ok {
				t.Errorf("%s cut after %s passes for 0.6 s more: %+v", name, d, m)
			}
		}
	}
}

func TestWindow(t *testing.T) {
	prompt := prompts(t)["kk-checkpoints"]
	heard := slices.Concat(placed(prompt), placed(prompt))
	second := hear.Length(placed(prompt)) + 1300*time.Millisecond
	m, ok := hear.Find(heard, prompt, hear.Options{From: 2 * time.Second})
	if !ok || (m.At-second).Abs() > time.Millisecond {
		t.Errorf("from the second second on: %+v, want it at %s", m, second)
	}
	if m, ok := hear.Find(heard, prompt, hear.Options{From: 2 * time.Second, To: second}); ok {
		t.Errorf("found where it is not: %+v", m)
	}
}

func TestTranscript(t *testing.T) {
	library := prompts(t)
	heard := slices.Concat(
		silence(time.Second),
		through(library["kk-checkpoints"], alaw),
		through(library["ru-checkpoints"], alaw),
		silence(500*time.Millisecond),
		through(library["kk-transport"][:12000], alaw), // cut by a key
		silence(200*time.Millisecond),
		through(library["ru-same"], alaw),
		through(library["ru-same"], alaw), // again
	)
	all := hear.Transcript(heard, library)
	var names []string
	for _, h := range all {
		name := h.Name
		if h.Cut {
			name += " cut"
		}
		names = append(names, name)
	}
	want := "kk-checkpoints ru-checkpoints kk-transport cut ru-same ru-same"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("heard %s\nwant  %s\n%s", got, want, hear.Report(all))
	}
}

func TestNothingToHear(t *testing.T) {
	library := prompts(t)
	noise := rand.New(rand.NewPCG(3, 4))                                                                   //nolint:gosec // noise need not be secret
	hiss := through(silence(5*time.Second), func(int16) int16 { return int16(noise.Int32N(6000) - 3000) }) //nolint:gosec // small
	for name, heard := range map[string][]int16{
		"nothing": nil, "one sample": {1}, "silence": silence(3 * time.Second), "hiss": hiss,
	} {
		for prompt, pcm := range library {
			if m, ok := hear.Find(heard, pcm, hear.Options{}); ok {
				t.Errorf("%s: %s was found: %+v", name, prompt, m)
			}
		}
		if all := hear.Transcript(heard, library); len(all) != 0 {
			t.Errorf("%s: %s", name, hear.Report(all))
		}
	}
	for name, prompt := range map[string][]int16{"nothing": nil, "one sample": {1}, "silence": silence(time.Second)} {
		if m, ok := hear.Find(placed(library["kk-same"]), prompt, hear.Options{}); ok {
			t.Errorf("%s was found: %+v", name, m)
		}
	}
}

// BenchmarkTranscript is a minute of sound against a hundred prompts.
func BenchmarkTranscript(b *testing.B) {
	library := prompts(b)
	many := make(map[string][]int16)
	var heard []int16
	for name, pcm := range library {
		heard = append(heard, placed(pcm)...)
		for i := range 16 { // absent ones: as long, but backwards and cut differently
			other := slices.Clone(pcm)
			slices.Reverse(other)
			many[fmt.Sprint(name, i)] = other[100*i:]
		}
		many[name] = pcm
	}
	for hear.Length(heard) < time.Minute {
		heard = append(heard, heard...)
	}
	heard = heard[:60*hear.Rate]
	b.ReportMetric(float64(len(many)), "prompts")
	for b.Loop() {
		hear.Transcript(heard, many)
	}
}

// TestOffTheGrid finds a prompt wherever it lies: a recording is not cut where
// the prompt's samples would like it.
func TestOffTheGrid(t *testing.T) {
	prompt := prompts(t)["ru-checkpoints"]
	rapid.Check(t, func(t *rapid.T) {
		lead := rapid.IntRange(0, 12000).Draw(t, "samples before")
		heard := slices.Concat(make([]int16, lead), through(prompt, alaw), silence(100*time.Millisecond))
		m, ok := hear.Find(heard, prompt, hear.Options{})
		want := hear.Length(heard[:lead])
		if !ok || m.Score < 0.95 || (m.At-want).Abs() > time.Millisecond {
			t.Fatalf("%v %+v, want it at %s", ok, m, want)
		}
	})
}
