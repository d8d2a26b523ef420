package flows_test

import (
	"testing"

	"ikomek109/flows"
)

func TestShippedFlowHasNoFindings(t *testing.T) {
	f, found := flows.Load(flows.Shipped, flows.ShippedName)
	for _, one := range found {
		t.Error(one)
	}
	if f == nil {
		t.Fatal("the shipped flow does not load")
	}
}
