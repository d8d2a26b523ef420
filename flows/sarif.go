package flows

import (
	"encoding/json"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
)

// The parts of a SARIF 2.1.0 log that are written here.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID      string       `json:"id"`
		Short   sarifMessage `json:"shortDescription"`
		Default sarifLevel   `json:"defaultConfiguration"`
		Help    *sarifHelp   `json:"help,omitempty"`
	}
	sarifHelp struct {
		Text     string `json:"text"`
		Markdown string `json:"markdown"`
	}
	sarifLevel struct {
		Level Severity `json:"level"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     Severity        `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   *sarifRegion  `json:"region,omitempty"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		Line   int `json:"startLine"`
		Column int `json:"startColumn,omitempty"`
	}
)

// WriteSARIF writes the findings as a SARIF 2.1.0 log, for editors and build
// servers. Every code is among its rules, also those that nothing was found of;
// those that something was found of bring their page, in Markdown, when page
// gives one.
func (fs Findings) WriteSARIF(w io.Writer, version string, page func(Code) string) error {
	run := sarifRun{
		ColumnKind: "unicodeCodePoints",
		Tool:       sarifTool{sarifDriver{Name: "ikomek109", Version: version}},
		Results:    make([]sarifResult, 0, len(fs)),
	}
	index := map[Code]int{}
	for i, c := range Codes() {
		index[c] = i
		run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, fs.rule(c, page))
	}
	for _, f := range fs {
		i, known := index[f.Code]
		if !known {
			i = -1
		}
		run.Results = append(run.Results, f.sarif(i))
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

func (fs Findings) rule(c Code, page func(Code) string) sarifRule {
	rule := sarifRule{ID: string(c), Short: sarifMessage{c.Describe()}, Default: sarifLevel{c.severity()}}
	if !slices.ContainsFunc(fs, func(f Finding) bool { return f.Code == c }) {
		return rule
	}
	if text := page(c); text != "" {
		rule.Help = &sarifHelp{Text: c.Describe(), Markdown: text}
	}
	return rule
}

func (f Finding) sarif(rule int) sarifResult {
	at := sarifPhysical{Artifact: sarifArtifact{fileURI(f.File)}}
	if f.Line > 0 {
		at.Region = &sarifRegion{Line: f.Line, Column: max(0, f.Column)}
	}
	braces := strings.NewReplacer("{", "{{", "}", "}}") // single ones are placeholders in SARIF
	return sarifResult{
		RuleID: string(f.Code), RuleIndex: rule, Level: f.Severity,
		Message:   sarifMessage{braces.Replace(f.Message + "; " + f.Cure)},
		Locations: []sarifLocation{{at}},
	}
}

// fileURI is a file's name as a reference in a URI, relative unless the name
// is absolute.
func fileURI(name string) string {
	u := url.URL{Path: filepath.ToSlash(name)}
	if strings.HasPrefix(u.Path, "/") {
		u.Scheme = "file"
	}
	return u.String()
}
