package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"ikomek109/config"

	"go.yaml.in/yaml/v4"
)

func TestSecretNeverShows(t *testing.T) {
	const text = "hunter2-гүл"
	s := config.NewSecret(text)
	holder := struct{ Password config.Secret }{s}
	shown := map[string]string{}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T"} {
		shown[verb] = fmt.Sprintf(verb, s)
		shown["struct "+verb] = fmt.Sprintf(verb, holder)
		shown["pointer "+verb] = fmt.Sprintf(verb, &s)
	}
	asJSON, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Dump(holder)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", s, "holder", holder)
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "secret", s, "holder", holder)
	shown["json"], shown["yaml"], shown["slog"] = string(asJSON), string(asYAML), log.String()
	for how, out := range shown {
		if strings.Contains(out, "hunter2") || strings.Contains(out, fmt.Sprintf("%x", "hunter2")) {
			t.Errorf("%s shows the secret: %s", how, out)
		}
	}
	if s.Reveal() != text {
		t.Errorf("Reveal = %q", s.Reveal())
	}
	if !strings.Contains(string(asJSON), "****") {
		t.Errorf("JSON hides that there is a secret: %s", asJSON)
	}
}
