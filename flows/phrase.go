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

// wording is what a phrase may be.
type wording struct {
	values    []string      // what may stand in braces, as it is written there
	variables bool          // the flow's variables may stand in braces, too
	most      int           // characters
	longest   time.Duration // of speech, before a warning
}

// text reads a phrase of fixed words in both languages and checks that it can
// be said. values are the names that may stand in braces in it.
func (e entry) text(values ...string) (Text, bool) {
	return e.phrase(wording{values: values, most: MaxText, longest: MaxSpoken})
}

// spoken reads what a node says: the flow's variables may stand in it.
func (e entry) spoken() (Text, bool) {
	return e.phrase(wording{variables: true, most: MaxText, longest: MaxSpoken})
}

func (e entry) phrase(w wording) (Text, bool) {
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
		words, ok := one.words(w)
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
func (e entry) words(w wording) (string, bool) {
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
	case n > w.most:
		e.log.add(at, CodeBadValue, fmt.Sprintf("%s has %d characters, more than %d", e.what, n, w.most), "split it into several answers")
		return "", false
	case length > w.longest:
		e.log.add(at, CodeTooLong, fmt.Sprintf("%s takes about %d seconds to say", e.what, int(length.Seconds())),
			fmt.Sprintf("keep it under %d: the main fact first, the rest in an answer of its own", int(w.longest.Seconds())))
	}
	filled := true
	if w.variables && strings.Contains(s, "{") {
		s, filled = e.nameVariables(s)
	}
	bare, ok := e.checkValues(s, w)
	if i := strings.IndexFunc(bare, unicode.IsDigit); i >= 0 {
		e.log.add(at, CodeFigures, e.what+" has figures: "+fmt.Sprintf("%q", clip(bare[i:])), "write the number in words, as it is said")
	}
	return s, ok && filled
}

// checkValues takes the braces out of a text, reporting those that nothing fills.
func (e entry) checkValues(s string, w wording) (string, bool) {
	if !strings.ContainsAny(s, "{}") {
		return s, true
	}
	bare := bracesExpr.ReplaceAllString(s, "")
	ok := true
	for _, v := range valuesIn(s) {
		if w.variables || slices.Contains(w.values, v) {
			continue
		}
		cure := "write the words themselves: nothing can be filled in here"
		if len(w.values) > 0 {
			cure = e.log.cureName(v, w.values)
		}
		e.log.add(e.here(), CodeUnknownValue, fmt.Sprintf("%s has {%s}, which nothing fills", e.what, clip(v)), cure)
		ok = false
	}
	ok = e.checkForms(s) && ok
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
var bracesExpr = regexp.MustCompile(`\{([^{}|]*)(\|[^{}|]*)?\}`)

// nameVariables writes out how each variable in the braces of a text is said:
// {left|gen} becomes {left:minutes|gen}. What is no variable is reported.
func (e entry) nameVariables(s string) (string, bool) {
	good := true
	s = bracesExpr.ReplaceAllStringFunc(s, func(braces string) string {
		m := bracesExpr.FindStringSubmatch(braces)
		name, how, _ := strings.Cut(m[1], ":")
		how, ok := e.howSaid(strings.TrimSpace(name), strings.TrimSpace(how))
		good = good && ok
		return "{" + strings.TrimSpace(name) + ":" + how + m[2] + "}"
	})
	return s, good
}

// howSaid tells in what words a variable is said: as its type is, unless the
// author wants it otherwise.
func (e entry) howSaid(name, how string) (string, bool) {
	v := e.log.vars[name]
	if v == nil {
		cure := "declare it at the top of the flow (vars: {account: digits}), or write the words themselves"
		if len(e.log.vars) > 0 {
			cure = e.log.cureVariable(name)
		}
		e.log.add(e.here(), CodeUnknownValue, fmt.Sprintf("%s has {%s}, which nothing fills", e.what, clip(name)), cure)
		return how, false
	}
	ways := valueTypes()[v.kind].spoken
	switch {
	case v.kind == "": // told where it is declared
		return how, false
	case len(ways) == 0:
		e.log.add(e.here(), CodeUnknownValue, fmt.Sprintf("%s has {%s}, a text, which no voice can say", e.what, name), "say a variable of another type, such as digits or number")
		return how, false
	case how == "":
		return ways[0], true
	case !slices.Contains(ways, how):
		e.log.add(e.here(), CodeUnknownValue, fmt.Sprintf("%s has {%s:%s}, but %s is of type %s", e.what, name, clip(how), name, v.kind), e.log.cureName(how, ways))
		return how, false
	}
	return how, true
}

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
