package lookup

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxValue bounds what is taken: it is spoken, or compared.
const maxValue = 64 // bytes

// pick takes values out of a JSON text: by variable, by pointer. All are there,
// or it is an error.
func pick(body []byte, take map[string]string) (map[string]string, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var doc any
	if err := dec.Decode(&doc); err != nil {
		return nil, errors.New("the answer is not JSON")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the answer goes on after its JSON")
	}
	values := make(map[string]string, len(take))
	for _, name := range slices.Sorted(maps.Keys(take)) {
		at, err := follow(doc, take[name])
		if err != nil {
			return nil, fmt.Errorf("for %q: %w", name, err)
		}
		if values[name], err = spoken(at); err != nil {
			return nil, fmt.Errorf("for %q, at %q: %w", name, take[name], err)
		}
	}
	return values, nil
}

// follow goes where a JSON pointer (RFC 6901) leads.
func follow(doc any, pointer string) (any, error) {
	if pointer == "" {
		return doc, nil
	}
	if pointer[0] != '/' {
		return nil, fmt.Errorf("%q is no JSON pointer", pointer)
	}
	unescape := strings.NewReplacer("~1", "/", "~0", "~")
	for step := range strings.SplitSeq(pointer[1:], "/") {
		next, ok := within(doc, unescape.Replace(step))
		if !ok {
			return nil, fmt.Errorf("the answer has nothing at %q", pointer)
		}
		doc = next
	}
	return doc, nil
}

func within(doc any, step string) (any, bool) {
	switch at := doc.(type) {
	case map[string]any:
		next, ok := at[step]
		return next, ok
	case []any:
		i, err := strconv.Atoi(step)
		if err != nil || i < 0 || i >= len(at) || strconv.Itoa(i) != step {
			return nil, false
		}
		return at[i], true
	}
	return nil, false
}

// spoken is a value as text, if it is one that can be spoken.
func spoken(value any) (string, error) {
	var text string
	switch v := value.(type) {
	case string:
		text = v
	case json.Number:
		text = v.String()
	case bool:
		text = strconv.FormatBool(v)
	default:
		return "", errors.New("it is neither a text nor a number nor true or false")
	}
	switch {
	case len(text) > maxValue:
		return "", fmt.Errorf("it has more than %d bytes", maxValue)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", errors.New("it holds what cannot be printed")
	}
	return text, nil
}
