package flows_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ikomek109/flows"
)

// FuzzLoad wants findings or a flow for any file, and a call through the flow
// that keeps its form.
func FuzzLoad(f *testing.F) {
	files, err := filepath.Glob("testdata/broken/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "109.yaml", "system.yaml") {
		data, err := os.ReadFile(file) //nolint:gosec // a file of the project
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add(small)
	f.Add(rich)
	f.Add("flow: *a")
	f.Add("? {a: b}\n: c")
	f.Fuzz(func(t *testing.T, data string) {
		flow, found := loadBytes(data)
		if (flow == nil) != found.HasErrors() {
			t.Fatalf("flow %v with %v", flow != nil, found)
		}
		for _, one := range found {
			if one.File == "" || one.Code == "" || one.Message == "" || one.Cure == "" || one.Line < 1 || one.Column < 1 {
				t.Errorf("a finding says too little: %+v", one)
			}
		}
		if flow != nil {
			call(t, flow).do(".1_2#*0")
			call(t, flow).do("____")
			for _, node := range flow.Nodes() {
				checkShape(t, flow.BeginAt(flows.Start{Node: node}, daytime()))
			}
		}
	})
}

// FuzzStep wants an answer in form for any state that was ever written, and
// for any input.
func FuzzStep(f *testing.F) {
	flow := richFlow(f)
	for _, script := range []string{"", ".", "2", "11", "111", "111234#", "12", "121", "13", "14", "0"} {
		f.Add(string(mustJSON(call(f, flow).do(script).last.State)), '1')
	}
	f.Add(`{"node":"message","phase":"keeping","recording":"m","part":"after","order":["x","to-pin","to-pin"]}`, '2')
	f.Add(`{"node":"callback","phase":"listening","part":"confirm","digits":"1","vars":{"pin":"x","none":"1"}}`, '1')
	f.Add(`{"node":"topics","phase":"listening","back":["topics","x","","language"],"tries":99}`, '*')
	f.Fuzz(func(t *testing.T, text string, digit rune) {
		var s flows.State
		if json.Unmarshal([]byte(text), &s) != nil {
			return
		}
		checkShape(t, flow.Resume(s, daytime()))
		for _, in := range []flows.Input{
			flows.Key{Digit: digit},
			flows.Silence{},
			flows.Played{},
			flows.Left{},
			flows.Hangup{},
			flows.Served{},
			flows.Recorded{Name: text, Length: time.Hour},
			flows.Kept{},
			flows.Looked{Values: map[string]string{"left": text}},
			flows.Requested{Result: flows.CallbackResult(text)},
			flows.HandedOver{Result: flows.HandoverResult(text)},
		} {
			checkShape(t, flow.Step(s, in, daytime()))
		}
	})
}
