package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// parse turns the text of a variable, a flag or a scalar of the file into a
// value of the kind. The error says what is expected, and holds no value.
func parse(text string, kind reflect.Type) (any, error) {
	switch kind {
	case reflect.TypeFor[time.Duration]():
		return parseDuration(text)
	case reflect.TypeFor[[]string]():
		return parseList(text)
	case reflect.TypeFor[Secret]():
		return NewSecret(text), nil
	case reflect.TypeFor[int]():
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("is not a whole number; write digits only, such as 5060")
		}
		return n, nil
	case reflect.TypeFor[bool]():
		return parseYesNo(text)
	case reflect.TypeFor[string]():
		return text, nil
	case partnersType, singleType:
		return nil, fmt.Errorf("can be set in the file alone")
	default:
		return nil, fmt.Errorf("has a kind that cannot be set (%s); report this as a fault of the program", kind)
	}
}

// parseYesNo takes the two words of YAML and no others: in "no" or "0" nobody
// sees what is meant.
func parseYesNo(text string) (any, error) {
	if text == "true" || text == "false" {
		return text == "true", nil
	}
	return nil, fmt.Errorf("is neither true nor false; write one of them, without quotes")
}

func parseDuration(text string) (any, error) {
	d, err := time.ParseDuration(text)
	if err == nil {
		return d, nil
	}
	if _, notNumber := strconv.ParseFloat(text, 64); notNumber == nil {
		return nil, fmt.Errorf("is a number without a unit; write a duration such as %ss", text)
	}
	return nil, fmt.Errorf("is not a duration; write it with units, such as 20s, 5m or 1h30m")
}

// parseList reads "a,b" or, where an item holds a comma, ["a,b", "c"].
func parseList(text string) (any, error) {
	if strings.TrimSpace(text) == "" {
		return []string{}, nil
	}
	if !strings.HasPrefix(strings.TrimSpace(text), "[") {
		items := strings.Split(text, ",")
		for i := range items {
			items[i] = strings.TrimSpace(items[i])
		}
		return items, nil
	}
	items := []string{}
	if err := yaml.Load([]byte(text), &items); err != nil {
		return nil, fmt.Errorf(`is not a list; write a,b or ["a", "b"]`)
	}
	return items, nil
}
