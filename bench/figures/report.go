package figures

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"
)

// Report is what one run of the bench found. It is written as JSON.
type Report struct {
	At      time.Time `json:"at"`
	Machine Machine   `json:"machine"`
	Sizes   any       `json:"sizes"`
	Took    string    `json:"took"`
	Rows    []Row     `json:"figures"`
	// Invalid says why the figures tell nothing of the program; empty when they do.
	Invalid string `json:"invalid,omitempty"`
}

// Machine is where it ran: figures of different machines do not compare.
type Machine struct {
	CPU      string `json:"cpu"`
	Cores    int    `json:"cores"`
	Kernel   string `json:"kernel"`
	Go       string `json:"go"`
	Asterisk string `json:"asterisk"`
	// Load is the machine's load average when the bench began: above a half of
	// Cores somebody else was at work.
	Load float64 `json:"load"`
}

// Row is one figure.
type Row struct {
	Name string `json:"name"`
	Unit string `json:"unit"`
	Spread
	// Limit is the most that Median may be; nil when the figure is for
	// information.
	Limit *float64 `json:"limit,omitempty"`
	// Exact rows hold one measurement: Min and Max say nothing.
	Exact bool `json:"exact,omitempty"`
}

// Broken tells whether the figure is over its limit.
func (r Row) Broken() bool { return r.Limit != nil && !(r.Median <= *r.Limit) }

// Add adds a figure measured several times.
func (r *Report) Add(name, unit string, s Spread) {
	r.Rows = append(r.Rows, Row{Name: name, Unit: unit, Spread: s})
}

// AddOne adds a figure measured once.
func (r *Report) AddOne(name, unit string, value float64) {
	r.Rows = append(r.Rows, Row{Name: name, Unit: unit, Spread: Spread{value, value, value}, Exact: true})
}

// Limit sets the limit of the figure added last.
func (r *Report) Limit(most float64) { r.Rows[len(r.Rows)-1].Limit = &most }

// Broken counts the figures over their limits.
func (r *Report) Broken() int {
	n := 0
	for _, row := range r.Rows {
		if row.Broken() {
			n++
		}
	}
	return n
}

// Print writes the table, and at its end whether it counts.
func (r *Report) Print(w io.Writer) error {
	fmt.Fprintf(w, "\n%s, %d cores, load %.1f at the start; Asterisk %s; took %s\n\n", //nolint:errcheck // a terminal
		r.Machine.CPU, r.Machine.Cores, r.Machine.Load, r.Machine.Asterisk, r.Took)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(t, "figure\tmedian\tleast\tmost\tlimit\tunit\t\t") //nolint:errcheck // kept until Flush
	for _, row := range r.Rows {
		least, most, limit, verdict := number(row.Min), number(row.Max), "", ""
		if row.Exact {
			least, most = "", ""
		}
		if row.Limit != nil {
			limit, verdict = number(*row.Limit), "ok"
		}
		if row.Broken() {
			verdict = "BROKEN"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t\n", row.Name, number(row.Median), least, most, limit, row.Unit, verdict) //nolint:errcheck // kept until Flush
	}
	if err := t.Flush(); err != nil || r.Invalid == "" {
		return err
	}
	_, err := fmt.Fprintf(w, "\nThese figures are NOT VALID: %s.\n", r.Invalid)
	return err
}

// number writes a figure with three digits that count.
func number(v float64) string {
	switch {
	case v >= 100 || v <= -100 || v == float64(int(v)):
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10 || v <= -10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// Write stores the report in the folder, under its time, and gives the path.
func (r *Report) Write(dir string) (string, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return "", fmt.Errorf("the folder for results: %w; name another with --out", err)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, r.At.UTC().Format("2006-01-02T150405Z")+".json")
	return path, os.WriteFile(path, append(text, '\n'), 0o600)
}
