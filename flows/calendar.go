package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"
)

// calendar tells when something is open: the hours of each day of the week, and
// the days on which it is otherwise, for holidays move by decree. It is a file
// of its own, so that it can be changed without touching a sentence, and asked
// in conditions by the name that the flow gives it: open("office").
//
//	# in the flow
//	calendars: {office: office.calendar.yaml}
//
//	# office.calendar.yaml; all in city time
//	weekly:                                  # every day, once
//	  mon-thu: [09:00-13:00, 14:00-18:30]    # one span or several
//	  fri: 09:00-17:00
//	  sat-sun: closed
//	dates:                                   # those that are otherwise, and why
//	  2026-12-16: {hours: closed, reason: Тәуелсіздік күні}
//	  2027-01-01..2027-01-02: {hours: closed, reason: Жаңа жыл}
//	  2027-01-04: {hours: 10:00-14:00, reason: Үкімет қаулысы}
//
// The whole day is 00:00-24:00; hours that pass midnight are two spans on two days.
type calendar struct {
	weekly [7][]span // from Monday
	dates  []dated   // sorted, none overlapping
}

// span is a part of a day, in minutes from midnight; until is the first minute
// after it.
type span struct{ from, until int }

// dated is how it is from one day to another, both counted.
type dated struct {
	from, to string // as 2026-12-16
	hours    []span
	at       place
}

// Limits of a calendar.
const (
	maxSpans = 12  // of one day
	maxDates = 500 // that are otherwise
)

// open tells whether it is open at a moment; never at the zero time.
func (c *calendar) open(at time.Time) bool {
	if c == nil || at.IsZero() {
		return false
	}
	at = at.In(cityTime())
	minute := at.Hour()*60 + at.Minute()
	return slices.ContainsFunc(c.on(at), func(s span) bool { return s.from <= minute && minute < s.until })
}

// Open tells whether a calendar of the flow is open at a moment; known is false
// when the flow has none of that name.
func (f *Flow) Open(calendar string, at time.Time) (open, known bool) {
	c, known := f.calendars[calendar]
	return known && c.open(at), known
}

// on gives the hours of a day.
func (c *calendar) on(at time.Time) []span {
	day := at.Format(time.DateOnly)
	i, found := slices.BinarySearchFunc(c.dates, day, func(d dated, day string) int {
		if d.to < day {
			return -1
		}
		if d.from > day {
			return 1
		}
		return 0
	})
	if found {
		return c.dates[i].hours
	}
	return c.weekly[weekday(at)-1]
}

// weekday counts from Monday, 1, to Sunday, 7.
func weekday(at time.Time) int { return (int(at.Weekday())+6)%7 + 1 }

func days() []string { return []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"} }

// readCalendar reads the file of a calendar.
func readCalendar(name string, data []byte, l *log) *calendar {
	c := &calendar{}
	root := parse(name, data, l)
	if root == nil {
		return c
	}
	e := newEntry(name, nil, root, l)
	e.what = "the calendar"
	f := e.fields("weekly", "dates")
	if one, ok := f.need("weekly", CodeMissingKey, "write the hours of each day: weekly: {mon-fri: 09:00-18:00, sat-sun: closed}"); ok {
		c.readWeekly(one)
	}
	if one, ok := f.byKey["dates"]; ok {
		c.readDates(one)
	}
	return c
}

func (c *calendar) readWeekly(e entry) {
	given := map[string]bool{}
	for _, one := range e.entries() {
		named, ok := daysOf(one.key)
		if !ok {
			e.log.add(one.at, CodeBadValue, fmt.Sprintf("%s has no day %q", e.what, clip(one.key)), "write mon, tue, wed, thu, fri, sat, sun, or some of them as mon-fri")
			continue
		}
		hours := one.hours()
		for _, day := range named {
			if given[day] {
				e.log.add(one.at, CodeDuplicate, fmt.Sprintf("%s has %s twice", e.what, day), "give each day once")
			}
			given[day] = true
			c.weekly[slices.Index(days(), day)] = hours
		}
	}
	missing := slices.DeleteFunc(days(), func(day string) bool { return given[day] })
	if len(missing) > 0 && e.value.Kind == yaml.MappingNode {
		e.log.add(e.at, CodeMissingKey, fmt.Sprintf("%s does not have %s", e.what, strings.Join(missing, ", ")), "write its hours, or closed")
	}
}

// daysOf reads "mon" or "mon-fri".
func daysOf(s string) ([]string, bool) {
	first, last, isRange := strings.Cut(s, "-")
	if !isRange {
		last = first
	}
	from, to := slices.Index(days(), first), slices.Index(days(), last)
	if from < 0 || to < from {
		return nil, false
	}
	return days()[from : to+1], true
}

// hours reads the spans of a day: one, several, or closed.
func (e entry) hours() []span {
	items := []entry{e}
	if e.value.Kind == yaml.SequenceNode {
		items = e.items()
	}
	if len(items) > maxSpans {
		e.log.add(e.here(), CodeTooBig, fmt.Sprintf("%s has more than %d spans", e.what, maxSpans), "put some of them together")
		return nil
	}
	var all []span
	for _, one := range items {
		s, ok := one.str()
		if !ok || s == "closed" && e.value.Kind != yaml.SequenceNode {
			continue
		}
		hours, good := readSpan(s)
		switch {
		case !good:
			e.log.add(one.here(), CodeBadValue, fmt.Sprintf("%s is %q, which are no hours", one.what, clip(s)),
				"write 09:00-18:00, several as [09:00-13:00, 14:00-18:00], or closed; what passes midnight belongs to two days")
		case len(all) > 0 && hours.from < all[len(all)-1].until:
			e.log.add(one.here(), CodeBadValue, fmt.Sprintf("%s begins before the one above ends", one.what), "put the spans in their order, none into another")
		default:
			all = append(all, hours)
		}
	}
	return all
}

func readSpan(s string) (span, bool) {
	from, until, ok := strings.Cut(s, "-")
	begin, good := takeTime(from)
	end, fine := takeTime(until)
	if !ok || !good || !fine || begin != from || end != until || begin >= end {
		return span{}, false
	}
	return span{minuteOf(begin), minuteOf(end)}, true
}

// minuteOf is the minute of the day of a time such as 18:30.
func minuteOf(s string) int {
	return (int(s[0]-'0')*10+int(s[1]-'0'))*60 + int(s[3]-'0')*10 + int(s[4]-'0')
}

func (c *calendar) readDates(e entry) {
	entries := e.entries()
	if len(entries) > maxDates {
		e.log.add(e.at, CodeTooBig, fmt.Sprintf("%s has %d entries, more than %d", e.what, len(entries), maxDates), "remove those of years long past")
		return
	}
	for _, one := range entries {
		if d, ok := readDated(one); ok {
			c.dates = append(c.dates, d)
		}
	}
	slices.SortStableFunc(c.dates, func(a, b dated) int { return strings.Compare(a.from, b.from) })
	for i := 1; i < len(c.dates); i++ {
		if a, b := c.dates[i-1], c.dates[i]; b.from <= a.to {
			e.log.add(b.at, CodeDuplicate, fmt.Sprintf("%s has %s twice, first in line %d", e.what, b.from, a.at.line), "give each day once")
			c.dates[i].to = max(a.to, b.to)
		}
	}
}

func readDated(e entry) (dated, bool) {
	d := dated{at: e.at}
	from, to, isRange := strings.Cut(e.key, "..")
	if !isRange {
		to = from
	}
	first, ok := takeDate(from)
	last, good := takeDate(to)
	f := e.fields("hours", "reason")
	if one, there := f.need("hours", CodeMissingKey, "write its hours, or closed"); there {
		d.hours = one.hours()
	}
	if one, there := f.need("reason", CodeMissingKey, "say why, for those who come after: reason: Тәуелсіздік күні"); there {
		if s, text := one.str(); text && s == "" {
			one.wrongType("a text", "say why, for those who come after")
		}
	}
	if !ok || !good || last < first {
		e.log.add(e.at, CodeBadValue, fmt.Sprintf("%q is no day", clip(e.key)), "write 2026-12-16, or 2027-01-01..2027-01-02")
		return d, false
	}
	d.from, d.to = first, last
	return d, true
}

// readCalendars reads "calendars" of one file of the flow.
func (b *builder) readCalendars(e entry) {
	for _, one := range e.entries() {
		one.what = fmt.Sprintf("calendar %q", clip(one.key))
		first, twice := b.log.calendars[one.key]
		switch {
		case !checkName(one.at, one.key, b.log):
			continue
		case twice:
			b.log.twice(one.at, one.what, first.at)
			continue
		}
		c := &calendar{}
		if name, data, ok := b.open(one); ok {
			c = readCalendar(name, data, b.log)
		}
		b.log.calendars[one.key] = declared{c, one.at}
	}
}

// declared is a calendar and where the flow names it.
type declared struct {
	*calendar
	at place
}
