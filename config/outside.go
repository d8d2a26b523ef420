package config

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

var durationType = reflect.TypeFor[time.Duration]()

// fromEnv binds the variables that are set and parse, and notes the others.
func (l *loading) fromEnv() {
	for _, s := range l.schema.settings {
		text := os.Getenv(s.env())
		if text == "" {
			continue
		}
		origin := Origin{Source: SourceEnv, Name: s.env()}
		if !l.parses(s, text, origin) {
			continue
		}
		if err := l.viper.BindEnv(s.key, s.env()); err == nil {
			l.origins[s.key] = origin
		}
	}
	l.strangeEnv()
}

// strangeEnv warns of variables that look like ours and set nothing.
func (l *loading) strangeEnv() {
	known := []string{configEnv}
	for _, s := range l.schema.settings {
		known = append(known, s.env())
	}
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, envPrefix+"_") || slices.Contains(known, name) {
			continue
		}
		warning := Problem{Origin: Origin{Source: SourceEnv, Name: name}, Message: "sets nothing: there is no such setting", Cure: "unset it"}
		if near := nearestEnv(name, known); near != "" {
			warning.Cure = "did you mean " + near + "?"
		}
		l.warnings = append(l.warnings, warning)
	}
}

// nearestEnv compares what follows the prefix, which all have in common.
func nearestEnv(name string, known []string) string {
	short := make([]string, len(known))
	for i, k := range known {
		short[i] = strings.ToLower(strings.TrimPrefix(k, envPrefix+"_"))
	}
	if near := nearest(strings.TrimPrefix(name, envPrefix+"_"), short); near != "" {
		return envPrefix + "_" + strings.ToUpper(near)
	}
	return ""
}

// fromFlags takes the flags that were given and tied to a key, then --set.
func (l *loading) fromFlags(o Options) {
	if o.Flags != nil {
		o.Flags.Visit(l.fromFlag)
	}
	for _, pair := range o.Set {
		l.fromSet(pair)
	}
}

func (l *loading) fromFlag(flag *pflag.Flag) {
	keys := flag.Annotations[annotation]
	if len(keys) != 1 {
		return
	}
	s := l.schema.byKey[keys[0]]
	origin := Origin{Source: SourceFlag, Name: flag.Name}
	if _, list := flag.Value.(pflag.SliceValue); !list && !l.parses(s, flag.Value.String(), origin) {
		return
	}
	if err := l.viper.BindPFlag(s.key, flag); err == nil {
		l.origins[s.key] = origin
	}
}

func (l *loading) fromSet(pair string) {
	origin := Origin{Source: SourceFlag, Name: "set"}
	key, text, pairs := strings.Cut(pair, "=")
	s, known := l.schema.byKey[key]
	switch {
	case !pairs:
		l.problems = append(l.problems, Problem{Origin: origin, Message: "no = in it", Cure: "write --set key=value, such as --set log.level=debug"})
	case !known:
		section, name := splitKey(key)
		l.problems = append(l.problems, Problem{Origin: origin, Message: "unknown key " + quote(key), Cure: l.schema.unknownKey(section, name)})
	case s.secret():
		l.problems = append(l.problems, Problem{
			Origin: origin, Key: key, Message: "a secret on the command line is seen by everyone on this machine",
			Cure: "use " + s.env() + "_FILE, " + s.env() + " or the file",
		})
	default:
		if value, ok := l.parsed(s, text, origin); ok {
			l.viper.Set(key, value)
			l.origins[key] = origin
		}
	}
}

// splitKey cuts the last word off.
func splitKey(key string) (section, name string) {
	if i := strings.LastIndexByte(key, '.'); i >= 0 {
		return key[:i], key[i+1:]
	}
	return "", key
}

func (l *loading) parses(s setting, text string, origin Origin) bool {
	_, ok := l.parsed(s, text, origin)
	return ok
}

func (l *loading) parsed(s setting, text string, origin Origin) (any, bool) {
	value, err := parse(text, s.kind)
	if err != nil {
		l.problems = append(l.problems, Problem{Origin: origin, Key: s.key, Message: shown(s, text) + err.Error()})
		return nil, false
	}
	return value, true
}
