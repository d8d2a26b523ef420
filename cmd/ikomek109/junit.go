package main

import (
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// The parts of a JUnit report that build servers read.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Time     string      `xml:"time,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string      `xml:"name,attr"`
		Class   string      `xml:"classname,attr"`
		File    string      `xml:"file,attr"`
		Line    int         `xml:"line,attr"`
		Time    string      `xml:"time,attr"`
		Failure *junitFault `xml:"failure,omitempty"`
		Error   *junitFault `xml:"error,omitempty"`
	}
	junitFault struct {
		Message string `xml:"message,attr"`
		Text    string `xml:",chardata"`
	}
)

// writeJUnitFile writes the report; a file that was there is replaced.
func writeJUnitFile(name string, all []tested) error {
	f, err := os.Create(name) //nolint:gosec // the person who runs the tests names it
	if err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	err = writeJUnit(f, all)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write the JUnit report: %w", err)
	}
	return nil
}

func writeJUnit(w io.Writer, all []tested) error {
	report := junitSuites{Suites: make([]junitSuite, 0, len(all))}
	for _, r := range all {
		report.Suites = append(report.Suites, r.junit())
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(report); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (r tested) junit() junitSuite {
	s := junitSuite{Name: r.File, Tests: len(r.Cases), Failures: r.Failed(), Time: junitTime(r.Took)}
	for _, c := range r.Cases {
		one := junitCase{Name: c.Name, Class: r.File, File: r.File, Line: c.Line, Time: junitTime(c.Took)}
		if len(c.Failures) > 0 {
			one.Failure = &junitFault{Message: c.Failures[0].Key + ": " + c.Failures[0].Message}
			for _, f := range c.Failures {
				one.Failure.Text += failureText(c.Name, f)
			}
		}
		s.Cases = append(s.Cases, one)
	}
	if len(r.Findings) > 0 { // no case could be run
		var lines []string
		for _, f := range r.Findings {
			lines = append(lines, f.String())
		}
		s.Tests, s.Errors = 1, 1
		s.Cases = []junitCase{{
			Name: "load", Class: r.File, File: r.File, Line: r.Findings[0].Line, Time: junitTime(0),
			Error: &junitFault{Message: lines[0], Text: strings.Join(lines, "\n")},
		}}
	}
	return s
}

func junitTime(d time.Duration) string { return fmt.Sprintf("%.6f", d.Seconds()) }
