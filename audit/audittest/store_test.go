package audittest_test

import (
	"testing"

	"ikomek109/audit"
	"ikomek109/audit/audittest"
)

func TestStore(t *testing.T) {
	audittest.StoreSuite(t, func(*testing.T) audit.Store { return &audittest.Store{} })
}
