package flows

import (
	"fmt"
	"slices"
	"strings"
)

// formsOf lists the grammatical forms in which a value of a kind can be said in
// a language. Kazakh has no genders, Russian no ablative, digits no forms at all.
func formsOf(l Language, kind string) []string {
	forms := []string{"nom", "gen", "dat", "acc", "ins", "loc"}
	switch {
	case kind == "digits":
		return nil
	case l == Kazakh:
		return append(forms, "abl")
	case kind == "number" || kind == "place":
		return append(forms, "m", "f", "n")
	default:
		return forms
	}
}

// checkForms looks at what stands behind the bar of each value in braces.
func (e entry) checkForms(s string) bool {
	good := true
	for _, m := range bracesExpr.FindAllStringSubmatch(s, -1) {
		name, kind, typed := strings.Cut(m[1], ":")
		if !typed {
			kind = name
		}
		known := formsOf(Language(e.key), kind)
		for form := range strings.FieldsFuncSeq(strings.TrimPrefix(m[2], "|"), func(r rune) bool { return r == ',' || r == ' ' }) {
			if slices.Contains(known, form) {
				continue
			}
			cure := "leave the form out"
			if len(known) > 0 {
				cure = e.log.cureName(form, known)
			}
			e.log.add(e.here(), CodeUnknownValue, fmt.Sprintf("%s has {%s}, but %s has no form %q for %s", e.what, clip(name+m[2]), Language(e.key).english(), clip(form), kind), cure)
			good = false
		}
	}
	return good
}
