package speech_test

import (
	"errors"
	"testing"

	"ikomek109/speech"
)

// hard are the numbers at which a language changes its mind.
var hard = []struct {
	n                            int
	kk, kkOrdinal, ru, ruOrdinal string
}{
	{0, "нөл", "нөлінші", "ноль", "нулевой"},
	{1, "бір", "бірінші", "один", "первый"},
	{2, "екі", "екінші", "два", "второй"},
	{3, "үш", "үшінші", "три", "третий"},
	{4, "төрт", "төртінші", "четыре", "четвёртый"},
	{5, "бес", "бесінші", "пять", "пятый"},
	{6, "алты", "алтыншы", "шесть", "шестой"},
	{7, "жеті", "жетінші", "семь", "седьмой"},
	{8, "сегіз", "сегізінші", "восемь", "восьмой"},
	{9, "тоғыз", "тоғызыншы", "девять", "девятый"},
	{10, "он", "оныншы", "десять", "десятый"},
	{11, "он бір", "он бірінші", "одиннадцать", "одиннадцатый"},
	{12, "он екі", "он екінші", "двенадцать", "двенадцатый"},
	{14, "он төрт", "он төртінші", "четырнадцать", "четырнадцатый"},
	{19, "он тоғыз", "он тоғызыншы", "девятнадцать", "девятнадцатый"},
	{20, "жиырма", "жиырмасыншы", "двадцать", "двадцатый"},
	{21, "жиырма бір", "жиырма бірінші", "двадцать один", "двадцать первый"},
	{22, "жиырма екі", "жиырма екінші", "двадцать два", "двадцать второй"},
	{25, "жиырма бес", "жиырма бесінші", "двадцать пять", "двадцать пятый"},
	{30, "отыз", "отызыншы", "тридцать", "тридцатый"},
	{40, "қырық", "қырқыншы", "сорок", "сороковой"},
	{50, "елу", "елуінші", "пятьдесят", "пятидесятый"},
	{60, "алпыс", "алпысыншы", "шестьдесят", "шестидесятый"},
	{70, "жетпіс", "жетпісінші", "семьдесят", "семидесятый"},
	{80, "сексен", "сексенінші", "восемьдесят", "восьмидесятый"},
	{90, "тоқсан", "тоқсаныншы", "девяносто", "девяностый"},
	{99, "тоқсан тоғыз", "тоқсан тоғызыншы", "девяносто девять", "девяносто девятый"},
	{100, "жүз", "жүзінші", "сто", "сотый"},
	{101, "жүз бір", "жүз бірінші", "сто один", "сто первый"},
	{111, "жүз он бір", "жүз он бірінші", "сто одиннадцать", "сто одиннадцатый"},
	{121, "жүз жиырма бір", "жүз жиырма бірінші", "сто двадцать один", "сто двадцать первый"},
	{200, "екі жүз", "екі жүзінші", "двести", "двухсотый"},
	{1000, "мың", "мыңыншы", "одна тысяча", "тысячный"},
	{1001, "мың бір", "мың бірінші", "одна тысяча один", "тысяча первый"},
	{1011, "мың он бір", "мың он бірінші", "одна тысяча одиннадцать", "тысяча одиннадцатый"},
	{2000, "екі мың", "екі мыңыншы", "две тысячи", "двухтысячный"},
	{5000, "бес мың", "бес мыңыншы", "пять тысяч", "пятитысячный"},
	{11000, "он бір мың", "он бір мыңыншы", "одиннадцать тысяч", "одиннадцатитысячный"},
	{21000, "жиырма бір мың", "жиырма бір мыңыншы", "двадцать одна тысяча", "двадцатиоднотысячный"},
	{40000, "қырық мың", "қырық мыңыншы", "сорок тысяч", "сорокатысячный"},
	{90000, "тоқсан мың", "тоқсан мыңыншы", "девяносто тысяч", "девяностотысячный"},
	{100000, "жүз мың", "жүз мыңыншы", "сто тысяч", "стотысячный"},
	{
		101101, "жүз бір мың жүз бір", "жүз бір мың жүз бірінші",
		"сто одна тысяча сто один", "сто одна тысяча сто первый",
	},
	{251000, "екі жүз елу бір мың", "екі жүз елу бір мыңыншы", "двести пятьдесят одна тысяча", "двухсотпятидесятиоднотысячный"},
	{
		999999, "тоғыз жүз тоқсан тоғыз мың тоғыз жүз тоқсан тоғыз", "тоғыз жүз тоқсан тоғыз мың тоғыз жүз тоқсан тоғызыншы",
		"девятьсот девяносто девять тысяч девятьсот девяносто девять",
		"девятьсот девяносто девять тысяч девятьсот девяносто девятый",
	},
}

func TestHardNumbers(t *testing.T) {
	for _, h := range hard {
		for _, c := range []struct {
			lang, want string
			say        func(string, int, speech.Form) (string, error)
		}{
			{speech.Kazakh, h.kk, speech.Cardinal},
			{speech.Kazakh, h.kkOrdinal, speech.Ordinal},
			{speech.Russian, h.ru, speech.Cardinal},
			{speech.Russian, h.ruOrdinal, speech.Ordinal},
		} {
			if got, err := c.say(c.lang, h.n, speech.Form{}); err != nil || got != c.want {
				t.Errorf("%s %d: got %q (%v), want %q", c.lang, h.n, got, err, c.want)
			}
		}
	}
}

func TestForms(t *testing.T) {
	const m, f, n = speech.Masculine, speech.Feminine, speech.Neuter
	type say func(string, int, speech.Form) (string, error)
	var card, ord say = speech.Cardinal, speech.Ordinal
	for _, c := range []struct {
		lang string
		say  say
		n    int
		form speech.Form
		want string
	}{
		{speech.Russian, card, 1, speech.Form{Case: speech.Accusative, Gender: f}, "одну"},
		{speech.Russian, card, 1, speech.Form{Gender: n}, "одно"},
		{speech.Russian, card, 22, speech.Form{Gender: f}, "двадцать две"},
		{speech.Russian, card, 22, speech.Form{Gender: n}, "двадцать два"},
		{speech.Russian, card, 12, speech.Form{Gender: f}, "двенадцать"},
		{speech.Russian, card, 21000, speech.Form{Case: speech.Accusative}, "двадцать одну тысячу"},
		{speech.Russian, card, 2002, speech.Form{Case: speech.Genitive, Gender: f}, "двух тысяч двух"},
		{speech.Russian, card, 1000, speech.Form{Case: speech.Genitive}, "одной тысячи"},
		{speech.Russian, card, 845, speech.Form{Case: speech.Dative}, "восьмистам сорока пяти"},
		{speech.Russian, card, 278, speech.Form{Case: speech.Instrumental}, "двумястами семьюдесятью восемью"},
		{speech.Russian, card, 3, speech.Form{Case: speech.Locative}, "трёх"},
		{speech.Russian, card, 90, speech.Form{Case: speech.Instrumental}, "девяноста"},
		{speech.Russian, ord, 3, speech.Form{Gender: f}, "третья"},
		{speech.Russian, ord, 3, speech.Form{Gender: n}, "третье"},
		{speech.Russian, ord, 3, speech.Form{Case: speech.Genitive, Gender: m}, "третьего"},
		{speech.Russian, ord, 22, speech.Form{Gender: f}, "двадцать вторая"},
		{speech.Russian, ord, 40, speech.Form{Gender: n}, "сороковое"},
		{speech.Russian, ord, 40, speech.Form{Case: speech.Accusative}, "сороковой"},
		{speech.Russian, ord, 2000, speech.Form{Case: speech.Genitive}, "двухтысячного"},
		{speech.Russian, ord, 1991, speech.Form{Case: speech.Genitive}, "тысяча девятьсот девяносто первого"},
		{speech.Russian, ord, 101000, speech.Form{Gender: f}, "стооднотысячная"},
		{speech.Russian, ord, 190000, speech.Form{Gender: n}, "стодевяностотысячное"},
		{speech.Kazakh, card, 5, speech.Form{Case: speech.Ablative}, "бестен"},
		{speech.Kazakh, card, 1, speech.Form{Case: speech.Accusative}, "бірді"},
		{speech.Kazakh, card, 2, speech.Form{Case: speech.Accusative}, "екіні"},
		{speech.Kazakh, card, 6, speech.Form{Case: speech.Accusative}, "алтыны"},
		{speech.Kazakh, card, 9, speech.Form{Case: speech.Instrumental}, "тоғызбен"},
		{speech.Kazakh, card, 10, speech.Form{Case: speech.Ablative}, "оннан"},
		{speech.Kazakh, card, 18, speech.Form{Case: speech.Dative}, "он сегізге"},
		{speech.Kazakh, card, 30, speech.Form{Case: speech.Genitive}, "отыздың"},
		{speech.Kazakh, card, 40, speech.Form{Case: speech.Dative}, "қырыққа"},
		{speech.Kazakh, card, 50, speech.Form{Case: speech.Accusative}, "елуді"},
		{speech.Kazakh, card, 60, speech.Form{Case: speech.Instrumental}, "алпыспен"},
		{speech.Kazakh, card, 1000, speech.Form{Case: speech.Ablative}, "мыңнан"},
		{speech.Kazakh, ord, 2, speech.Form{Case: speech.Accusative}, "екіншіні"},
		{speech.Kazakh, ord, 40, speech.Form{Case: speech.Locative}, "қырқыншыда"},
	} {
		if got, err := c.say(c.lang, c.n, c.form); err != nil || got != c.want {
			t.Errorf("%s %d %+v: got %q (%v), want %q", c.lang, c.n, c.form, got, err, c.want)
		}
	}
}

func TestNumbersThatCannotBeSaid(t *testing.T) {
	for _, c := range []struct {
		lang string
		n    int
		form speech.Form
		want error
	}{
		{speech.Kazakh, -1, speech.Form{}, speech.ErrRange},
		{speech.Russian, 1_000_000, speech.Form{}, speech.ErrRange},
		{"en", 1, speech.Form{}, speech.ErrLanguage},
		{speech.Russian, 1, speech.Form{Case: speech.Ablative}, speech.ErrTemplate},
		{speech.Kazakh, 1, speech.Form{Gender: speech.Feminine}, speech.ErrTemplate},
		{speech.Kazakh, 1, speech.Form{Case: 200}, speech.ErrTemplate},
	} {
		if got, err := speech.Cardinal(c.lang, c.n, c.form); !errors.Is(err, c.want) {
			t.Errorf("Cardinal(%q, %d, %+v) = %q, %v; want %v", c.lang, c.n, c.form, got, err, c.want)
		}
		if got, err := speech.Ordinal(c.lang, c.n, c.form); !errors.Is(err, c.want) {
			t.Errorf("Ordinal(%q, %d, %+v) = %q, %v; want %v", c.lang, c.n, c.form, got, err, c.want)
		}
	}
}
