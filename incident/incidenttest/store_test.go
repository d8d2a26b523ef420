package incidenttest_test

import (
	"testing"

	"ikomek109/incident"
	"ikomek109/incident/incidenttest"
)

func TestStore(t *testing.T) {
	incidenttest.StoreSuite(t, func(*testing.T) incident.Store { return &incidenttest.Store{} })
}
