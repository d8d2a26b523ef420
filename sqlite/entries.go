package sqlite

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"ikomek109/ivr"
)

// stored is an entry as a row of the journal has it, under short names: there
// are some 25 per call.
type stored struct {
	Seq    int               `json:"s"`
	At     int64             `json:"t"`
	Kind   ivr.Kind          `json:"k"`
	Node   string            `json:"n,omitempty"`
	Detail map[string]string `json:"d,omitempty"`
}

// packEntries writes a step's entries as one JSON list. It is on the path of
// every call, and several times quicker than reflection.
func packEntries(entries []ivr.Entry) string {
	if len(entries) == 0 {
		return ""
	}
	b := make([]byte, 0, 96*len(entries))
	for i, e := range entries {
		sep := byte(',')
		if i == 0 {
			sep = '['
		}
		b = append(b, sep)
		b = append(b, `{"s":`...)
		b = strconv.AppendInt(b, int64(e.Seq), 10)
		b = append(b, `,"t":`...)
		b = strconv.AppendInt(b, e.At.UnixMicro(), 10)
		b = append(b, `,"k":`...)
		b = appendText(b, string(e.Kind))
		if e.Node != "" {
			b = append(b, `,"n":`...)
			b = appendText(b, e.Node)
		}
		b = append(appendDetail(b, e.Detail), '}')
	}
	return string(append(b, ']'))
}

func appendDetail(b []byte, detail map[string]string) []byte {
	if len(detail) == 0 {
		return b
	}
	b = append(b, `,"d":`...)
	sep := byte('{')
	for _, name := range slices.Sorted(maps.Keys(detail)) {
		b = append(b, sep)
		b = append(appendText(b, name), ':')
		b = appendText(b, detail[name])
		sep = ','
	}
	return append(b, '}')
}

// appendText writes a JSON string; text that needs no escape is the rule.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(text) // a string can't fail
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
}

// unpackEntries reads a row back.
func unpackEntries(packed string) ([]ivr.Entry, error) {
	var rows []stored
	if err := json.Unmarshal([]byte(packed), &rows); err != nil {
		return nil, fmt.Errorf("a row of the journal is damaged: %w", err)
	}
	entries := make([]ivr.Entry, len(rows))
	for i, r := range rows {
		entries[i] = ivr.Entry{Seq: r.Seq, At: time.UnixMicro(r.At).UTC(), Kind: r.Kind, Node: r.Node, Detail: r.Detail}
	}
	return entries, nil
}
