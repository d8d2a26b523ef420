package sqlite_test

import (
	"database/sql"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
	"ikomek109/sqlite"
)

// cpu gives the time that this process has computed so far, kernel included.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// steps gives what a self-service call writes: some 25 entries in ten steps.
func steps(id ivr.CallID) []ivr.Step {
	state := []byte(strings.Repeat("s", 250))
	all := []ivr.Step{ivrtest.NewStep(id, 1, 1)}
	for seq := 2; seq < 26; seq += 3 {
		all = append(all, ivrtest.NewStep(id, seq, seq+2))
	}
	all = append(all, ivrtest.NewStep(id, 26, 26))
	for i := range all {
		all[i].State = state
	}
	return all
}

func live(b *testing.B, j ivr.Journal) {
	r := ivrtest.NewRecord("a")
	s := steps(r.ID)
	err := j.Open(b.Context(), r, s[0])
	for _, one := range s[1 : len(s)-1] {
		if err == nil {
			err = j.Append(b.Context(), one)
		}
	}
	if err == nil {
		err = j.Close(b.Context(), ivrtest.Ended(r), s[len(s)-1])
	}
	if err != nil {
		b.Error(err)
	}
}

// BenchmarkCall lives calls side by side: the CPU time of the store per call,
// and how many calls a commit served. "paced" is the telling one: calls that
// take their time, a hundred new ones a second.
func BenchmarkCall(b *testing.B) {
	for _, side := range []int{1, 50, 500} {
		b.Run(fmt.Sprint("side=", side), func(b *testing.B) {
			s := open(b, file(b))
			before, began := s.Health(), cpu(b)
			b.ResetTimer()
			var all sync.WaitGroup
			turn := make(chan struct{}, side)
			for range b.N {
				turn <- struct{}{}
				all.Go(func() { live(b, s.Journal()); <-turn })
			}
			all.Wait()
			report(b, s, before, cpu(b)-began)
		})
	}
}

func BenchmarkPacedCall(b *testing.B) {
	for _, rate := range []int{20, 100} {
		b.Run(fmt.Sprint("rate=", rate), func(b *testing.B) {
			s := open(b, file(b))
			before, began := s.Health(), cpu(b)
			tick := time.NewTicker(time.Second / time.Duration(rate))
			defer tick.Stop()
			b.ResetTimer()
			var all sync.WaitGroup
			for range b.N {
				<-tick.C
				all.Go(func() { paced(b, s.Journal()) })
			}
			all.Wait()
			report(b, s, before, cpu(b)-began)
		})
	}
}

// paced lives a call with a tenth of a second between its steps.
func paced(b *testing.B, j ivr.Journal) {
	r := ivrtest.NewRecord("a")
	s := steps(r.ID)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	err := j.Open(b.Context(), r, s[0])
	for _, one := range s[1 : len(s)-1] {
		<-tick.C
		if err == nil {
			err = j.Append(b.Context(), one)
		}
	}
	<-tick.C
	if err == nil {
		err = j.Close(b.Context(), ivrtest.Ended(r), s[len(s)-1])
	}
	if err != nil {
		b.Error(err)
	}
}

func report(b *testing.B, s *sqlite.Store, before sqlite.Health, spent time.Duration) {
	h := s.Health()
	b.ReportMetric(float64(spent.Microseconds())/float64(b.N), "cpu-µs/call")
	b.ReportMetric(float64(h.Commits-before.Commits)/float64(b.N), "commits/call")
}

// BenchmarkNaive writes the same rows with one transaction per step, as a
// program without group commit would: the figure to be compared with.
func BenchmarkNaive(b *testing.B) {
	path := file(b)
	open(b, path)
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	began := cpu(b)
	b.ResetTimer()
	for i := range b.N {
		naive(b, db, i+1)
	}
	b.ReportMetric(float64((cpu(b)-began).Microseconds())/float64(b.N), "cpu-µs/call")
}

func naive(b *testing.B, db *sql.DB, n int) {
	b.Helper()
	r := ivrtest.NewRecord("a")
	for i, s := range steps(r.ID) {
		tx, err := db.BeginTx(b.Context(), nil)
		if err != nil {
			b.Fatal(err)
		}
		do := func(query string, args ...any) {
			if _, err := tx.ExecContext(b.Context(), query, args...); err != nil {
				b.Fatal(err)
			}
		}
		if i == 0 {
			do(`INSERT INTO calls (n, id, node, channel, caller, dialled, flow, language, category, path, keys, arrived_at,
				queue, agent, wait, talk, heard, outcome, reason) VALUES (?, ?, 'a', ?, '', '', '', '', '', '[]', '', 1, '', '', 0, 0, 0, '', '')`,
				n, string(r.ID), string(r.Channel))
			do(`INSERT INTO live (call, node, channel) VALUES (?, 'a', ?)`, n, string(r.Channel))
		}
		do(`INSERT INTO journal (call, seq, entries) VALUES (?, ?, ?)`, n, s.Entries[0].Seq, strings.Repeat("x", 95*len(s.Entries)))
		do(`UPDATE live SET state = ? WHERE call = ?`, s.State, n)
		if i == 9 {
			do(`UPDATE calls SET ended_at = 2, outcome = 'served', category = 'health' WHERE n = ?`, n)
			do(`DELETE FROM live WHERE call = ?`, n)
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
}
