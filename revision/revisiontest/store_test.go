package revisiontest_test

import (
	"testing"

	"ikomek109/revision"
	"ikomek109/revision/revisiontest"
)

func TestStore(t *testing.T) {
	revisiontest.Suite(t, func(*testing.T) revision.Store { return &revisiontest.Store{} })
}
