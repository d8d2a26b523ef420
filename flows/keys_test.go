package flows_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"ikomek109/flows"
	"ikomek109/speech"
)

// TestKeysAreSaidByTheRules wants the number of each key in the accusative, as
// the rules of each language make it.
func TestKeysAreSaidByTheRules(t *testing.T) {
	f := shipped(t)
	press := map[flows.Language]string{flows.Kazakh: "%s басыңыз.", flows.Russian: "нажмите %s."}
	want := map[string]map[flows.Language]string{
		"star": {flows.Kazakh: "жұлдызшаны", flows.Russian: "звёздочку"},
		"hash": {flows.Kazakh: "тор белгісін", flows.Russian: "решётку"},
	}
	for digit := range 10 {
		words := map[flows.Language]string{}
		for _, l := range flows.Languages() {
			said, err := speech.Cardinal(string(l), digit, speech.Form{Case: speech.Accusative})
			if err != nil {
				t.Fatal(err)
			}
			words[l] = said
		}
		want[strconv.Itoa(digit)] = words
	}
	for key, words := range want {
		p, ok := f.Phrase("key/" + key)
		for l, word := range words {
			if said := strings.Replace(press[l], "%s", word, 1); !ok || p.Text.In(l) != said {
				t.Errorf("key %s in %s: %q, want %q", key, l, p.Text.In(l), said)
			}
		}
	}
}

// reads is how a purpose goes on into its key: a reason or a condition.
var reads = map[flows.Language]*regexp.Regexp{
	flows.Kazakh:  regexp.MustCompile(`( үшін|[^ ]с[ае]| соң),$`),
	flows.Russian: regexp.MustCompile(`^(Чтобы|Для|Если|Когда) .*,$`),
}

// TestOffersReadOnIntoTheirKeys wants each sentence whole that ends with a key, in
// the menus that ship, in every mode and language.
func TestOffersReadOnIntoTheirKeys(t *testing.T) {
	town, found := flows.Load(os.DirFS("examples"), "koktobe.yaml", flows.Known{})
	if town == nil {
		t.Fatal(found)
	}
	offers := map[string]bool{}
	for _, f := range []*flows.Flow{shipped(t), town} {
		for _, node := range f.Nodes() {
			for _, o := range offersAt(f, node) {
				offers[string(o.language)+" "+o.purpose] = true
				if !reads[o.language].MatchString(o.purpose) {
					t.Errorf("%s, in %s: %q", node, o.language, o.purpose+" "+o.key)
				}
			}
		}
	}
	if len(offers) < 70 {
		t.Errorf("only %d offers were read", len(offers))
	}
}

// offer is a sentence that ends with a key.
type offer struct {
	language     flows.Language
	purpose, key string
}

// offersAt lists what a node offers, in every mode and language.
func offersAt(f *flows.Flow, node string) (all []offer) {
	env := daytime()
	for _, env.Mode = range flows.Modes() {
		for _, language := range flows.Languages() {
			purpose := ""
			for _, u := range utterances(f.BeginAt(flows.Start{Node: node, Language: language}, env).Actions) {
				if strings.HasPrefix(u.Phrase.ID, "key/") {
					all = append(all, offer{u.Language, purpose, u.Text()})
				}
				purpose = u.Text()
			}
		}
	}
	return all
}

func utterances(actions []flows.Action) (all []flows.Utterance) {
	for _, a := range actions {
		say, _ := a.(flows.Say)
		all = append(all, say.Utterances...)
	}
	return all
}
