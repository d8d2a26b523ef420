package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ikomek109/config"
	"ikomek109/flows"
)

// TestPartnersOfTheSample takes the # from the partners in the settings that ship,
// as their comment says: they are accepted, and are all that the menu that ships
// hands over to.
func TestPartnersOfTheSample(t *testing.T) {
	named := strings.NewReplacer("partners: []", "partners:", "#  - {code", "  - {code").Replace(config.Sample())
	file := filepath.Join(t.TempDir(), "settings.yaml")
	if err := os.WriteFile(file, []byte(named), 0o600); err != nil {
		t.Fatal(err)
	}
	loaded, err := config.Load(config.Options{File: file})
	if err != nil {
		t.Fatal(err)
	}
	with := known(loaded.Settings)
	if want := []string{"101", "102", "103", "104", "112", "111", "1414"}; !slices.Equal(with.Partners, want) {
		t.Errorf("the partners are %v, want %v", with.Partners, want)
	}
	menu, findings := flows.Load(flows.Shipped, flows.ShippedName, with)
	if menu == nil || len(findings) > 0 {
		t.Fatalf("the menu that ships: %v", findings)
	}
	if want := with.Partners[:5]; !slices.Equal(menu.Partners(), want) {
		t.Errorf("the menu hands over to %v, want %v", menu.Partners(), want)
	}
	if missing := partnerless(loaded.Settings, menu); missing != "" {
		t.Error(missing)
	}
	loaded.Settings.Partners = nil
	if missing := partnerless(loaded.Settings, menu); !strings.Contains(missing, "101, 102, 103, 104, 112") {
		t.Errorf("without partners it is said: %q", missing)
	}
}

// TestMenuThatCallsBack: where the menu that ships promises a call and the settings
// name no way to make one, that is said; not where they do, or nothing is promised.
func TestMenuThatCallsBack(t *testing.T) {
	loaded, err := config.Load(config.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := loaded.Settings
	menu, _ := flows.Load(flows.Shipped, flows.ShippedName, known(s))
	if missing := undialled(s, menu); !strings.Contains(missing, "callback.dial is not set") {
		t.Errorf("as it ships it is said: %q", missing)
	}
	silent, findings := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte("flow: f\nstart: op\noperator: op\ngoodbye: bye\nnodes:\n  op: {kind: queue, queue: main}\n  bye: {kind: end}\n")}}, "f.yaml", flows.Known{})
	if silent == nil {
		t.Fatal(findings)
	}
	if missing := undialled(s, silent); missing != "" {
		t.Error(missing)
	}
	s.Callback.Dial = "PJSIP/{number}@trunk"
	if missing := undialled(s, menu); missing != "" {
		t.Error(missing)
	}
}
