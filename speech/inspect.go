package speech

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"
)

// Entry is what there is of a clip.
type Entry struct {
	Clip   Clip
	Status Status
	// File is what is played now, on this machine, and Length how long it is.
	// Both are zero when nothing can be played.
	File   string
	Length time.Duration
	// Recorded holds the words of the newest recording, when they are known.
	Recorded string
	// At is when that was brought in.
	At time.Time
	// Accepted are its flaws that were known when it was.
	Accepted []FlawCode
}

// Entry tells what there is of a clip.
func (l *Library) Entry(c Clip) Entry {
	e := Entry{Clip: c, Status: l.Status(c)}
	if s, ok := l.find(c); ok {
		e.File, e.Length = s.here+phoneExt, time.Duration(s.samples)*(time.Second/phoneRate)
	}
	all := l.recordingsOf(c)
	newest, ok := speaks(all, c.Text)
	if !ok && len(all) > 0 {
		newest = all[0]
	}
	e.Recorded, e.At, e.Accepted = newest.note.Text, newest.note.At, newest.note.Flaws
	return e
}

// Inspect looks at the recordings of clips as a careful listener would: those
// that do not say the words any more, that cannot be played, that are clipped,
// too quiet, too loud or silent for too long. With need, a clip without a
// recording is a flaw too. Flaws that were accepted when the recording was
// brought in are not told again. The order is that of the clips.
func (l *Library) Inspect(ctx context.Context, clips []Clip, need bool) ([]Flaw, error) {
	found := make([][]Flaw, len(clips))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(l.opts.Workers)
	for i, c := range clips {
		all := l.recordingsOf(c)
		if len(all) == 0 {
			if need {
				found[i] = []Flaw{unrecorded(c)}
			}
			continue
		}
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			found[i] = l.inspect(c, all)
			return nil
		})
	}
	err := group.Wait()
	return slices.Concat(found...), err
}

func unrecorded(c Clip) Flaw {
	return Flaw{
		Code: FlawMissing, Clip: c, Message: fmt.Sprintf("%q has no recording", shorten(c.Text, 60)),
		Cure: "record it (`ikomek109 prompts script` has what to read), or allow the draft voice (speech.recorded_only: false)",
	}
}

// inspect looks at the recording that is played, or tells why none is.
func (l *Library) inspect(c Clip, all []recording) []Flaw {
	r, ok := speaks(all, c.Text)
	if !ok {
		return []Flaw{l.silenced(c, all[0])}
	}
	file := l.recordingPath(c.Lang, r.base) + phoneExt
	m, err := measureFile(file)
	if err != nil {
		return []Flaw{broken(c, file, err)}
	}
	return slices.DeleteFunc(m.ofFile(c, file), func(f Flaw) bool { return slices.Contains(r.note.Flaws, f.Code) })
}

// silenced tells why a recording is not played.
func (l *Library) silenced(c Clip, r recording) Flaw {
	file := l.recordingPath(c.Lang, r.base) + phoneExt
	if r.broken != nil {
		return broken(c, file, r.broken)
	}
	says, reads := difference(r.note.Text, c.Text)
	f := Flaw{
		Code: FlawStale, Clip: c, File: file,
		Message: fmt.Sprintf("it says %q, and the phrase reads %q now: the draft voice speaks", says, reads),
		Cure:    "record the new words; `ikomek109 prompts script` has them",
	}
	if !r.known {
		f.Message, f.Cure = "nobody noted what it says: the draft voice speaks", "bring it in again with `ikomek109 prompts import`"
	}
	return f
}

// difference shortens two texts to where they begin to differ.
func difference(a, b string) (string, string) {
	was, is := strings.Fields(a), strings.Fields(b)
	same := 0
	for same < min(len(was), len(is))-1 && was[same] == is[same] {
		same++
	}
	if same < 3 {
		return shorten(a, 60), shorten(b, 60)
	}
	return "… " + shorten(strings.Join(was[same-1:], " "), 60), "… " + shorten(strings.Join(is[same-1:], " "), 60)
}

func broken(c Clip, file string, err error) Flaw {
	return Flaw{
		Code: FlawBroken, Clip: c, File: file, Message: err.Error(),
		Cure: "bring it in again with `ikomek109 prompts import`; the draft voice speaks until then",
	}
}

// measureFile measures a file that was found to be one of ours.
func measureFile(file string) (measure, error) {
	wav, err := readBounded(file, maxOutput)
	if err != nil {
		return measure{}, err
	}
	s, err := readSource(wav)
	if err != nil {
		return measure{}, err
	}
	return s.measure(), nil
}
