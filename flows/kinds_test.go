package flows_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"ikomek109/flows"
)

// rich is a flow with the kinds of node that small does not have.
const rich = `
flow: rich
start: language
operator: operator
goodbye: bye
calendars: {office: office.calendar.yaml}
vars:
  account: digits
  left: days
  pin: {type: number, start: 5}
modes:
  emergency:
    bulletin: {kk: Қалада төтенше жағдай жарияланды., ru: В городе объявлено чрезвычайное положение.}
categories:
  water: {name: {kk: Су, ru: Вода}, announce: {kk: Су., ru: Вода.}}
nodes:
  language: {kind: language, text: {kk: Қазақша үшін, ru: Для русского}, to: who}
  who:
    kind: switch
    cases:
      - {when: mode == "emergency" and queue("main").waiting > 20, to: message}
      - {when: not open("office") or calls_today > 9, to: closed}
    else: topics
  closed: {kind: say, text: {kk: Жабық., ru: Закрыто.}, to: topics}
  topics:
    kind: menu
    order: {heightened: demand, emergency: [callback, ambulance]}
    options:
      - {text: {kk: Есепшот үшін, ru: Для счёта}, to: account, category: water}
      - {text: {kk: Қоңырау үшін, ru: Для звонка}, to: callback}
      - {text: {kk: Хабар үшін, ru: Для сообщения}, to: message}
      - {text: {kk: Жедел жәрдем үшін, ru: Для скорой}, to: ambulance}
      - {text: {kk: Код үшін, ru: Для кода}, to: pin}
  account:
    kind: input
    text: {kk: Нөмірді теріңіз., ru: Наберите номер.}
    length: {min: 4, max: 6}
    into: account
    confirm: true
    to: bill
  bill:
    kind: lookup
    url: http://192.0.2.10/a/{account}?left={pin}
    take: {left: /days}
    to: told
    failed: operator
  told: {kind: say, text: {kk: "{left} қалды.", ru: "Осталось {left}."}, to: topics}
  pin: {kind: input, text: {kk: Кодты теріңіз., ru: Наберите код.}, length: 2, into: pin, public: true, to: topics}
  callback: {kind: callback, queue: main, to: bye, category: water}
  message: {kind: message, queue: main, text: {kk: Айтыңыз., ru: Говорите.}, to: bye, failed: topics}
  ambulance: {kind: handover, partner: "103", text: {kk: Қосамыз., ru: Соединяем.}, busy: message}
  operator: {kind: queue, queue: main, after: rating}
  rating: {kind: survey, text: {kk: Бағалау үшін, ru: Для оценки}, to: bye}
  bye: {kind: end}
`

func richFlow(t tester) *flows.Flow {
	t.Helper()
	f, found := flows.Load(fstest.MapFS{"f.yaml": {Data: []byte(rich)}, "office.calendar.yaml": {Data: []byte(office)}}, "f.yaml", flows.Known{})
	for _, one := range found {
		t.Fatalf("%s", one)
	}
	return f
}

// TestTheKinds walks the kinds of node by cases, as an author would test them.
func TestTheKinds(t *testing.T) {
	s, found := flows.LoadSuite(fstest.MapFS{"f.test.yaml": {Data: []byte(richTests)}}, "f.test.yaml", richFlow(t))
	if s == nil {
		t.Fatal(found)
	}
	for _, c := range s.Run().Cases {
		for _, fail := range c.Failures {
			t.Errorf("%d: %s: step %d, after %q: %s: %s\n%s", fail.Line, c.Name, fail.Step, fail.Done, fail.Key, fail.Message, strings.Join(fail.Diff, "\n"))
		}
	}
}

const richTests = `
given: {time: 2026-06-01T12:00, language: ru}
cases:
  # input
  - case: digits are ended by the end key and read back
    given: {at: account}
    steps:
      - {do: 12345 hash, says-only: [input/heard, input/right, key/1, input/again, key/2], vars: {account: none}}
      - {do: 2, says-only: [account/text, input/end, key/hash], at: account}
      - {do: 0 0 0 0 silence 1, queue: main, vars: {account: "0000"}}
  - case: too few and too many are told, three times
    given: {at: account}
    steps:
      - {do: 123 hash, says: [input/short, account/text], at: account}
      - {do: 1234567, says: [input/long, last_try, account/text]}
      - {do: 1 silence, says: [apology], queue: main}
  - case: star takes digits back, and leads back when there are none
    given: {at: topics}
    steps:
      - {do: 1 12 star 1234 hash, says: [input/heard]}
      - {do: hash, says: [account/text]}
      - {do: star, at: topics}
  - case: a fixed length needs no end
    given: {at: pin}
    do: 42
    at: topics
    vars: {pin: "42"}
  - case: a letter is wrong, and what was typed is gone
    given: {at: pin}
    steps:
      - {do: 4 A, says: [retry, pin/text]}
      - {do: 42, vars: {pin: "42"}}
  # lookup
  - case: what is found is said in its words
    given: {at: bill, vars: {account: "7"}, lookups: {bill: {left: 12}}}
    says-only: [told/text]
    vars: {left: "12"}
    at: told
  - case: a service that is down
    given: {at: bill, vars: {account: "7"}}
    queue: main
  - case: a value that is none of its type
    given: {at: bill, vars: {account: "7"}, lookups: {bill: failed}}
    queue: main
  - case: nothing to ask with
    given: {at: bill, lookups: {bill: {left: 12}}}
    queue: main
  - case: what lacks a value is left unsaid
    given: {at: told}
    steps:
      - says-only: []
      - {do: listen, at: topics}
  # switch, calendar
  - case: open
    given: {at: who}
    at: topics
  - case: closed for dinner
    given: {at: who, time: 2026-06-01T13:30}
    at: closed
  - case: closed on a holiday
    given: {at: who, time: 2026-12-16T12:00}
    at: closed
  - case: open all day by decree
    given: {at: who, time: 2026-12-20T23:59}
    at: topics
  - case: called often
    given: {at: who, calls_today: 10}
    at: closed
  - case: a long queue in an emergency
    given: {at: who, mode: emergency, queues: {main: {waiting: 21}}}
    at: message
  - case: a short one
    given: {at: who, mode: emergency, queues: {main: {waiting: 20}}}
    at: topics
  # modes
  - case: the bulletin comes first, and a key cuts it
    given: {mode: emergency, language: none}
    steps:
      - {says-only: [mode/emergency, language/text, key/1, key/2], at: language}
      - {do: 2, at: topics, language: ru}
  - case: none in another mode
    given: {language: none}
    says-not: [mode/emergency]
  - case: the order of a mode
    given: {mode: emergency, at: topics}
    steps:
      - says: [menu/changed, topics/to-callback, key/1, topics/to-ambulance, key/2, topics/to-account, key/3, topics/to-message, key/4, topics/to-pin, key/5]
      - {do: 2, partner: "103"}
  - case: the order of demand
    given: {mode: heightened, at: topics, demand: {topics: {pin: 30, message: 7}}}
    steps:
      - says: [menu/changed, topics/to-pin, key/1, topics/to-message, key/2, topics/to-account, key/3]
      - {do: 1, at: pin}
  - case: the order of the file is no change
    given: {mode: heightened, at: topics, demand: {topics: {account: 30, callback: 7}}}
    says-not: [menu/changed]
    says: [topics/to-account, key/1, topics/to-callback, key/2]
  # callback
  - case: to the number that calls
    given: {at: callback}
    steps:
      - says-only: [callback/here, key/1, callback/other, key/2]
      - {do: 1, says: [callback/taken, goodbye], callback: taken, at: bye, category: water}
  - case: to another number, read back
    given: {at: callback}
    steps:
      - {do: 2, says-only: [callback/number, input/end, key/hash]}
      - {do: 87012345678 hash, says: [input/heard, input/right]}
      - {do: 1, callback: taken, at: bye}
  - case: to a number that is none
    given: {at: callback, caller_known: false}
    steps:
      - says-only: [callback/number, input/end, key/hash]
      - {do: 99912345678 hash, says: [callback/wrong, callback/number]}
      - {do: 7012345678 hash 2, says: [callback/number]}
      - {do: 12 star, says: [callback/number]}
      - {do: 7012345678 hash 1, callback: taken}
  - case: one who is noted already
    given: {at: callback, callback: already}
    do: 1
    says: [callback/already]
    callback: already
    at: bye
  - case: when it cannot be noted
    given: {at: callback, callback: failed}
    do: 1
    says: [callback/failed]
    queue: main
  # message
  - case: a message is heard, recorded again and sent
    given: {at: message}
    steps:
      - says-only: [message/text, message/begin, input/end, key/hash]
      - {do: "recorded:9s", says-only: [message/send, key/1, message/listen, key/2, message/again, key/3], message: recorded}
      - {do: 2, says-only: [message/send, key/1, message/listen, key/2, message/again, key/3]}
      - {do: 3, says-only: [message/begin, input/end, key/hash], message: discarded}
      - {do: "recorded:5s 1", says: [message/kept], message: kept, at: bye}
  - case: silence sends it
    given: {at: message}
    steps:
      - {do: "recorded:9s silence silence", says: [last_try], at: message}
      - {do: silence, message: kept, at: bye}
  - case: who wants an operator has not sent it
    given: {at: message}
    do: "recorded:9s 0"
    message: discarded
    queue: main
  - case: a short one is none
    given: {at: message}
    do: "recorded:1s"
    says: [message/short, message/text]
    message: discarded
  - case: no recorder
    given: {at: message}
    do: "recorded:failed"
    says: [message/failed]
    at: topics
  - case: enough for a day
    given: {at: message}
    do: "recorded:enough"
    says: [message/enough]
    message: enough
    at: topics
  - case: no room for it
    given: {at: message, message: failed}
    do: "recorded:9s 1"
    says: [message/failed]
    message: failed
    at: topics
  # handover
  - case: the partner hangs up
    given: {at: ambulance}
    steps:
      - {says-only: [ambulance/text], partner: "103"}
      - {do: "handover:finished", at: bye, says-only: [goodbye]}
  - case: the partner is busy
    given: {at: ambulance}
    do: "handover:busy"
    says: [handover/failed, message/text]
    at: message
  - case: nobody picks up
    given: {at: ambulance}
    do: "handover:no-answer"
    says: [handover/failed]
    queue: main
  # survey
  - case: a mark
    given: {at: operator}
    steps:
      - {do: served, says-only: [rating/text, survey/keys], at: rating}
      - {do: 4, says: [survey/thanks, goodbye], score: 4, at: bye}
      - {do: silence, ends: goodbye}
  - case: none
    given: {at: rating}
    do: silence
    at: bye
  - case: wrong keys
    given: {at: rating}
    steps:
      - {do: 9, says: [retry, rating/text]}
      - {do: 9 9, at: bye}
  - case: an operator once more
    given: {at: rating}
    do: 0
    queue: main
`
