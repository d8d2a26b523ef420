package speech

import "strings"

// kkVowels are all letters after which у is no vowel but the glide of «тау».
const kkVowels = "аәеёиоөуұүыіэюя"

// kkRespell writes Kazakh the way espeak-ng must read it to say it right. It
// takes every у for the glide, and so «су» (water) has no vowel and cannot be
// heard. Where у is a vowel, which is wherever no vowel goes before it, the one
// that belongs to it is written: «сұу», «білүу». Between consonants at the end
// of a word, as in «минут», it alone is written.
func kkRespell(text string) string {
	letters := []rune(text)
	var out strings.Builder
	for i, r := range letters {
		if (r != 'у' && r != 'У') || !kkVocalic(letters, i) {
			out.WriteRune(r)
			continue
		}
		out.WriteRune(kkHarmonic(letters, i))
		if !kkClosed(letters, i) {
			out.WriteRune('у')
		}
	}
	return out.String()
}

// kkVocalic reports whether the у at i is a vowel.
func kkVocalic(letters []rune, i int) bool {
	if i == 0 || !kkLetter(letters[i-1]) {
		return i+1 < len(letters) && kkLetter(letters[i+1]) && !kkVowel(letters[i+1])
	}
	return !kkVowel(letters[i-1])
}

// kkHarmonic is the narrow vowel that goes with the word in which the у at i
// stands: that of the nearest vowel before it, or else after it.
func kkHarmonic(letters []rune, i int) rune {
	for _, step := range []int{-1, 1} {
		for j := i + step; j >= 0 && j < len(letters) && kkLetter(letters[j]); j += step {
			switch {
			case strings.ContainsRune("әеөүіӘЕӨҮІ", letters[j]):
				return 'ү'
			case strings.ContainsRune("аоұыАОҰЫ", letters[j]):
				return 'ұ'
			}
		}
	}
	return 'ұ'
}

// kkClosed reports whether the у at i stands between two consonants of which
// the second ends the word or goes before a third.
func kkClosed(letters []rune, i int) bool {
	consonant := func(j int) bool {
		return j >= 0 && j < len(letters) && kkLetter(letters[j]) && !kkVowel(letters[j])
	}
	open := i+2 < len(letters) && kkLetter(letters[i+2]) && !consonant(i+2)
	return consonant(i-1) && consonant(i+1) && !open
}

func kkVowel(r rune) bool { return strings.ContainsRune(kkVowels, lower(r)) }

func kkLetter(r rune) bool { return r >= 'Ѐ' && r <= 'ӿ' }

func lower(r rune) rune { return []rune(strings.ToLower(string(r)))[0] }
