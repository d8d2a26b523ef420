package flows_test

import (
	"bytes"
	"os"
	"testing"

	"ikomek109/flows"
)

func TestSARIF(t *testing.T) {
	_, found := flows.Load(os.DirFS("testdata/broken"), "unknown-value.yaml", flows.Known{})
	_, more := flows.Load(os.DirFS("testdata/broken"), "same-text.yaml", flows.Known{})
	found = append(found, more...)
	found = append(found,
		flows.Finding{File: "a b/c#d?.yaml", Severity: flows.Error, Code: flows.CodeUnreadable, Message: "<m> \"q\"", Cure: "{c}"},
		flows.Finding{File: "/etc/x.yaml", Line: 3, Column: 4, Severity: flows.Error, Code: "setting", Message: "m", Cure: "c"})
	var b bytes.Buffer
	page := func(c flows.Code) string {
		if c == flows.CodeUnreadable {
			return "" // this one has none
		}
		return "# " + string(c) + "\n"
	}
	if err := found.WriteSARIF(&b, "1.2.3", page); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/findings.sarif", b.String())

	b.Reset()
	if err := flows.Findings(nil).WriteSARIF(&b, "", page); err != nil || !bytes.Contains(b.Bytes(), []byte(`"results": []`)) {
		t.Errorf("nothing found: %v\n%s", err, b.String())
	}
}
