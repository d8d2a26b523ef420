package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ikomek109/docs/codes"
	"ikomek109/flows"
)

// printPage prints the page of the kind of finding that was asked for.
func (c *checking) printPage(cmd *cobra.Command, args []string) error {
	if len(args) > 0 || c.settings || c.asData() {
		return usage(errors.New("--explain prints a page and checks nothing; use it alone"))
	}
	text, ok := codes.Page(c.explain)
	if !ok {
		return usage(fmt.Errorf("no kind of finding is called %q; use one of %s", c.explain, strings.Join(codes.Names(), ", ")))
	}
	_, err := fmt.Fprint(c.out, text)
	return err
}

// tellPages says where more is to be read about what was found.
func (c *checking) tellPages(findings flows.Findings) {
	var found []string
	for _, f := range findings {
		if name := string(f.Code); !slices.Contains(found, name) && pageOf(f.Code) != "" {
			found = append(found, name)
		}
	}
	switch len(found) {
	case 0:
	case 1:
		fmt.Fprintf(c.err, "with an example: ikomek109 check --explain %s\n", found[0])
	default:
		fmt.Fprintf(c.err, "with examples: ikomek109 check --explain KIND, where KIND is %s\n", strings.Join(found, ", "))
	}
}

// pageOf is the page of a code; empty for one that has none, such as that of settings.
func pageOf(code flows.Code) string {
	text, _ := codes.Page(string(code))
	return text
}
