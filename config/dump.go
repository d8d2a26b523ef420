package config

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// Entry is one setting as it holds now.
type Entry struct {
	Key string `json:"key"`
	// Value as it would be written in the file; a secret is masked.
	Value string `json:"value"`
	// Origin is default, file:line:column, the variable or the flag.
	Origin string `json:"origin"`
}

// Entries lists every setting, in the order of the sample, with its origin.
func (l *Loaded) Entries() []Entry {
	entries := make([]Entry, 0, len(l.schema.settings))
	for _, s := range l.schema.settings {
		entries = append(entries, Entry{
			Key: s.key, Value: written(s.value(&l.Settings).Interface()), Origin: l.origins[s.key].String(),
		})
	}
	return entries
}

// Write prints the settings as a table: key, value, origin.
func (l *Loaded) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, e := range l.Entries() {
		if _, err := fmt.Fprintf(table, "%s\t%s\t%s\n", e.Key, e.Value, e.Origin); err != nil {
			return fmt.Errorf("settings: %w", err)
		}
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	return nil
}

func written(value any) string {
	switch v := value.(type) {
	case time.Duration:
		return short(v)
	case []string:
		quoted := make([]string, len(v))
		for i, item := range v {
			quoted[i] = fmt.Sprintf("%q", item)
		}
		return "[" + strings.Join(quoted, ", ") + "]"
	case []SingleQueue:
		shown := make([]string, len(v))
		for i, s := range v {
			shown[i] = s.String()
		}
		return "[" + strings.Join(shown, ", ") + "]"
	case []Partner:
		shown := make([]string, len(v))
		for i, p := range v {
			shown[i] = p.String()
		}
		return "[" + strings.Join(shown, ", ") + "]"
	case string:
		return fmt.Sprintf("%q", v)
	default:
		return fmt.Sprint(v)
	}
}
