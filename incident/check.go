package incident

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"ikomek109/ivr"
)

// The longest that is kept of what people write, in characters.
const maxName, maxPlace, maxText, maxNote = 80, 200, 2000, 500

var categoryForm = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}(/[a-z0-9][a-z0-9-]{0,39})?$`)

// Check refuses what cannot be entered as an incident: the error is Invalid and
// says what to give.
func (i *Incident) Check() error {
	if i.Category != "" && !categoryForm.MatchString(i.Category) {
		return invalid("the category will not do", "write it as menus do, such as utilities/water")
	}
	if i.At.IsZero() {
		return invalid("no time is given", "")
	}
	return firstOf(
		text{"name", i.By, maxName, true}.check(),
		text{"place", i.Place, maxPlace, true}.check(),
		text{"text", i.Text, maxText, true}.check(),
	)
}

// Check refuses an event that says too little or too much: Invalid.
func (e Event) Check() error {
	if e.At.IsZero() {
		return invalid("no time is given", "")
	}
	phone := e.Kind == Asked
	other := e.Kind == AcceptedKind
	if phone && e.Agent == "" {
		return invalid("no agent is named who hands it over", "")
	}
	return firstOf(
		text{"name", e.Author, maxName, true}.check(),
		text{"partner", e.Partner, maxName, phone || other}.check(),
		text{"agent", string(e.Agent), maxName, false}.check(),
		text{"name of who accepted it", e.By, maxName, other}.check(),
		text{"note", e.Note, maxNote, e.Kind == ClosedKind}.check(),
	)
}

// May tells whether an event can come next: Conflict when it cannot.
func (i *Incident) May(e Event) error {
	can := false
	switch e.Kind {
	case Asked, ClosedKind:
		can = i.State == Open || i.State == Accepted
	case Begun:
		can = i.State == Offered && (i.line == "" || i.line == e.Author)
	case Missed:
		can = i.State == Offered
	case AcceptedKind: // by telephone only as long as that is under way
		can = i.State != Closed && (e.Agent == "" || i.State == Offered && i.line != "")
	case Ended:
		can = !i.AcceptedAt.IsZero()
	default:
		return invalid(fmt.Sprintf("%q is nothing that happens to an incident", string(e.Kind)), "")
	}
	if can {
		return nil
	}
	refused := &ivr.Error{Op: "note", Code: ivr.Conflict, Message: fmt.Sprintf("incident %d is %s", i.ID, i.State)}
	if i.State == Offered {
		refused.Message = fmt.Sprintf("incident %d is being handed over to %s by telephone", i.ID, i.Partner)
		refused.Cure = "wait until that is over, a minute or two"
	}
	return refused
}

// text is something that somebody wrote.
type text struct {
	what, words string
	most        int
	needed      bool
}

func (t text) check() error {
	switch {
	case t.needed && strings.TrimSpace(t.words) == "":
		return invalid("no "+t.what+" is given", "")
	case utf8.RuneCountInString(t.words) > t.most:
		return invalid(fmt.Sprintf("the %s has more than %d characters", t.what, t.most), "shorten it")
	case !utf8.ValidString(t.words) || strings.ContainsFunc(t.words, func(r rune) bool { return !unicode.IsPrint(r) }):
		return invalid("the "+t.what+" holds a character that does not print", "write it as plain text on one line")
	}
	return nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func invalid(message, cure string) error {
	return &ivr.Error{Op: "note incident", Code: ivr.Invalid, Message: message, Cure: cure}
}
