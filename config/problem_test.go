package config_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"ikomek109/config"

	"github.com/google/go-cmp/cmp"
)

func TestCheckTellsPlaceAndCure(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"unknown key", "line:\n  naem: x\n", `s.yaml:2:3: unknown key "line.naem"; did you mean "name"?`},
		{"unknown section", "asterix:\n  url: x\n", `s.yaml:1:1: unknown key "asterix"; did you mean "asterisk"?`},
		{"capital letters", "Log: {level: info}\n", `s.yaml:1:1: unknown key "Log"; did you mean "log"?`},
		{"hyphen", "asterisk: {sip-port: 1}\n", `s.yaml:1:12: unknown key "asterisk.sip-port"; did you mean "sip_port"?`},
		{"wrong place", "ring_timeout: 20s\n", `s.yaml:1:1: unknown key "ring_timeout"; write it below queue:, indented, as ring_timeout:`},
		{"dotted", "queue.ring_timeout: 20s\n", `s.yaml:1:1: unknown key "queue.ring_timeout"; write it below queue:, indented, as ring_timeout:`},
		{"nothing like it", "log: {zzzzzzzz: 1}\n", `s.yaml:1:7: unknown key "log.zzzzzzzz"; known below log: level, format`},
		{"empty key", `"": 1` + "\n", `s.yaml:1:1: unknown key ""; known here: listen, line, asterisk, store, speech, queue, queues, agent, modes, handover, partners, lookup, callback, message, recording, web, log, deploy`},
		{"twice", "log: {level: info, level: warn}\n", `s.yaml:1:20: log.level: is set twice, first on line 1; keep one of them`},
		{"section twice", "log: {level: info}\nlog: {level: warn}\n", `s.yaml:2:1: log: is set twice, first on line 1; keep one of them`},
		{"not a number", "asterisk:\n  sip_port: sip\n", `s.yaml:2:13: asterisk.sip_port: "sip" is not a whole number; write digits only, such as 5060`},
		{"octal", "asterisk: {sip_port: 0x10}\n", `s.yaml:1:22: asterisk.sip_port: "0x10" is not a whole number; write digits only, such as 5060`},
		{"out of bounds", "asterisk: {sip_port: 70000}\n", `s.yaml:1:22: asterisk.sip_port: 70000 is out of bounds; choose 0 to 65535`},
		{"no unit", "queue: {ring_timeout: 20}\n", `s.yaml:1:23: queue.ring_timeout: "20" is a number without a unit; write a duration such as 20s`},
		{"no duration", "queue: {ring_timeout: long}\n", `s.yaml:1:23: queue.ring_timeout: "long" is not a duration; write it with units, such as 20s, 5m or 1h30m`},
		{"duration bounds", "queue: {ring_timeout: 1h}\n", `s.yaml:1:23: queue.ring_timeout: 1h is out of bounds; choose 3s to 2m`},
		{"duration or never", "queue: {longest_wait: 1s}\n", `s.yaml:1:23: queue.longest_wait: 1s is out of bounds; choose 10s to 24h, or 0s`},
		{"section for value", "listen: {a: b}\n", `s.yaml:1:9: listen: must be one value, not a list or a section; write it on the same line`},
		{"value for section", "log: debug\n", `s.yaml:1:6: log: must hold keys, one per line; known: level, format`},
		{"value for list", "line: {numbers: 109}\n", `s.yaml:1:17: line.numbers: must be a list; write it as ["a", "b"]`},
		{"list at the top", "- a\n", `s.yaml:1:1: must hold keys, one per line; known: listen, line, asterisk, store, speech, queue, queues, agent, modes, handover, partners, lookup, callback, message, recording, web, log, deploy`},
		{"null", "listen:\n", `s.yaml:1:8: listen: has no value; write a value, "" for none, or remove the line for the default`},
		{"neither", "speech: {recorded_only: no}\n", `s.yaml:1:25: speech.recorded_only: "no" is neither true nor false; write one of them, without quotes`},
		{"boolean", "line: {name: true}\n", `s.yaml:1:14: line.name: "true" is not a text; put it in quotes if you mean it literally`},
		{"alias", "line: {name: &a x}\nlog: {level: *a}\n", `s.yaml:2:14: log.level: aliases are not used in settings; write the value out`},
		{"merge", "log: {<<: {level: info}}\n", `s.yaml:1:7: log: a key must be a plain word; anchors, aliases and << are not used in settings: write the keys out`},
		{"key of a list", "? [a]\n: 1\n", `s.yaml:1:3: a key must be a plain word; anchors, aliases and << are not used in settings: write the keys out`},
		{"not UTF-8", "log:\n  level: \xff\n", `s.yaml:2:10: the file holds a byte that is not UTF-8; save it as plain text in UTF-8`},
		{"control", "log:\n  level: \"\x1b\"\n", `s.yaml:2:11: the file holds a control character (U+001B); save it as plain text in UTF-8`},
		{"escaped control", "line: {name: \"a\\nb\"}\n", `s.yaml:1:14: line.name: holds a line break or another control character; write it as plain text on one line`},
		{"two documents", "log: {level: info}\n---\nlog: {level: warn}\n", `s.yaml:2:1: a second document begins here; keep one: remove the line ---`},
		{"syntax", "log: [\n", `s.yaml:2:1: this is not YAML: did not find expected node content; check the indentation (spaces, no tabs), the quotes and the colon before a value on this line and the one above`},
		{"zone", "line: {time_zone: Asia/Astana}\n", `s.yaml:1:19: line.time_zone: "Asia/Astana" is not a known time zone; write an IANA name such as Asia/Almaty`},
		{"zone outside", "line: {time_zone: ../../etc/passwd}\n", `s.yaml:1:19: line.time_zone: "../../etc/passwd" is not a known time zone; write an IANA name such as Asia/Almaty`},
		{"number too short", "line: {numbers: [\"9\"]}\n", `s.yaml:1:17: line.numbers: "9" is not a number to dial; write 2 to 15 digits, without + and blanks`},
		{"node", "asterisk: {node: general}\n", `s.yaml:1:18: asterisk.node: cannot be "general": Asterisk keeps that word for itself; choose another`},
		{"number", "line: {numbers: [\"109;x\"]}\n", `s.yaml:1:17: line.numbers: "109;x" is not a number to dial; write 2 to 15 digits, without + and blanks`},
		{"number twice", "line: {numbers: [109, 109]}\n", `s.yaml:1:17: line.numbers: "109" stands there twice; keep one`},
		{"no number", "line: {numbers: []}\n", `s.yaml:1:17: line.numbers: must hold 1 to 16 numbers; write ["109"]`},
		{"address", "listen: localhost\n", `s.yaml:1:9: listen: "localhost" is not an IP address; write 127.0.0.1 for this machine only, or an address of this machine`},
		{"level", "log: {level: warning}\n", `s.yaml:1:14: log.level: "warning" is not known; choose one of debug, info, warn, error`},
		{"web", "web: {listen: ':1090'}\n", `s.yaml:1:15: web.listen: ":1090" is not an address and a port; write it like 127.0.0.1:1090`},
		{"web name", "web: {hosts: ['http://x']}\n", `s.yaml:1:14: web.hosts: "http://x" is not the name of a machine; write it without port and without http://, such as line.example`},
		{"port twice", "web: {listen: '127.0.0.1:8088'}\n", `s.yaml:1:15: web.listen: port 8088 is asterisk.http_port too; choose another one`},
		{"sip is ari", "asterisk: {http_port: 5060}\n", `s.yaml:1:23: asterisk.http_port: 5060 is asterisk.sip_port too, and both use TCP; choose another one`},
		{"sip in sound", "asterisk: {sip_port: 10001}\n", `s.yaml:1:22: asterisk.sip_port: 10001 lies among the ports for sound; choose one outside asterisk.rtp_from to rtp_to`},
		{"sound range", "asterisk: {rtp_to: 9000}\n", `s.yaml:1:20: asterisk.rtp_to: 10000 to 9000 leaves no room for sound; leave two ports for each call, at least ten`},
		{"half a switch", "asterisk: {url: 'http://127.0.0.1:8088/ari'}\n", `s.yaml:1:17: asterisk.url: needs a username and a password beside it; set asterisk.url, asterisk.username and asterisk.password (or password_file), or none of them and use ` + "`ikomek109 run`"},
		{"user alone", "asterisk: {username: a}\n", `s.yaml:1:22: asterisk.username: has no password; set asterisk.url, asterisk.username and asterisk.password (or password_file), or none of them and use ` + "`ikomek109 run`"},
		{"app", "asterisk: {app: 'a,b)'}\n", `s.yaml:1:17: asterisk.app: "a,b)" is not a plain name; write letters of a to z, digits, . - and _, at most 64, beginning with a letter or digit`},
		{"mirror", "deploy: {mirror: 'file:///etc'}\n", `s.yaml:1:18: deploy.mirror: is not an address of http or https; write it like http://mirror.example/debian`},
		{"partner without a name", "partners: [{code: 112, kk: Құтқару, address: 'sip:112@192.0.2.7'}]\n", `s.yaml:1:11: partners: partner 112 has no name in one of the languages; write both kk and ru`},
		{"partner anywhere", "partners: [{code: 112, kk: а, ru: б, address: 'Local/s@agents'}]\n", `s.yaml:1:11: partners: partner 112 cannot be rung at "Local/s@agents"; write an address like sip:112@192.0.2.7, or PJSIP/112@trunk for a trunk of your own Asterisk`},
		{"partner of two addresses", "partners: [{code: 112, kk: а, ru: б, address: 'sip:1@a&sip:2@b'}]\n", `s.yaml:1:11: partners: partner 112 cannot be rung at "sip:1@a&sip:2@b"; write an address like sip:112@192.0.2.7, or PJSIP/112@trunk for a trunk of your own Asterisk`},
		{"partner twice", "partners: [{code: a, kk: а, ru: б, address: 'sip:1@a'}, {code: a, kk: а, ru: б, address: 'sip:1@a'}]\n", `s.yaml:1:11: partners: the code "a" stands there twice; keep one`},
		{"partner like an agent", "partners: [{code: 205, kk: а, ru: б, address: 'sip:1@a'}]\n", `s.yaml:1:11: partners: the code "205" is also a number of a queue or of agents; agents key queues as 1, 2 … and each other as 201 to 999: choose a code apart from those, such as 112`},
		{"partner like a queue", "queues: [main, housing]\npartners: [{code: 2, kk: а, ru: б, address: 'sip:1@a'}]\n", `s.yaml:2:11: partners: the code "2" is also a number of a queue or of agents; agents key queues as 1, 2 … and each other as 201 to 999: choose a code apart from those, such as 112`},
		{"partner's key", "partners: [{cod: a}]\n", `s.yaml:1:13: unknown key "partners.cod"; did you mean "code"?`},
		{"partners no list", "partners: {a: b}\n", "s.yaml:1:11: partners: must be a list; write it as - {code: \"112\", kk: …, ru: …, address: \"sip:112@192.0.2.7\"}"},
		{"partner no section", "partners: [112]\n", `s.yaml:1:12: partners: each partner must hold keys; known: code, kk, ru, address`},
		{"no queue", "queues: []\n", `s.yaml:1:9: queues: must hold 1 to 100 names; write ["main"]`},
		{"queue's name", "queues: [main, Су]\n", `s.yaml:1:9: queues: "Су" is no name of a queue; write small Latin letters, digits and dashes, a letter first, at most 40, such as main`},
		{"queue twice", "queues: [main, main]\n", `s.yaml:1:9: queues: "main" stands there twice; keep one`},
		{"host with a scheme", "lookup: {hosts: ['http://10.0.0.7']}\n", `s.yaml:1:17: lookup.hosts: "http://10.0.0.7" is not a machine; write host or host:port, without http://, such as 10.0.0.7:8080`},
		{"dial without a number", "callback: {dial: PJSIP/109@trunk}\n", `s.yaml:1:18: callback.dial: "PJSIP/109@trunk" calls nobody; write PJSIP/{number}@trunk for a trunk of your own Asterisk, or an address like sip:{number}@192.0.2.7`},
		{"two numbers", "callback: {dial: 'PJSIP/{number}{digits}@trunk'}\n", `s.yaml:1:18: callback.dial: "PJSIP/{number}{digits}@trunk" calls nobody; write PJSIP/{number}@trunk for a trunk of your own Asterisk, or an address like sip:{number}@192.0.2.7`},
		{"falling intervals", "callback: {intervals: [5m, 1m]}\n", `s.yaml:1:23: callback.intervals: "1m" is shorter than the one before; let them rise`},
		{"odd interval", "callback: {intervals: [soon]}\n", `s.yaml:1:23: callback.intervals: "soon" is no time between two tries; write 1s to 24h, such as 5m`},
		{"first of three", "callback: {first: both}\n", `s.yaml:1:19: callback.first: "both" is not known; choose one of agent, citizen`},
		{"no hours", "callback: {from: '22:00', to: '8:00'}\n", `s.yaml:1:31: callback.to: "8:00" is no time of day; write it like 08:00`},
		{"hours that end first", "callback: {from: '22:00', to: '08:00'}\n", `s.yaml:1:31: callback.to: comes before callback.from; nobody would ever be called back`},
		{"no prefix", "callback: {prefixes: ['8']}\n", `s.yaml:1:22: callback.prefixes: "8" is not the beginning of a number; write + and digits, such as +7`},
		{"messages that go too soon", "message: {keep_done: 1h, keep: 48h, per_day: -1}\n", "s.yaml:1:22: message.keep_done: 1h is out of bounds; choose 24h to 87840h\ns.yaml:1:46: message.per_day: -1 is out of bounds; choose 0 to 1000"},
		{"term that never comes", "message: {keep: 48h}\n", `s.yaml:1:17: message.keep: is shorter than message.keep_done, which could never come; make it 720h or longer`},
		{"accept", "agent: {accept: keys}\n", `s.yaml:1:17: agent.accept: "keys" is not known; did you mean "key"?`},
		{"accept within", "agent: {accept_within: 2m}\n", `s.yaml:1:24: agent.accept_within: 2m is out of bounds; choose 1s to 1m`},
		{"pause reason", "agent: {pause_reasons: [lunhc]}\n", `s.yaml:1:24: agent.pause_reasons: "lunhc" is not known; did you mean "lunch"?`},
		{"pause twice", "agent: {pause_reasons: [rest, rest]}\n", `s.yaml:1:24: agent.pause_reasons: "rest" stands there twice; keep one`},
		{"wrap-up", "queue: {wrap_up: 10m}\n", `s.yaml:1:18: queue.wrap_up: 10m is out of bounds; choose 3s to 5m, or 0s`},
		{"wrap-up longer", "queue: {wrap_up_longest: 2h}\n", `s.yaml:1:26: queue.wrap_up_longest: 2h is out of bounds; choose 10s to 1h`},
		{"useless order", "queue: {longest_wait: 30s, other_language_after: 1m}\n", `s.yaml:1:50: queue.other_language_after: comes after queue.longest_wait has ended the wait; make it shorter than 30s, or 0s for never`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, config.Check("s.yaml", []byte(c.text)).Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestCheckAcceptsWhatPeopleWrite(t *testing.T) {
	for name, text := range map[string]string{
		"empty": "", "blank": "\n\n", "comment": "# nothing\n", "mark": "\xef\xbb\xbflog: {level: warn}\n",
		"windows": "log:\r\n  level: warn\r\n", "empty section": "log:\n", "number as text": "line: {numbers: [109]}\n",
		"never": "queue: {other_language_after: 0s, longest_wait: 0}\n", "ipv6": "listen: '::1'\nweb: {listen: '[::1]:0'}\n",
		"any ports": "asterisk: {sip_port: 0, http_port: 0, rtp_from: 0, rtp_to: 0}\n",
		"asterisk":  "asterisk: {url: 'http://127.0.0.1:8088/ari', username: a, password_file: /x}\n",
		"kazakh":    "line: {name: Өңірлік көмек желісі}\n",
	} {
		t.Run(name, func(t *testing.T) {
			if problems := config.Check("s.yaml", []byte(text)); len(problems) > 0 {
				t.Errorf("%v", problems)
			}
		})
	}
}

func TestEverythingIsToldAtOnceInOrder(t *testing.T) {
	isolate(t)
	t.Setenv("IKOMEK109_LOG_FORMAT", "xml")
	t.Setenv("IKOMEK109_ASTERISK_HTTP_PORT", "eighty")
	file := write(t, "asterisk:\n  sip_port: 99999\n  urll: x\nline:\n  name: ''\nqueue:\n  capacity: -1\n  ring_timeout: soon\n")
	_, err := config.Load(config.Options{File: file, Flags: flags(t, "--level=loud"), Set: []string{"x", "a.b=c", "asterisk.password=p"}})
	var problems config.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("Load = %v", err)
	}
	want := []string{
		":2:13: asterisk.sip_port:", ":3:3: unknown key", ":5:9: line.name:", ":7:13: queue.capacity:", ":8:17: queue.ring_timeout:",
		"environment IKOMEK109_ASTERISK_HTTP_PORT: asterisk.http_port: \"eighty\" is not a whole number",
		"environment IKOMEK109_LOG_FORMAT: log.format: \"xml\" is not known", "flag --set: no = in it", "flag --set: unknown key \"a.b\"",
		"flag --set: asterisk.password: a secret on the command line", "flag --level: log.level: \"loud\" is not known",
	}
	if len(problems) != len(want) {
		t.Fatalf("%d problems, want %d:\n%v", len(problems), len(want), err)
	}
	for i, p := range problems {
		if !strings.Contains(p.Error(), want[i]) {
			t.Errorf("problem %d = %q, want it to hold %q", i, p.Error(), want[i])
		}
	}
}

func TestMessagesHoldNoSecret(t *testing.T) {
	for _, text := range []string{
		"asterisk: {password: [hunter2]}", "asterisk: {password: {hunter2: x}, username: a}", "asterisk: {password: !!binary hunter2}",
		"asterisk: {password: hunter2, url: 'http://me:hunter2@127.0.0.1/ari'}", "asterisk: {url: 'http://me:hunter2@[x/ari'}",
		"asterisk: {password: \"hunter2\\n\"}", "deploy: {mirror: 'http://u:hunter2@x/debian'}",
	} {
		problems := config.Check("s.yaml", []byte(text))
		if len(problems) == 0 {
			t.Errorf("%s: no problem", text)
		}
		if strings.Contains(problems.Error(), "hunter2") {
			t.Errorf("%s: the secret is shown:\n%v", text, problems)
		}
	}
}

// hostile gives files that are meant to hurt.
func hostile() map[string]string {
	var bomb strings.Builder
	bomb.WriteString("a0: &a0 [x,x,x,x,x,x,x,x,x]\n")
	for i := 1; i < 30; i++ {
		fmt.Fprintf(&bomb, "a%d: &a%d [%s]\n", i, i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d,", i-1), 9), ","))
	}
	return map[string]string{
		"alias bomb": bomb.String(), "flow depth": strings.Repeat("[", 100_000), "map depth": strings.Repeat("{a: ", 60_000),
		"block depth": strings.Repeat("- ", 100_000), "100k lines": strings.Repeat("a: 1\n", 100_000), "many keys": manyKeys(20_000),
		"long key": strings.Repeat("k", 250_000) + ": 1\n", "long value": "listen: " + strings.Repeat("v", 250_000), "nulls": strings.Repeat("\x00", 1000),
		"cycle": "log: &a\n  level: *a\n", "quotes": `"` + strings.Repeat(`\"`, 100_000), "tags": "log: !<!" + strings.Repeat("a", 1000) + "> {}\n",
		"colons": strings.Repeat(": ", 100_000), "questions": strings.Repeat("? ", 100_000), "anchors": strings.Repeat("&a ", 80_000),
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "k%d: 1\n", i)
	}
	return b.String()
}

// hangs is far more than any file takes, on a machine busy with other things:
// what goes beyond it grows with a power of its size.
const hangs = 5 * time.Minute

func TestHostileFilesAreRefused(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			problems := config.Check("s.yaml", []byte(text))
			if len(problems) == 0 {
				t.Error("accepted")
			}
			if took := time.Since(start); took > hangs {
				t.Errorf("took %v", took)
			}
			if size := len(problems.Error()); size > 64<<10 {
				t.Errorf("the message has %d bytes", size)
			}
		})
	}
}

func FuzzCheck(f *testing.F) {
	f.Add([]byte(config.Sample()))
	for _, text := range hostile() {
		if len(text) < 4096 {
			f.Add([]byte(text))
		}
	}
	f.Add([]byte("asterisk: {url: 'http://127.0.0.1/ari', username: a, password: b}\nline: {numbers: [1, 2]}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		start := time.Now()
		problems := config.Check("s.yaml", text)
		if took := time.Since(start); took > hangs {
			t.Errorf("took %v", took)
		}
		if len(problems) > 200 {
			t.Errorf("%d problems", len(problems))
		}
		for _, p := range problems {
			if strings.ContainsAny(p.Error(), "\n\x1b\x00") {
				t.Errorf("a control character in %q", p.Error())
			}
		}
	})
}
