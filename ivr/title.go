package ivr

import (
	"strings"

	"ikomek109/flows"
)

// title is what the agent's phone shows as the name: the caller's language and
// topic, in that language and in few words, since a phone shows about twenty
// letters. The language comes first, for it must never be cut off.
func (c *call) title() string {
	language := c.rec.record.Language
	title := languageTag(language)
	if topic := shortTopic(c.flow, c.rec.record.Category).In(language); topic != "" {
		title += " · " + strings.TrimRight(topic, ".")
	}
	return title
}

// languageTag is how the city's people write a language in one word. A caller
// who asked for an operator before choosing may speak either.
func languageTag(l flows.Language) string {
	switch l {
	case flows.Kazakh:
		return "ҚАЗ"
	case flows.Russian:
		return "РУС"
	}
	return "ҚАЗ/РУС"
}

// shortTopic is a category in a word or two: what an agent would hear of the
// first level, the name of the second. Empty when the flow does not know it.
func shortTopic(f *flows.Flow, code string) flows.Text {
	category, _ := f.Category(code)
	if strings.Contains(code, "/") {
		return category.Name
	}
	return category.Announce
}
