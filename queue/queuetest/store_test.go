package queuetest_test

import (
	"errors"
	"testing"

	"ikomek109/queue"
	"ikomek109/queue/queuetest"
)

func open(*testing.T) (queue.Tickets, queuetest.Staff) {
	s := queuetest.NewStore()
	return s, s
}

func TestTickets(t *testing.T) { queuetest.TicketsSuite(t, open) }

func TestStaff(t *testing.T) { queuetest.StaffSuite(t, open) }

func TestBreak(t *testing.T) {
	s, broken := queuetest.NewStore(), errors.New("broken")
	s.Break(func(op string) error {
		if op == "Enter" {
			return broken
		}
		return nil
	})
	if _, err := s.Enter(t.Context(), queuetest.NewEntry("c1")); !errors.Is(err, broken) {
		t.Fatalf("got %v", err)
	}
	s.Break(nil)
	if all, err := s.All(t.Context()); err != nil || len(all) != 0 {
		t.Fatalf("a broken store kept %v, %v", all, err)
	}
}
