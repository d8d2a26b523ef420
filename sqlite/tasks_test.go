package sqlite_test

import (
	"testing"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/tasks"
	"ikomek109/tasks/taskstest"
)

func TestTasks(t *testing.T) {
	taskstest.BoxSuite(t, func(t *testing.T, all ...ivr.Message) tasks.Box {
		box := open(t, file(t)).Messages(t.TempDir())
		for _, m := range all {
			m.State = ivr.MessageOwed
			ok(t, box.Promise(t.Context(), m))
			ok(t, box.Keep(t.Context(), m.ID, m.Length, ivrtest.WAV(m.Length)))
		}
		return box
	})
}
