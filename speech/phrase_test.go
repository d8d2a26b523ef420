package speech_test

import (
	"errors"
	"strings"
	"testing"

	"ikomek109/speech"
)

// heard joins the texts of clips, as a caller hears them.
func heard(clips []speech.Clip) string {
	text := ""
	for _, c := range clips {
		text += c.Text
		if !strings.HasSuffix(c.ID, "-") {
			text += " "
		}
	}
	return strings.TrimSpace(text)
}

func TestSpokenPhrases(t *testing.T) {
	type values = map[string]string
	for _, c := range []struct {
		lang, text string
		values     values
		want       string
	}{
		{"ru", "Через {minutes|acc}.", values{"minutes": "1"}, "Через одну минуту"},
		{"ru", "Через {minutes|acc}.", values{"minutes": "21"}, "Через двадцать одну минуту"},
		{"ru", "Через {minutes|acc}.", values{"minutes": "2"}, "Через две минуты"},
		{"ru", "Через {minutes|acc}.", values{"minutes": "11"}, "Через одиннадцать минут"},
		{"ru", "{minutes}", values{"minutes": "0"}, "ноль минут"},
		{"ru", "{minutes}", values{"minutes": "111"}, "сто одиннадцать минут"},
		{"ru", "{minutes}", values{"minutes": "1000"}, "одна тысяча минут"},
		{"ru", "от {a:number|gen,f} до {minutes|gen}", values{"a": "1", "minutes": "22"}, "от одной до двадцати двух минут"},
		{"ru", "{hours}, {days}", values{"hours": "3", "days": "5"}, "три часа пять дней"},
		{"ru", "до {seconds|gen}", values{"seconds": "1"}, "до одной секунды"},
		{"ru", "Вы {place} в очереди.", values{"place": "3"}, "Вы третий в очереди."},
		{"ru", "в {time|acc}", values{"time": "21:30"}, "в двадцать один час тридцать минут"},
		{"ru", "в {time|acc}", values{"time": "09:01"}, "в девять часов одну минуту"},
		{"ru", "с {a:time|gen} до {b:time|gen}", values{"a": "23:00", "b": "07:00"}, "с двадцати трёх часов до семи часов"},
		{"ru", "{time}", values{"time": "00:00"}, "ноль часов"},
		{"ru", "{time}", values{"time": "24:00"}, "двадцать четыре часа"},
		{"ru", "{date}", values{"date": "2022-01-05"}, "пятое января две тысячи двадцать второго года"},
		{"ru", "с {date|gen}", values{"date": "2000-02-29"}, "с двадцать девятого февраля двухтысячного года"},
		{"ru", "до {date|gen}", values{"date": "12-31"}, "до тридцать первого декабря"},
		{"ru", "{digits}", values{"digits": "+7 (700) 109"}, "плюс семь семь ноль ноль один ноль девять"},
		{"kk", "{minutes} қалды", values{"minutes": "5"}, "бес минут қалды"},
		{"kk", "{minutes|abl} кейін", values{"minutes": "21"}, "жиырма бір минуттан кейін"},
		{"kk", "{a:number|abl} {minutes|dat} дейін", values{"a": "5", "minutes": "10"}, "бестен он минутқа дейін"},
		{"kk", "{hours|dat} {days|acc}", values{"hours": "3", "days": "2"}, "үш сағатқа екі күнді"},
		{"kk", "Сіз кезекте {place} тұрсыз.", values{"place": "40"}, "Сіз кезекте қырқыншы тұрсыз."},
		{"kk", "сағат {time}", values{"time": "21:30"}, "сағат жиырма бір отыз"},
		{"kk", "сағат {time}", values{"time": "09:05"}, "сағат тоғыз нөл бес"},
		{"kk", "сағат {a:time|abl} {b:time|dat} дейін", values{"a": "09:00", "b": "18:30"}, "сағат тоғыздан он сегіз отызға дейін"},
		{"kk", "{date}", values{"date": "2022-01-05"}, "екі мың жиырма екінші жылғы бесінші қаңтар"},
		{"kk", "{date|loc}", values{"date": "1991-12-16"}, "мың тоғыз жүз тоқсан бірінші жылғы он алтыншы желтоқсанда"},
		{"kk", "{date|dat} дейін", values{"date": "09-30"}, "отызыншы қыркүйекке дейін"},
		{"kk", "{digits}", values{"digits": "109"}, "бір нөл тоғыз"},
	} {
		clips, err := speech.Split(c.lang, "test/say", c.text, c.values)
		if got := heard(clips); err != nil || got != c.want {
			t.Errorf("%s %q %v:\n got %q (%v)\nwant %q", c.lang, c.text, c.values, got, err, c.want)
		}
	}
}

func TestClipIDs(t *testing.T) {
	clips, err := speech.Split("ru", "queue/place", "Вы {place} в очереди, осталось {minutes}.", map[string]string{"place": "2", "minutes": "1"})
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	for _, c := range clips {
		ids = append(ids, c.ID)
	}
	const want = "queue/place/1 n/второй queue/place/2 n/одна n/минута"
	if got := strings.Join(ids, " "); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	whole, err := speech.Split("kk", "welcome", " Қайырлы\n күн! ", nil)
	if err != nil || len(whole) != 1 || whole[0] != (speech.Clip{Lang: "kk", ID: "welcome", Text: "Қайырлы күн!"}) {
		t.Errorf("a phrase without values: %v, %v", whole, err)
	}
}

func TestPhrasesThatCannotBeSpoken(t *testing.T) {
	type values = map[string]string
	for _, c := range []struct {
		id, text string
		values   values
		want     error
		tells    string
	}{
		{"a", "{minutes", nil, speech.ErrTemplate, "braces"},
		{"a", "minutes}", nil, speech.ErrTemplate, "braces"},
		{"a", "{a{b}}", nil, speech.ErrTemplate, "braces"},
		{"a", "{metres}", nil, speech.ErrTemplate, `no kind "metres"`},
		{"a", "{:number}", nil, speech.ErrTemplate, "no name"},
		{"a", "{}", nil, speech.ErrTemplate, "no kind"},
		{"a", "{minutes|f}", nil, speech.ErrTemplate, `"f"`},
		{"a", "{minutes|abl}", nil, speech.ErrTemplate, `"abl"`},
		{"a", "{digits|acc}", nil, speech.ErrTemplate, `"acc"`},
		{"a", " … ", nil, speech.ErrTemplate, "no words"},
		{"a", "", nil, speech.ErrTemplate, "no words"},
		{"a", "да\x00", nil, speech.ErrTemplate, "control"},
		{"a", "да\xff", nil, speech.ErrTemplate, "UTF-8"},
		{"a", strings.Repeat("да ", 1000), nil, speech.ErrTemplate, "longer"},
		{"a", strings.Repeat("{number}", 13), nil, speech.ErrTemplate, "values"},
		{"../a", "да", nil, speech.ErrTemplate, "dot"},
		{"a//b", "да", nil, speech.ErrTemplate, "empty"},
		{"", "да", nil, speech.ErrTemplate, "id"},
		{"a,b", "да", nil, speech.ErrTemplate, "','"},
		{"a", "{minutes}", nil, speech.ErrNoValue, `"minutes"`},
		{"a", "да", values{"minutes": "1"}, speech.ErrUnknownValue, "no values"},
		{"a", "{minutes}", values{"minutes": "1000000"}, speech.ErrRange, "999999"},
		{"a", "{minutes}", values{"minutes": "-1"}, speech.ErrRange, "whole number"},
		{"a", "{minutes}", values{"minutes": "1.5"}, speech.ErrRange, "whole number"},
		{"a", "{time}", values{"time": "24:01"}, speech.ErrRange, "time of day"},
		{"a", "{date}", values{"date": "2022-02-30"}, speech.ErrRange, "date"},
		{"a", "{date}", values{"date": "9999-01-01"}, speech.ErrRange, "date"},
		{"a", "{digits}", values{"digits": "7A"}, speech.ErrRange, "digits"},
		{"a", "{digits}", values{"digits": strings.Repeat("1", 65)}, speech.ErrRange, "longer"},
	} {
		clips, err := speech.Split("ru", c.id, c.text, c.values)
		var phrase *speech.PhraseError
		if !errors.As(err, &phrase) || !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.tells) {
			t.Errorf("%q %.30q: got %v, %v; want %v that tells %s", c.id, c.text, clips, err, c.want, c.tells)
		}
	}
	if _, err := speech.Split("en", "a", "yes", nil); !errors.Is(err, speech.ErrLanguage) {
		t.Errorf("an unknown language: %v", err)
	}
}

func TestErrorsKeepDialledDigitsSecret(t *testing.T) {
	_, err := speech.Split("ru", "a", "{digits}", map[string]string{"digits": "8700123456x"})
	if err == nil || strings.Contains(err.Error(), "8700123456") {
		t.Errorf("the error tells the number: %v", err)
	}
}
