package taskstest

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/tasks"
)

// New gives a message that waits, left so many minutes after noon.
func New(id ivr.RecordingID, queue string, language flows.Language, minutes int) ivr.Message {
	return ivr.Message{
		ID: id, Call: "call", Node: "n", Queue: queue, Category: "health", Language: language, Caller: "+77011234567",
		LeftAt: time.Date(2022, 1, 5, 12, minutes, 0, 0, time.UTC), Length: 4 * time.Second, State: ivr.MessageNew,
	}
}

// BoxSuite is what every box has to do. fill gives one with new messages in it.
func BoxSuite(t *testing.T, fill func(t *testing.T, all ...ivr.Message) tasks.Box) {
	t.Helper()
	aigerim := tasks.Who{Agent: "aigerim", Queues: []string{"main"}, Languages: []flows.Language{flows.Kazakh}}
	timur := tasks.Who{Agent: "timur", Languages: flows.Languages()}
	t.Run("whose they are", func(t *testing.T) {
		box := fill(t, New("m-1", "main", flows.Kazakh, 1), New("m-2", "main", flows.Russian, 2), New("m-3", "water", flows.Kazakh, 3), New("m-4", "main", "", 4))
		waiting(t, box, aigerim, "m-1", "m-4")
		waiting(t, box, timur, "m-1", "m-2", "m-3", "m-4")
		waiting(t, box, tasks.Who{Agent: "nobody", Queues: []string{"other"}, Languages: flows.Languages()})
	})
	t.Run("taken", func(t *testing.T) {
		box := fill(t, New("m-1", "main", flows.Kazakh, 1), New("m-2", "main", flows.Kazakh, 2))
		ok(t, box.Take(t.Context(), "m-1", "aigerim"))
		waiting(t, box, aigerim, "m-1", "m-2") // who took it hears it again
		waiting(t, box, timur, "m-2")
		is(t, ivr.Conflict, box.Take(t.Context(), "m-1", "timur"))
		is(t, ivr.Conflict, box.Leave(t.Context(), "m-1", "timur"))
		is(t, ivr.Conflict, box.Leave(t.Context(), "m-2", "aigerim"))
		ok(t, box.Leave(t.Context(), "m-1", "aigerim"))
		waiting(t, box, timur, "m-1", "m-2")
	})
	t.Run("done", func(t *testing.T) {
		box := fill(t, New("m-1", "main", flows.Kazakh, 1))
		ok(t, box.Take(t.Context(), "m-1", "aigerim"))
		ok(t, box.Done(t.Context(), "m-1", "aigerim"))
		waiting(t, box, aigerim)
		is(t, ivr.Conflict, box.Done(t.Context(), "m-1", "timur"))
		is(t, ivr.Conflict, box.Leave(t.Context(), "m-1", "aigerim"))
		is(t, ivr.NotFound, box.Take(t.Context(), "m-9", "timur"))
		is(t, ivr.NotFound, box.Leave(t.Context(), "m-9", "timur"))
	})
}

func waiting(t *testing.T, box tasks.Box, w tasks.Who, want ...ivr.RecordingID) {
	t.Helper()
	all, err := box.Waiting(t.Context(), w)
	var got []ivr.RecordingID
	for _, m := range all {
		got = append(got, m.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("for %s wait (-want +got): %v\n%s", w.Agent, err, diff)
	}
}

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func is(t *testing.T, code ivr.Code, err error) {
	t.Helper()
	if ivr.CodeOf(err) != code || err == nil {
		t.Errorf("got %v, want %s", err, code)
	}
}
