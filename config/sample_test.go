package config_test

import (
	"reflect"
	"strings"
	"testing"

	"ikomek109/config"
	_ "time/tzdata" // the tests must not depend on the machine's zones

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

func TestSampleIsStrictlyTheDefaults(t *testing.T) {
	if problems := config.Check("ikomek109.yaml", []byte(config.Sample())); len(problems) > 0 {
		t.Fatalf("the sample has problems:\n%v", problems)
	}
	isolate(t)
	got := load(t, config.Options{File: write(t, config.Sample())})
	want := load(t, config.Options{})
	if diff := cmp.Diff(want.Settings, got.Settings, secrets()); diff != "" {
		t.Errorf("sample and defaults differ (-defaults +sample):\n%s", diff)
	}
	for _, entry := range got.Entries() {
		if entry.Origin == "default" {
			t.Errorf("%s is not in the sample", entry.Key)
		}
	}
}

func TestSampleExplainsEveryKey(t *testing.T) {
	var doc yaml.Node
	if err := yaml.Load([]byte(config.Sample()), &doc); err != nil {
		t.Fatal(err)
	}
	seen := 0
	explained(t, doc.Content[0], "", &seen)
	if want := leaves(reflect.TypeFor[config.Settings]()); seen != want {
		t.Errorf("the sample holds %d keys, the struct %d", seen, want)
	}
}

func explained(t *testing.T, node *yaml.Node, section string, seen *int) {
	t.Helper()
	for i := 0; i < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if len(strings.TrimSpace(strings.Trim(key.HeadComment, "# "))) < 10 {
			t.Errorf("%s%s has no comment above it", section, key.Value)
		}
		if value.Kind == yaml.MappingNode {
			explained(t, value, section+key.Value+".", seen)
			continue
		}
		*seen++
	}
}

func leaves(of reflect.Type) int {
	n := 0
	for i := range of.NumField() {
		field := of.Field(i).Type
		if field.Kind() == reflect.Struct && field != reflect.TypeFor[config.Secret]() {
			n += leaves(field)
			continue
		}
		n++
	}
	return n
}
