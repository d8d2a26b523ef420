package taskstest_test

import (
	"testing"

	"ikomek109/ivr"
	"ikomek109/tasks"
	"ikomek109/tasks/taskstest"
)

func TestBox(t *testing.T) {
	taskstest.BoxSuite(t, func(_ *testing.T, all ...ivr.Message) tasks.Box { return taskstest.NewBox(all...) })
}
