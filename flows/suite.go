package flows

import (
	"io/fs"
	"slices"
	"strings"
)

// Suite is a file of tests for one flow. The tests of 109.yaml stand beside it
// in 109.test.yaml:
//
//	given:                        # of all cases, unless one says otherwise
//	  time: 2026-06-01T12:00      # city time; must be given, for answers have terms
//	  mode: daily                 # or heightened, emergency; daily by default
//	cases:
//	  - case: Water, in Russian
//	    do: 2 1                   # from the beginning of a call
//	    says: [water/text]
//	    words: Сегодня вода есть во всех домах.
//	    category: utilities/water
//	    language: ru
//	  - case: Who stays silent gets an operator
//	    given: {language: kk, at: topics}    # begins there, language chosen
//	    steps:
//	      - says: topics/to-water            # without "do": as the case begins
//	      - do: silence silence
//	        says-only: [silence, last_try]
//	        at: topics
//	      - do: silence
//	        says-only: [apology]
//	        queue: main
//	      - do: left:timeout
//	        queue: main
//	  - case: Goodbye
//	    do: 2 1 listen 3 silence
//	    ends: goodbye
//
// "given" has time, mode, language, at (a node) and category; a language or
// category of none is not set. And what conditions and services answer:
//
//	queues       {main: {waiting: 12, free: 0, on_duty: 3, wait: 9}}
//	calls_today  how often this number has called
//	caller_known true unless it says false
//	vars         {account: "12345678"}, variables that are set already
//	demand       {topics: {water: 30}}, how often the options of a menu were chosen
//	lookups      {bill: {left: 12}}, what each lookup finds; it fails when left out
//	callback     what comes of a wish for one: taken (the default), already, failed
//	message      failed when one cannot be kept
//
// The simulator takes the same words (see [Flow.ParseGiven]).
//
// "do" is what the caller does: keys (0 to 9, A to D, star, hash), each pressed
// as soon as anything is said; silence, which hears all and presses nothing;
// listen, which hears what is said until the line waits for a key; hangup; and
// what others do: left:no-agents, left:timeout, left:overflow and left:failed
// the queue; served an agent, who hangs up; recorded:12s, recorded:enough and
// recorded:failed the recorder; handover:finished, handover:no-answer, handover:busy and
// handover:failed a partner.
//
// What is expected is looked at after the last word of "do":
//
//	says        phrases, by id, in this order; others may stand between them
//	says-only   these phrases and no others
//	says-not    none of these
//	words       sentences, word for word as in the flow, in this order
//	at          the node where the call stands
//	queue       the queue in which the caller waits
//	ends        how the call ended: goodbye, hangup, or no when it goes on
//	category    the category, or none
//	language    kk, ru, or none while none is chosen
//	partner     the partner to whom the caller is being handed over
//	callback    what came of a wish for one: taken, already or failed
//	message     what came of a message: recorded, kept, discarded, enough or failed
//	score       the mark that was given
//	vars        {account: "12345678"}, what variables are; none while not set
type Suite struct {
	file  string
	flow  *Flow
	cases []testCase
}

// testCase is one call and what is expected of it.
type testCase struct {
	name  string
	at    place
	start Start
	env   Env
	steps []testStep
}

// testStep is a part of a case, after which something is expected.
type testStep struct {
	at      place
	words   []Word
	expects []expectation
}

// expectation is one key of a step, such as says or queue.
type expectation struct {
	key  string
	at   place
	want []string // one but for lists
}

// Endings of the names of files.
const (
	flowEnding  = ".yaml"
	testsEnding = ".test.yaml"
)

// TestsName is the name of the file with the tests of a flow: 109.test.yaml
// for 109.yaml.
func TestsName(flow string) string { return strings.TrimSuffix(flow, flowEnding) + testsEnding }

// TestedName is the name of the flow that a file tests; false when the name is
// not that of a file of tests.
func TestedName(tests string) (string, bool) {
	bare, ok := strings.CutSuffix(tests, testsEnding)
	return bare + flowEnding, ok && bare != ""
}

// LoadSuite reads the tests of a flow and checks them: every phrase, node,
// queue and category that a test names must be there. All that is wrong is
// reported in one run; the suite is nil when there is anything.
func LoadSuite(fsys fs.FS, name string, f *Flow) (*Suite, Findings) {
	l := newLog()
	r := newSuiteReader(&Suite{file: name, flow: f}, l)
	if data, ok := readFile(fsys, name, l); ok {
		if root := parse(name, data, l); root != nil {
			r.lines = strings.Split(string(data), "\n")
			r.read(newEntry(name, nil, root, l))
		}
	}
	l.found.sort()
	if len(l.found) > 0 {
		return nil, l.found
	}
	return r.suite, nil
}

// Cases lists the names of the cases, in the order of the file.
func (s *Suite) Cases() []string {
	names := make([]string, 0, len(s.cases))
	for _, c := range s.cases {
		names = append(names, c.name)
	}
	return slices.Clip(names)
}
