package flows

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"go.yaml.in/yaml/v4"
)

// text reads a phrase in both languages and checks that it can be said.
// values are the names that may stand in braces in it.
func (e entry) text(values ...string) (Text, bool) {
	f := e.fields(string(Kazakh), string(Russian))
	if f.value.Kind != yaml.MappingNode {
		return Text{}, false
	}
	var t Text
	good := true
	for _, l := range Languages() {
		one, ok := f.need(string(l), CodeMissingLanguage, fmt.Sprintf("add the line %q with the words in %s", string(l)+": …", l.english()))
		if !ok {
			good = false
			continue
		}
		words, ok := one.words(values)
		good = good && ok
		if l == Kazakh {
			t.KK = words
		} else {
			t.RU = words
		}
	}
	if good {
		e.checkSame(t)
	}
	return t, good
}

func (l Language) english() string {
	if l == Russian {
		return "Russian"
	}
	return "Kazakh"
}

// words reads what is said in one language.
func (e entry) words(values []string) (string, bool) {
	s, ok := e.str()
	if !ok {
		return "", false
	}
	s = strings.Join(strings.Fields(s), " ")
	at, n := e.here(), len([]rune(s))
	if !strings.ContainsFunc(s, unicode.IsLetter) {
		e.log.add(at, CodeMissingLanguage, e.what+" has no words", "write what the caller shall hear")
		return "", false
	}
	switch length := SpokenFor(s); {
	case n > MaxText:
		e.log.add(at, CodeBadValue, fmt.Sprintf("%s has %d characters, more than %d", e.what, n, MaxText), "split it into several answers")
		return "", false
	case length > MaxSpoken:
		e.log.add(at, CodeTooLong, fmt.Sprintf("%s takes about %d seconds to say", e.what, int(length.Seconds())),
			fmt.Sprintf("keep it under %d: the main fact first, the rest in an answer of its own", int(MaxSpoken.Seconds())))
	}
	bare, ok := e.checkValues(s, values)
	if i := strings.IndexFunc(bare, unicode.IsDigit); i >= 0 {
		e.log.add(at, CodeFigures, e.what+" has figures: "+fmt.Sprintf("%q", clip(bare[i:])), "write the number in words, as it is said")
	}
	return s, ok
}

// checkValues takes the braces out of a text, reporting those that nothing fills.
func (e entry) checkValues(s string, values []string) (string, bool) {
	bare := bracesExpr.ReplaceAllString(s, "")
	ok := true
	for _, v := range valuesIn(s) {
		if slices.Contains(values, v) {
			continue
		}
		cure := "write the words themselves: nothing can be filled in here"
		if len(values) > 0 {
			cure = e.log.cureName(v, values)
		}
		e.log.add(e.here(), CodeUnknownValue, fmt.Sprintf("%s has {%s}, which nothing fills", e.what, clip(v)), cure)
		ok = false
	}
	if strings.ContainsAny(bare, "{}") {
		e.log.add(e.here(), CodeBadValue, e.what+" has a brace with no fellow", "write values as {name} or {name|form}, and no other braces")
		ok = false
	}
	return bare, ok
}

// kazakhLetters are those that Russian does not have.
const kazakhLetters = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"

// checkSame warns of a translation that was forgotten, or put in the wrong line.
func (e entry) checkSame(t Text) {
	switch {
	case strings.EqualFold(t.KK, t.RU):
		e.log.add(e.at, CodeSameText, e.what+" reads the same in both languages", "translate one of them")
	case strings.ContainsAny(t.RU, kazakhLetters) && !strings.ContainsAny(t.KK, kazakhLetters):
		e.log.add(e.at, CodeSwapped, e.what+" has Kazakh letters in the Russian line only", "see whether the two lines have changed places")
	}
}

// purpose reads a text that the program follows with "press one". It gets a
// comma at its end, so that a voice reads it as something that goes on.
func (f fields) purpose() Text {
	t := f.needText()
	for _, l := range Languages() {
		for _, told := range []string{"басыңыз", "нажмите"} {
			if strings.Contains(strings.ToLower(t.In(l)), told) {
				f.log.add(f.byKey["text"].here(), CodeSpokenKey, fmt.Sprintf("the text of %s says which key to press (%q)", f.what, told),
					"write the purpose alone: the key is added when it is spoken")
			}
		}
	}
	return Text{KK: goesOn(t.KK), RU: goesOn(t.RU)}
}

func goesOn(s string) string {
	if bare := strings.TrimRight(s, " .,;:"); bare != "" {
		return bare + ","
	}
	return s
}

// bracesExpr finds "{minutes}", "{minutes|gen}" and "{from:minutes|gen}". Its
// first group is the value: what fills it and how it is said, without the form.
var bracesExpr = regexp.MustCompile(`\{([^{}|]*)(?:\|[^{}|]*)?\}`)

// valuesIn lists the values in the braces of a text, each once, in order.
func valuesIn(s string) []string {
	var values []string
	for _, m := range bracesExpr.FindAllStringSubmatch(s, -1) {
		if !slices.Contains(values, m[1]) {
			values = append(values, m[1])
		}
	}
	return values
}

// SpokenFor estimates how long a text takes to say at the pace of the line's
// voices. It is a guess for authors, good to a fifth; the files know better.
func SpokenFor(text string) time.Duration {
	letters := 0
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsSpace(r):
			letters++
		case strings.ContainsRune(".!?:;—", r):
			letters += lettersPerSecond / 3 // a pause of a third of a second
		case r == ',':
			letters += lettersPerSecond / 7
		}
	}
	return time.Duration(letters) * time.Second / lettersPerSecond
}
