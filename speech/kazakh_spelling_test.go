package speech_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ikomek109/speech"
)

func TestKazakhIsSpelledForTheVoice(t *testing.T) {
	for text, want := range map[string]string{
		"Су, жарық":          "Сұу, жарық", // a word of one у
		"суды":               "сұуды",
		"туралы":             "тұуралы",
		"білу":               "білүу",
		"жүріп-тұру":         "жүріп-тұрұу",
		"тексеруі":           "тексерүуі",
		"суық":               "сұуық",
		"төлеу тау":          "төлеу тау", // the glide, after a vowel
		"уақыт ауысым":       "уақыт ауысым",
		"минут":              "минұт", // between consonants at the end
		"автобустардың":      "автобұстардың",
		"Үлбі у":             "Үлбі у", // a letter alone
		"2 у. су\nкүту":      "2 у. сұу\nкүтүу",
		"нажмите, kk у":      "нажмите, kk у",
		"":                   "",
		"оқу орны, өту, ашу": "оқұу орны, өтүу, ашұу",
	} {
		if got := speech.KazakhSpelling(text); got != want {
			t.Errorf("%q is spelled %q, want %q", text, got, want)
		}
	}
}

// TestSpellingLosesNothing holds for any text: without the letters у and those
// that go with it, it is what it was.
func TestSpellingLosesNothing(t *testing.T) {
	bare := strings.NewReplacer("у", "", "ұ", "", "ү", "", "У", "")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.StringMatching(`[а-яәіңғүұқөһУ .,-]{0,30}`), rapid.String()).Draw(t, "text")
		if got := speech.KazakhSpelling(text); bare.Replace(got) != bare.Replace(text) {
			t.Fatalf("%q became %q", text, got)
		}
	})
}
