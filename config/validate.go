package config

import (
	"fmt"
	"net/netip"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// checkAll checks every value for itself and against the others. It changes
// nothing.
func (l *loading) checkAll() {
	l.checkTexts()
	l.checkLine()
	l.checkSwitch()
	l.checkPorts()
	l.checkWaiting()
	l.checkQueues()
	l.checkPartners()
	l.checkAgent()
	l.checkServices()
	l.checkWeb()
	l.oneOf("log.level", l.settings.Log.Level, "debug", "info", "warn", "error")
	l.oneOf("log.format", l.settings.Log.Format, "auto", "text", "json")
	if slices.Contains(l.settings.Speech.Command, "") {
		l.problem("speech.command", "an argument is empty", "write the program first, then its arguments")
	}
	if mirror := l.settings.Deploy.Mirror; mirror != "" {
		l.address("deploy.mirror", mirror, "http://mirror.example/debian")
	}
}

// longestText bounds every text, in bytes: paths are the longest.
const longestText = 4096

// checkTexts refuses what could break a line of a log, a header or a
// configuration of Asterisk.
func (l *loading) checkTexts() {
	for _, s := range l.schema.settings {
		for _, text := range texts(s.value(&l.settings)) {
			switch {
			case len(text) > longestText:
				l.problem(s.key, fmt.Sprintf("is longer than %d bytes", longestText), "shorten it")
			case !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl):
				l.problem(s.key, "holds a line break or another control character", "write it as plain text on one line")
			}
		}
	}
}

func texts(field reflect.Value) []string {
	switch value := field.Interface().(type) {
	case string:
		return []string{value}
	case []string:
		return value
	case []SingleQueue:
		var all []string
		for _, s := range value {
			all = append(all, s.String())
		}
		return all
	case []Partner:
		var all []string
		for _, p := range value {
			all = append(all, p.Code, p.KK, p.RU, p.Address)
		}
		return all
	case Secret:
		return []string{value.Reveal()}
	default:
		return nil
	}
}

var (
	numberForm = regexp.MustCompile(`^[0-9]{2,15}$`)
	hostForm   = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$`)
	wordForm   = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$`)
)

func (l *loading) checkLine() {
	line := l.settings.Line
	if strings.TrimSpace(line.Name) == "" || utf8.RuneCountInString(line.Name) > 64 {
		l.problem("line.name", "must have 1 to 64 characters", "")
	}
	if len(line.Numbers) == 0 || len(line.Numbers) > 16 {
		l.problem("line.numbers", "must hold 1 to 16 numbers", `write ["109"]`)
	}
	for i, number := range line.Numbers {
		if !numberForm.MatchString(number) {
			l.problem("line.numbers", quote(number)+" is not a number to dial", "write 2 to 15 digits, without + and blanks")
		} else if slices.Contains(line.Numbers[:i], number) {
			l.problem("line.numbers", quote(number)+" stands there twice", "keep one")
		}
	}
	if _, err := line.Location(); err != nil || line.TimeZone == "" || line.TimeZone == "Local" {
		l.problem("line.time_zone", quote(line.TimeZone)+" is not a known time zone", "write an IANA name such as Asia/Almaty")
	}
	l.within("line.longest_call", line.LongestCall, time.Minute, 24*time.Hour, false)
	if addr, err := netip.ParseAddr(l.settings.Listen); err != nil || addr.Zone() != "" {
		l.problem("listen", quote(l.settings.Listen)+" is not an IP address", "write 127.0.0.1 for this machine only, or an address of this machine")
	}
}

func (l *loading) checkWaiting() {
	q := l.settings.Queue
	l.checkRules("queue.", q)
	l.within("queue.wrap_up_more", q.WrapUpMore, 5*time.Second, 10*time.Minute, false)
	l.within("queue.wrap_up_longest", q.WrapUpLongest, 10*time.Second, time.Hour, false)
	chosen := l.origins["queue.other_language_after"].Source > SourceDefault
	if chosen && q.LongestWait > 0 && q.OtherLanguageAfter >= q.LongestWait {
		l.problem("queue.other_language_after", "comes after queue.longest_wait has ended the wait", "make it shorter than "+q.LongestWait.String()+", or 0s for never")
	}
	for _, m := range []struct {
		key     string
		differs Differs
	}{{"queue.heightened.", q.Heightened}, {"queue.emergency.", q.Emergency}} {
		rules, wrong := q.with(m.differs)
		for key, err := range wrong {
			l.problem(m.key+key, err.Error(), "")
		}
		if len(wrong) == 0 && m.differs != (Differs{}) {
			l.checkRules(m.key, rules)
		}
	}
	l.checkSingle()
	l.within("modes.phone_lasts", l.settings.Modes.PhoneLasts, 10*time.Minute, 31*24*time.Hour, false)
	l.within("modes.demand_over", l.settings.Modes.DemandOver, 10*time.Minute, 24*time.Hour, false)
}

// checkRules checks the rules of waiting, those of a mode too.
func (l *loading) checkRules(section string, q Queue) {
	l.within(section+"ring_timeout", q.RingTimeout, 3*time.Second, 2*time.Minute, false)
	l.within(section+"announce_every", q.AnnounceEvery, 10*time.Second, 10*time.Minute, false)
	l.within(section+"other_language_after", q.OtherLanguageAfter, time.Second, time.Hour, true)
	l.within(section+"longest_wait", q.LongestWait, 10*time.Second, 24*time.Hour, true)
	l.between(section+"capacity", q.Capacity, 0, 100_000)
	l.within(section+"wrap_up", q.WrapUp, 3*time.Second, q.WrapUpLongest, true)
	l.oneOf(section+"choose", q.Choose, "longest-idle", "least-calls", "ring-all")
	l.between(section+"ring_at_once", q.RingAtOnce, 2, mostRing)
	l.within(section+"place_kept", q.PlaceKept, time.Minute, time.Hour, true)
}

// mostRing bounds how many phones ring for one caller: each is a call of its own,
// and whoever does not get it was disturbed for nothing.
const mostRing = 10

// queueForm is what menus take for a name.
var queueForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)

func (l *loading) checkQueues() {
	const key = "queues"
	queues := l.settings.Queues
	if len(queues) == 0 || len(queues) > 100 {
		l.problem(key, "must hold 1 to 100 names", `write ["main"]`)
	}
	for i, name := range queues {
		if !queueForm.MatchString(name) {
			l.problem(key, quote(name)+" is no name of a queue", "write small Latin letters, digits and dashes, a letter first, at most 40, such as main")
		} else if slices.Contains(queues[:i], name) {
			l.problem(key, quote(name)+" stands there twice", "keep one")
		}
	}
}

var prefixForm = regexp.MustCompile(`^\+[1-9][0-9]{0,14}$`)

func (l *loading) checkServices() {
	l.within("handover.ring_timeout", l.settings.Handover.RingTimeout, 5*time.Second, 5*time.Minute, false)
	l.between("lookup.at_once", l.settings.Lookup.AtOnce, 1, 1000)
	for _, host := range l.settings.Lookup.Hosts {
		name, port, withPort := strings.Cut(host, ":")
		if !hostForm.MatchString(name) || withPort && !validPort(port) {
			l.problem("lookup.hosts", quote(host)+" is not a machine", "write host or host:port, without http://, such as 10.0.0.7:8080")
		}
	}
	l.checkMessages()
	l.checkRecording()
	l.checkCallback()
	if len(l.settings.Callback.Prefixes) == 0 {
		l.problem("callback.prefixes", "is empty, so that nobody could be called back", `write ["+7"]`)
	}
	for _, prefix := range l.settings.Callback.Prefixes {
		if !prefixForm.MatchString(prefix) {
			l.problem("callback.prefixes", quote(prefix)+" is not the beginning of a number", "write + and digits, such as +7")
		}
	}
}

func (l *loading) checkMessages() {
	m := l.settings.Message
	l.between("message.per_day", m.PerDay, 0, 1000)
	l.within("message.keep_done", m.KeepDone, day, 3660*day, false)
	l.within("message.keep", m.Keep, day, 3660*day, false)
	if m.Keep < m.KeepDone {
		l.problem("message.keep", "is shorter than message.keep_done, which could never come", "make it "+short(m.KeepDone)+" or longer")
	}
}

func (l *loading) checkRecording() {
	r := l.settings.Recording
	l.within("recording.keep", r.Keep, day, 3660*day, false)
	for _, queue := range r.Queues {
		if !slices.Contains(l.settings.Queues, queue) {
			l.problem("recording.queues", quote(queue)+" is no queue", "choose from "+strings.Join(l.settings.Queues, ", ")+", or add it under queues")
		}
	}
}

func (l *loading) within(key string, d, least, most time.Duration, orNever bool) {
	if d >= least && d <= most || orNever && d == 0 {
		return
	}
	cure := fmt.Sprintf("choose %s to %s", short(least), short(most))
	if orNever {
		cure += ", or 0s"
	}
	l.problem(key, short(d)+" is out of bounds", cure)
}

// short writes 1m rather than 1m0s, as people do.
func short(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

func (l *loading) between(key string, n, least, most int) {
	if n < least || n > most {
		l.problem(key, fmt.Sprintf("%d is out of bounds", n), fmt.Sprintf("choose %d to %d", least, most))
	}
}

func (l *loading) oneOf(key, value string, allowed ...string) {
	if slices.Contains(allowed, value) {
		return
	}
	cure := "choose one of " + strings.Join(allowed, ", ")
	if near := nearest(value, allowed); near != "" {
		cure = fmt.Sprintf("did you mean %q?", near)
	}
	l.problem(key, quote(value)+" is not known", cure)
}
