package flows_test

import (
	"fmt"
	"io/fs"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"
)

// office is a calendar that flows may use.
const office = `
weekly:
  mon-fri: [09:00-13:00, 14:00-18:30]
  sat: 10:00-14:00
  sun: closed
dates:
  2026-12-16: {hours: closed, reason: Тәуелсіздік күні}
  2026-12-19..2026-12-20: {hours: 00:00-24:00, reason: Үкімет қаулысы}
`

func loadBytes(data string) (*flows.Flow, flows.Findings) {
	return flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(data)}, "office.calendar.yaml": {Data: []byte(office)}}, "f.yaml", flows.Known{})
}

func TestFilesThatCannotBeRead(t *testing.T) {
	files := fstest.MapFS{
		"folder/a.yaml": {Data: []byte("a: b")},
		"huge.yaml":     {Data: make([]byte, flows.MaxFile+1)},
		"deep.yaml":     {Data: []byte(strings.Repeat("[", 100_000))},
		"indent.yaml":   {Data: []byte(deep(200))},
	}
	for name, code := range map[string]flows.Code{
		"none.yaml": flows.CodeUnreadable, "../up.yaml": flows.CodeUnreadable, "": flows.CodeUnreadable,
		"folder": flows.CodeUnreadable, "huge.yaml": flows.CodeTooBig, "deep.yaml": flows.CodeTooBig, "indent.yaml": flows.CodeTooBig,
	} {
		f, found := flows.Load(fs.FS(files), name, flows.Known{})
		if f != nil || len(found) != 1 || found[0].Code != code || found[0].File != name {
			t.Errorf("%q: %v, want one finding %s", name, found, code)
		}
	}
}

func deep(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "%sa:\n", strings.Repeat(" ", i))
	}
	return b.String()
}

func TestByteOrderMarkAndWindowsLinesAreFine(t *testing.T) {
	f, found := loadBytes("\xef\xbb\xbf" + strings.ReplaceAll(small, "\n", "\r\n"))
	if f == nil {
		t.Fatal(found)
	}
}

// TestLargeFiles wants an end, and a bounded report, for a hundred thousand
// lines, good or wholly broken. How long it takes is printed, not judged.
func TestLargeFiles(t *testing.T) {
	var good, says, broken strings.Builder
	head, _, _ := strings.Cut(small, "nodes:")
	for _, b := range []*strings.Builder{&good, &says, &broken} {
		b.WriteString(head + "nodes:\n  operator: {kind: queue, queue: main}\n  bye: {kind: end}\n")
	}
	for i := range 16_000 {
		fmt.Fprintf(&good, "  n%d:\n    kind: menu\n    options:\n      - text: {kk: Су үшін, ru: Для воды}\n        to: n%d\n        category: water\n", i, (i+1)%16_000)
		fmt.Fprintf(&broken, "  n%d:\n    kind: menu\n    options:\n      - text: {kk: Су үшін}\n        to: m%d\n        category: watre\n", i, i)
	}
	for i := range 25_000 {
		fmt.Fprintf(&says, "  n%d:\n    kind: say\n    text: {kk: Су, ru: Вода}\n    to: n%d\n", i, (i+1)%25_000)
	}
	for name, text := range map[string]string{
		"good": strings.Replace(good.String(), "start: welcome", "start: n0", 1), "one circle": says.String(),
		"broken": broken.String(), "no flow": strings.Repeat("- a\n", 100_000), "no key": strings.Repeat("a:\n", 100_000),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		begun := time.Now()
		f, found := loadBytes(text)
		took := time.Since(begun)
		runtime.ReadMemStats(&after)
		t.Logf("%s: %d lines, %s, %d MB allocated in all, %d findings", name, strings.Count(text, "\n"), took, (after.TotalAlloc-before.TotalAlloc)>>20, len(found))
		if (f != nil) != (name == "good") || len(found) > flows.MaxFindings {
			t.Errorf("%s: flow %v, %d findings, the first %v", name, f != nil, len(found), found[:min(1, len(found))])
		}
	}
}

func TestCheckTerms(t *testing.T) {
	f := loadText(t, small)
	for _, tc := range []struct {
		now   string
		water string // what is said of the answer "water", none of it when empty
	}{
		{"2025-12-31T12:00:00Z", "is not read before 2026-01-01 00:00"},
		{"2026-06-01T12:00:00Z", ""},
		{"2026-12-30T18:00:00Z", ""},
		{"2026-12-30T19:00:00Z", "will not be read from 2027-01-01 00:00"},
		{"2027-02-01T12:00:00Z", "has not been read since 2027-01-01 00:00"},
	} {
		now, err := time.Parse(time.RFC3339, tc.now)
		if err != nil {
			t.Fatal(err)
		}
		var water string
		for _, one := range f.CheckTerms(now) {
			if one.Code != flows.CodeOutOfTerm || one.Line == 0 || one.Cure == "" {
				t.Errorf("%s: %+v", tc.now, one)
			}
			if strings.Contains(one.Message, `"water"`) {
				water = one.Message
			}
		}
		if tc.water == "" && water != "" || !strings.HasSuffix(water, tc.water) {
			t.Errorf("%s: %q, want %q", tc.now, water, tc.water)
		}
	}
}

func TestFlowDescribesItself(t *testing.T) {
	f := loadText(t, small)
	if got := fmt.Sprint(f.Queues(), f.Nodes(), f.KindOf("topics"), f.KindOf("none"), f.Name()); got != "[main] [welcome language topics water old operator bye]menusmall" {
		t.Error(got)
	}
	c, ok := f.Category("water/cold")
	want := flows.Category{Code: "water/cold", Name: flows.Text{KK: "Суық су", RU: "Холодная вода"}, Announce: flows.Text{KK: "Су.", RU: "Вода."}, Number: "21"}
	if !ok || c != want || len(f.Categories()) != 3 {
		t.Errorf("%+v, %v, of %d", c, ok, len(f.Categories()))
	}
	if got := c.Phrases(); !slices.Equal(got, []string{"category/water/cold", "category/water/cold/name"}) {
		t.Errorf("an agent hears %v", got)
	}
	for _, id := range c.Phrases() {
		if _, ok := f.Phrase(id); !ok {
			t.Errorf("no phrase %s", id)
		}
	}
	if again, ok := f.CategoryNumbered("21"); !ok || again.Code != c.Code {
		t.Errorf("number 21 is %+v", again)
	}
	if none, ok := f.CategoryNumbered(""); ok {
		t.Errorf("no number is %+v", none)
	}
	other := loadText(t, strings.Replace(small, "Су бар", "Су мол", 1))
	if f.ID() == other.ID() || f.ID() != loadText(t, small).ID() || !strings.HasPrefix(f.ID(), "small@") {
		t.Errorf("ids %s and %s", f.ID(), other.ID())
	}
}

func TestAFlowCanSpeakInItsOwnWords(t *testing.T) {
	f := loadText(t, strings.Replace(small, "nodes:", "phrases:\n  goodbye: {kk: Аман болыңыз., ru: Всего доброго.}\nnodes:", 1))
	if p, _ := f.Phrase("goodbye"); p.Text.KK != "Аман болыңыз." {
		t.Errorf("%+v", p)
	}
	if p, _ := loadText(t, small).Phrase("goodbye"); p.Text.KK == "Аман болыңыз." {
		t.Error("one flow's words have become another's")
	}
}
