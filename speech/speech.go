// Package speech turns the sentences of the line into sound files, in Kazakh
// and in Russian.
//
// A sentence (a phrase) is cut into clips, the smallest pieces that are
// recorded or synthesised as one. A phrase without values is one clip:
//
//	welcome/say: "Қайырлы күн."
//
// A phrase may hold values in braces, which are spoken by the rules of the
// language:
//
//	queue/wait: "Күту уақыты шамамен {from:number|abl} {minutes|dat} дейін."
//	queue/wait: "Ожидание от {from:number|gen} до {minutes|gen}."
//
// The general form is {name:kind|form}. The kind says how the value is spoken
// and may be left out when the name is the kind's own:
//
//	number    "21"          двадцать один
//	place     "5"           бесінші, пятый (an ordinal)
//	minutes   "21"          двадцать одна минута; also hours, days, seconds
//	time      "21:30"       жиырма бір отыз (write «сағат {time}» in Kazakh)
//	date      "2022-01-05"  пятое января две тысячи двадцать второго года;
//	                        "01-05" leaves the year out
//	digits    "+7 700 109"  one by one
//
// The form is a list of case and gender, parted by a comma: nom, gen, dat, acc,
// ins, loc, abl (Kazakh only); m, f, n (Russian only).
//
// A [Library] knows for every clip which file speaks it. A recording wins over
// the draft voice as long as its text is still the text of the clip.
package speech

// The languages of the line, Kazakh first.
const (
	Kazakh  = "kk"
	Russian = "ru"
)

// Languages lists the languages of the line in the order in which they are
// spoken. The caller owns the slice.
func Languages() []string { return []string{Kazakh, Russian} }

// Clip is the smallest piece that is recorded or synthesised as one.
type Clip struct {
	// Lang is Kazakh or Russian.
	Lang string
	// ID names the clip within its language: letters, digits, "_", "-", "."
	// in parts joined by "/". A recording lies at <lang>/<id>.wav.
	ID string
	// Text is what is to be heard.
	Text string
}

// String names the clip for messages.
func (c Clip) String() string { return c.Lang + " " + c.ID }
