package flows_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ikomek109/flows"
)

// TestCalendar wants the hours of the week and the days that are otherwise, in
// the city's time, whatever clock the moment is told by.
func TestCalendar(t *testing.T) {
	f := richFlow(t)
	almaty, err := time.LoadLocation("Asia/Almaty")
	if err != nil {
		t.Fatal(err)
	}
	for moment, want := range map[string]bool{
		"2026-06-01T08:59": false, "2026-06-01T09:00": true, "2026-06-01T12:59": true, "2026-06-01T13:00": false,
		"2026-06-01T14:00": true, "2026-06-01T18:29": true, "2026-06-01T18:30": false,
		"2026-06-06T10:00": true, "2026-06-06T14:00": false, "2026-06-07T12:00": false,
		"2026-12-15T12:00": true, "2026-12-16T12:00": false, "2026-12-17T12:00": true,
		"2026-12-18T23:59": false, "2026-12-19T00:00": true, "2026-12-20T23:59": true, "2026-12-21T00:00": false,
	} {
		at, err := time.ParseInLocation("2006-01-02T15:04", moment, almaty)
		if err != nil {
			t.Fatal(err)
		}
		for _, zone := range []*time.Location{almaty, time.UTC, time.FixedZone("", -11*3600)} {
			r := f.BeginAt(flows.Start{Node: "who"}, flows.Env{Now: at.In(zone)})
			if got := r.State.Node == "topics"; got != want {
				t.Errorf("%s, told in %s: open %v, want %v", moment, zone, got, want)
			}
			if open, known := f.Open("office", at.In(zone)); open != want || !known {
				t.Errorf("%s, told in %s: asked by name it is open %v, known %v", moment, zone, open, known)
			}
		}
	}
	if open, known := f.Open("shop", time.Now()); open || known {
		t.Error("it knows a calendar that it does not have")
	}
	if r := f.BeginAt(flows.Start{Node: "who"}, flows.Env{}); r.State.Node != "closed" {
		t.Error("it is open at no time at all")
	}
}

// TestAFlowInSeveralFiles wants parts to be as good as the whole, and the flow's
// name to change with each of them.
func TestAFlowInSeveralFiles(t *testing.T) {
	head, nodes, _ := strings.Cut(small, "  water:\n    kind: answer")
	water, rest, _ := strings.Cut(nodes, "  old:")
	files := func() fstest.MapFS {
		return fstest.MapFS{
			"109.yaml":                             {Data: []byte("include: [partners/water.yaml]\n" + head + "  old:" + rest)},
			"partners/water.yaml":                  {Data: []byte("include: [deeper/none.yaml]\nnodes:\n  water:\n    kind: answer" + water)},
			"partners/deeper/none.yaml":            {Data: []byte("vars: {account: digits}\ncalendars: {office: office.calendar.yaml}\n")},
			"partners/deeper/office.calendar.yaml": {Data: []byte(office)},
		}
	}
	load := func(files fstest.MapFS) *flows.Flow {
		f, found := flows.Load(files, "109.yaml", flows.Known{})
		if len(found) > 0 {
			t.Fatal(found)
		}
		return f
	}
	whole := load(files())
	if c := call(t, whole).do("11"); c.last.State.Node != "water" || c.last.State.Phase != flows.Playing {
		t.Errorf("the part is not walked: %+v", c.last.State)
	}
	seen := map[string]string{whole.ID(): "nothing"}
	for name, file := range files() {
		changed := files()
		changed[name] = &fstest.MapFile{Data: append([]byte("# changed\n"), file.Data...)}
		id := load(changed).ID()
		if seen[id] != "" {
			t.Errorf("with %s changed the flow is called %s, as with %s changed", name, id, seen[id])
		}
		seen[id] = name
	}
}

// TestManyLargeParts wants parts together to be bounded as one file is.
func TestManyLargeParts(t *testing.T) {
	files := fstest.MapFS{}
	var names []string
	for i := range flows.MaxFiles + 3 {
		name := strings.Repeat("p", i+1) + ".yaml"
		names = append(names, name)
		files[name] = &fstest.MapFile{Data: []byte("nodes:\n" + strings.Repeat("  a: {kind: end}\n", 20_000))}
	}
	files["f.yaml"] = &fstest.MapFile{Data: []byte("include: [" + strings.Join(names, ", ") + "]\n" + small)}
	begun := time.Now()
	f, found := flows.Load(files, "f.yaml", flows.Known{})
	t.Logf("%v, %d findings", time.Since(begun), len(found))
	if f != nil || len(found) > flows.MaxFindings {
		t.Errorf("flow %v, %d findings", f != nil, len(found))
	}
}

func TestCheckBulletin(t *testing.T) {
	for text, code := range map[flows.Text]flows.Code{
		{KK: "Қалада дауыл, үйде болыңыз.", RU: "В городе буря, оставайтесь дома."}: "",
		{KK: "Қалада дауыл.", RU: ""}:                                                              flows.CodeMissingLanguage,
		{KK: "Дауыл.", RU: "Буря до 18 часов."}:                                                    flows.CodeFigures,
		{KK: "Дауыл {minutes}.", RU: "Буря."}:                                                      flows.CodeUnknownValue,
		{KK: strings.Repeat("Үйде болыңыз, ", 170), RU: strings.Repeat("Оставайтесь дома, ", 130)}: flows.CodeBadValue,
		{KK: strings.Repeat("Үйде болыңыз, ", 400), RU: "Буря."}:                                   flows.CodeBadValue,
	} {
		found := flows.CheckBulletin(text)
		if code == "" && len(found) > 0 || code != "" && (len(found) == 0 || found[0].Code != code) {
			t.Errorf("%.40v: %v, want %q", text, found, code)
		}
	}
}
