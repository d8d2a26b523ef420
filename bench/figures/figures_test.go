package figures_test

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ikomek109/bench/figures"
)

func TestQuantileIsTheRankedValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Int64Range(0, 1000), 1, 200).Draw(t, "values")
		q := rapid.Float64Range(0, 1).Draw(t, "q")
		values := make([]time.Duration, len(raw))
		for i, v := range raw {
			values[i] = time.Duration(v)
		}
		got := figures.Quantile(values, q)
		below, atMost := 0, 0
		for _, v := range raw {
			if time.Duration(v) < got {
				below++
			}
			if time.Duration(v) <= got {
				atMost++
			}
		}
		want := q * float64(len(raw))
		if float64(atMost) < want-1e-9 {
			t.Fatalf("only %d of %d values are at most %d, for q = %v", atMost, len(raw), got, q)
		}
		if below > 0 && float64(below) >= want+1e-9 {
			t.Fatalf("%d is not the least such value: %d of %d are below it, for q = %v", got, below, len(raw), q)
		}
	})
}

func TestQuantileOfNothing(t *testing.T) {
	if got := figures.Quantile(nil, 0.99); got != 0 {
		t.Errorf("got %s, want 0", got)
	}
}

func TestSpread(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   figures.Spread
	}{
		{nil, figures.Spread{}},
		{[]float64{7}, figures.Spread{Median: 7, Min: 7, Max: 7}},
		{[]float64{5, 1}, figures.Spread{Median: 3, Min: 1, Max: 5}},
		{[]float64{9, 1, 2}, figures.Spread{Median: 2, Min: 1, Max: 9}},
	} {
		if got := figures.SpreadOf(c.values); got != c.want {
			t.Errorf("of %v: got %v, want %v", c.values, got, c.want)
		}
	}
}

func TestProcessorTimeGrowsWithWork(t *testing.T) {
	watch, err := figures.StartWatch(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); {
		used, err := watch.Stop()
		if err != nil {
			t.Fatal(err)
		}
		if used.CPU[0] > 5*time.Millisecond {
			if used.Wall <= 0 {
				t.Errorf("%s of processor time in %s", used.CPU[0], used.Wall)
			}
			return
		}
	}
	t.Error("a process that was busy for twenty seconds used no processor time")
}

func TestMachineIsBusierThanThisTest(t *testing.T) {
	own, err := figures.CPU(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	all, err := figures.Busy()
	if err != nil {
		t.Fatal(err)
	}
	if all < own {
		t.Errorf("the machine has used %s, this test alone %s", all, own)
	}
}

func TestProcessThatIsNotThere(t *testing.T) {
	const nobody = 1 << 22 // above the kernel's greatest pid
	if _, err := figures.CPU(nobody); err == nil {
		t.Error("it has processor time")
	}
	if _, err := figures.StartWatch(nobody); err == nil {
		t.Error("it can be watched")
	}
	if _, err := figures.Resident(nobody); err == nil {
		t.Error("it has memory")
	}
}

func TestResident(t *testing.T) {
	got, err := figures.Resident(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	if got < 1<<20 || got > 1<<36 {
		t.Errorf("this test has %v bytes of memory", got)
	}
}

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		value  float64
		broken int
	}{{1.5, 0}, {1.51, 1}, {-3, 0}, {math.NaN(), 1}, {math.Inf(1), 1}} {
		var r figures.Report
		r.AddOne("without a limit", "ms", 1e9)
		r.AddOne("with a limit", "ms", c.value)
		r.Limit(1.5)
		if got := r.Broken(); got != c.broken {
			t.Errorf("%v under a limit of 1.5: %d broken, want %d", c.value, got, c.broken)
		}
	}
}

// TestDisturbedReportSaysSo at its end, where it is read, and in the JSON.
func TestDisturbedReportSaysSo(t *testing.T) {
	for _, why := range []string{"", "others took 40 % of the machine"} {
		r := figures.Report{Invalid: why}
		r.AddOne("goroutines", "", 2)
		r.Limit(3)
		var table bytes.Buffer
		if err := r.Print(&table); err != nil {
			t.Fatal(err)
		}
		if got := strings.HasSuffix(table.String(), "NOT VALID: "+why+".\n"); got != (why != "") {
			t.Errorf("invalid for %q:\n%s", why, table.String())
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(text), `"invalid"`); got != (why != "") {
			t.Errorf("invalid for %q: %s", why, text)
		}
	}
}

func TestReportIsATableAndJSON(t *testing.T) {
	r := figures.Report{At: time.Date(2022, 1, 5, 3, 4, 5, 0, time.UTC), Sizes: map[string]int{"calls": 7}, Took: "1s"}
	r.Add("processor", "ms/call", figures.Spread{Median: 1.234, Min: 1.1, Max: 20.06})
	r.Limit(1)
	r.AddOne("goroutines", "", 2)
	r.Limit(3)
	var table bytes.Buffer
	if err := r.Print(&table); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"1.23", "1.10", "20.1", "BROKEN", "goroutines", "ok"} {
		if !strings.Contains(table.String(), want) {
			t.Errorf("the table has no %q:\n%s", want, table.String())
		}
	}
	path, err := r.Write(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(path, "2022-01-05T030405Z.json") {
		t.Errorf("written to %s", path)
	}
	text, err := os.ReadFile(path) //nolint:gosec // of this test
	if err != nil {
		t.Fatal(err)
	}
	var back figures.Report
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if len(back.Rows) != 2 || back.Rows[0].Spread != r.Rows[0].Spread || *back.Rows[0].Limit != 1 || back.Broken() != 1 {
		t.Errorf("read back: %+v", back)
	}
}
