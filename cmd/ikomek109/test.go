package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/flows"
)

// testRun is one run of the command test.
type testRun struct {
	*program
	asJSON, complete bool
	junit            string
}

// tested is what came of one file of tests.
type tested struct {
	flows.Report
	Took     time.Duration  `json:"took"`               // in nanoseconds
	Findings flows.Findings `json:"findings,omitempty"` // when the file, or its flow, cannot be used
}

func (p *program) testCmd() *cobra.Command {
	t := &testRun{program: p}
	cmd := &cobra.Command{
		Use:   "test FILE|FOLDER…",
		Short: "Run the tests of menus",
		Long: `Runs the tests of menus: 109.test.yaml has those of 109.yaml beside it. FILE may
be either of the two; of a FOLDER all are run. Tells what came otherwise than
expected, and which nodes and options no test walks. Exit code 3 when a test
fails, or cannot be run.`,
		Example: "  ikomek109 test flows/\n  ikomek109 test --junit report.xml --complete flows/109.yaml",
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usage(fmt.Errorf("name the menus to test, such as flows/; see `ikomek109 test --help`"))
			}
			return t.run(cmd, args)
		},
	}
	cmd.Flags().BoolVar(&t.asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&t.complete, "complete", false, "fail also when no test walks some node or option")
	cmd.Flags().StringVar(&t.junit, "junit", "", "write a report in JUnit's form to this `file` too")
	return cmd
}

func (t *testRun) run(cmd *cobra.Command, args []string) error {
	files, err := testFiles(args)
	if err != nil {
		return err
	}
	of := t.knownHere(cmd)
	all := make([]tested, 0, len(files))
	for _, file := range files {
		all = append(all, runTests(file, of))
	}
	if t.junit != "" {
		if err := writeJUnitFile(t.junit, all); err != nil {
			return err
		}
	}
	if t.asJSON {
		err = writeJSON(t.out, all)
	} else {
		err = t.tell(all)
	}
	if err == nil && slices.ContainsFunc(all, t.failed) {
		err = &exitError{exitFindings, nil}
	}
	return err
}

// testFiles lists the files of tests that the arguments mean, each once.
func testFiles(args []string) ([]string, error) {
	var all []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, fmt.Errorf("%w; name a menu, its tests, or their folder", err)
		}
		name := filepath.Base(arg)
		_, isTests := flows.TestedName(name)
		switch {
		case info.IsDir():
			found, err := testsIn(arg)
			if err != nil {
				return nil, err
			}
			all = append(all, found...)
		case isTests:
			all = append(all, filepath.Clean(arg))
		default:
			all = append(all, filepath.Join(filepath.Dir(arg), flows.TestsName(name)))
		}
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// testsIn lists the files of tests of one folder.
func testsIn(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, e := range entries {
		if _, ok := flows.TestedName(e.Name()); ok && !e.IsDir() {
			all = append(all, filepath.Join(dir, e.Name()))
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("there are no tests in %s; write some beside the menu, as in 109.test.yaml", dir)
	}
	return all, nil
}

func runTests(file string, of flows.Known) tested {
	begun := time.Now()
	r := tested{Report: flows.Report{File: file}}
	path, _ := testedFlow(file)
	flow, findings := loadMenu(path, of)
	if flow == nil {
		r.Findings = findings
		return r
	}
	suite, findings := loadSuite(file, flow)
	if suite == nil {
		r.Findings = findings
		return r
	}
	r.Report = suite.Run()
	r.File, r.Took = file, time.Since(begun)
	for _, c := range r.Cases {
		for i := range c.Failures {
			c.Failures[i].File = file
		}
	}
	return r
}

// failed tells whether there is something to mend.
func (t *testRun) failed(r tested) bool {
	return len(r.Findings) > 0 || r.Failed() > 0 || t.complete && len(r.Coverage.Gaps) > 0
}

// tell prints the results for a person: failures first, then a line per file.
func (t *testRun) tell(all []tested) error {
	var b strings.Builder
	for _, r := range all {
		for _, f := range r.Findings {
			fmt.Fprintln(&b, f)
		}
		for _, c := range r.Cases {
			for _, f := range c.Failures {
				b.WriteString(failureText(c.Name, f))
			}
		}
		for _, g := range r.Coverage.Gaps {
			path, _ := testedFlow(r.File)
			fmt.Fprintf(&b, "%s:%d: %s by any test\n", printable(path), g.Line, g)
		}
		result := "ok  "
		if t.failed(r) {
			result = "FAIL"
		}
		cover := r.Coverage
		fmt.Fprintf(&b, "%s %s: %d cases, %d failed; nodes %d of %d, options %d of %d walked; %.1f ms\n", result, printable(r.File),
			len(r.Cases), r.Failed(), cover.NodesWalked, cover.Nodes, cover.WaysWalked, cover.Ways, float64(r.Took.Microseconds())/1000)
	}
	_, err := io.WriteString(t.out, b.String())
	return err
}

// failureText tells of one failure, in as many lines as it needs.
func failureText(name string, f flows.Failure) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: case %q, step %d: %s: %s\n", printable(f.File), f.Line, f.Column, name, f.Step, f.Key, f.Message)
	if f.Done != "" {
		fmt.Fprintf(&b, "    after: %s\n", f.Done)
	}
	for _, line := range f.Diff {
		fmt.Fprintf(&b, "    %s\n", line)
	}
	return b.String()
}
