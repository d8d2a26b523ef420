package notice_test

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/notice"
	"ikomek109/notice/noticetest"
)

func TestStoreInMemory(t *testing.T) {
	noticetest.StoreSuite(t, func(*testing.T) notice.Store { return &noticetest.Store{} })
}

func at(hours float64) time.Time {
	return noticetest.Start().Add(time.Duration(hours * float64(time.Hour)))
}

func numbered(all ...notice.Switch) []notice.Switch {
	for i := range all {
		all[i].ID = int64(i + 1)
	}
	return all
}

func TestInForce(t *testing.T) {
	s := noticetest.NewSwitch
	for name, c := range map[string]struct {
		all  []notice.Switch
		at   float64
		want notice.Mode
	}{
		"none":                             {nil, 0, notice.Daily},
		"holds from its first moment":      {numbered(s(notice.Emergency, 0, 2)), 0, notice.Emergency},
		"ends at its last":                 {numbered(s(notice.Emergency, 0, 2)), 2, notice.Daily},
		"the later one holds":              {numbered(s(notice.Emergency, 0, 6), s(notice.Heightened, 1, 2)), 1.5, notice.Heightened},
		"its end is not the other's turn":  {numbered(s(notice.Emergency, 0, 6), s(notice.Heightened, 1, 2)), 3, notice.Daily},
		"daily ends an emergency":          {numbered(s(notice.Emergency, 0, 6), s(notice.Daily, 1, 0)), 3, notice.Daily},
		"planned":                          {numbered(s(notice.Emergency, 5, 6)), 3, notice.Daily},
		"planned, after another":           {numbered(s(notice.Emergency, 5, 6), s(notice.Heightened, 1, 9)), 5.5, notice.Emergency},
		"of two at a time, the last asked": {numbered(s(notice.Emergency, 1, 6), s(notice.Daily, 1, 0)), 2, notice.Daily},
	} {
		if got := notice.InForce(c.all, at(c.at)).Mode; got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

// TestInForceIsOfNoOrder: whatever order a store gives them in, one mode holds,
// it has begun and has not ended.
func TestInForceIsOfNoOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var all []notice.Switch
		for range rapid.IntRange(0, 6).Draw(t, "n") {
			from := rapid.IntRange(0, 5).Draw(t, "from")
			m := rapid.SampledFrom(notice.Modes()).Draw(t, "mode")
			until := 0
			if m != notice.Daily {
				until = from + rapid.IntRange(1, 4).Draw(t, "lasts")
			}
			all = append(all, noticetest.NewSwitch(m, from, until))
		}
		all = numbered(all...)
		now := at(rapid.Float64Range(0, 10).Draw(t, "now"))
		got := notice.InForce(all, now)
		if other := notice.InForce(rapid.Permutation(all).Draw(t, "order"), now); other != got {
			t.Fatalf("%v, or %v", got, other)
		}
		if got.ID != 0 && (got.From.After(now) || !got.Until.IsZero() && !got.Until.After(now)) {
			t.Fatalf("%v does not hold at %v", got, now)
		}
	})
}

func TestStateOfABulletin(t *testing.T) {
	b := noticetest.NewBulletin()
	b.From = at(1)
	check := func(hours float64, want notice.State) {
		t.Helper()
		if got := b.State(at(hours)); got != want {
			t.Errorf("hour %v: %s, want %s", hours, got, want)
		}
	}
	check(0, notice.Proposed)
	check(6, notice.Expired)
	b.ReleasedAt, b.ReleasedBy = at(0), "Тимур"
	check(0.5, notice.Scheduled)
	check(1, notice.Live)
	check(5.9, notice.Live)
	check(6, notice.Expired)
	b.EndedAt = at(2)
	check(3, notice.Ended)
	check(7, notice.Ended)
}

func TestCheckText(t *testing.T) {
	good := noticetest.NewBulletin().Text
	if err := notice.CheckText(good); err != nil {
		t.Error(err)
	}
	long := strings.Repeat("Бүгін кешке су болмайды! ", 94)
	for name, c := range map[string]struct {
		text flows.Text
		want string
	}{
		"one language":  {flows.Text{KK: good.KK}, `"ru" of the bulletin has no words`},
		"blank":         {flows.Text{KK: " ", RU: good.RU}, `"kk" of the bulletin has no words`},
		"same":          {flows.Text{KK: "Су жоқ.", RU: "су жоқ."}, "translate one of them"},
		"swapped":       {flows.Text{KK: good.RU, RU: good.KK}, "changed places"},
		"figures":       {flows.Text{KK: good.KK, RU: "Звоните 112."}, "write the number in words"},
		"brace":         {flows.Text{KK: good.KK, RU: "Осталось {minutes}."}, "nothing can be filled in"},
		"steers":        {flows.Text{KK: good.KK, RU: "Воды\x1b[2J нет."}, "does not print"},
		"not UTF-8":     {flows.Text{KK: good.KK, RU: "Воды \xff нет."}, "does not print"},
		"over 5 min":    {flows.Text{KK: long, RU: strings.ReplaceAll(long, "Бүгін", "Вчера")}, "in both languages, more than 300"},
		"over anything": {flows.Text{KK: strings.Repeat("ә", 7000), RU: good.RU}, "more than 2400"},
	} {
		err := notice.CheckText(c.text)
		if ivr.CodeOf(err) != ivr.Invalid || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestSamePerson(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"Айгерим", "айгерим", true}, {" Aigerim  S.", "aigerim s.", true}, {"Aigerim", "Timur", false},
	} {
		if got := notice.SamePerson(c.a, c.b); got != c.want {
			t.Errorf("%q, %q: %v", c.a, c.b, got)
		}
	}
}
