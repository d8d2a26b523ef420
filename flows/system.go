package flows

import (
	_ "embed" // the program's own phrases
	"fmt"
	"maps"
	"slices"
	"strings"
)

//go:embed system.yaml
var systemYAML []byte

// readSystem reads the phrases that the program itself says, whatever the flow.
func readSystem(l *log) map[string]Phrase {
	all := map[string]Phrase{}
	root := parse("system.yaml", systemYAML, l)
	if root == nil {
		return all
	}
	e := newEntry("system.yaml", nil, root, l)
	e.what = "the program's phrases"
	for _, one := range e.entries() {
		one.what = fmt.Sprintf("phrase %q", one.key)
		if t, ok := one.text(systemValues()...); ok {
			all[one.key] = Phrase{ID: one.key, Text: t}
		}
	}
	return all
}

// systemValues lists the values that the program fills in. The name, or what
// follows its colon, decides in what words a value is spoken.
func systemValues() []string {
	return []string{"place", "minutes", "from:number", "from:minutes", "to:minutes", "to:number", "count:number", "digits", "date", "time"}
}

// reservedNames lists the first parts of the program's phrase ids, which no
// node may have for a name. Those that are kinds of node may be used all the
// same: a node of kind callback is likely to be called so.
func reservedNames(phrases map[string]bool) map[string]bool {
	reserved := set([]string{"category", modeFolder, bulletinFolder})
	for id := range phrases {
		if folder, _, ok := strings.Cut(id, "/"); ok && !slices.Contains(Kinds(), folder) {
			reserved[folder] = true
		}
	}
	return reserved
}

// Folders of phrases that are not in the list of the program's.
const (
	modeFolder     = "mode"
	bulletinFolder = "bulletin"
)

// replacePhrases reads the flow's own words for phrases of the program.
func (b *builder) replacePhrases(e entry) {
	known := slices.Sorted(maps.Keys(b.flow.phrases))
	known = slices.DeleteFunc(known, func(id string) bool { return strings.HasPrefix(id, "category/") })
	for _, one := range e.entries() {
		one.what = fmt.Sprintf("phrase %q", clip(one.key))
		if !slices.Contains(known, one.key) {
			b.log.add(one.at, CodeUnknownPhrase, fmt.Sprintf("the program says no phrase %q", clip(one.key)), b.log.cureName(one.key, known))
			continue
		}
		if first, twice := b.phraseAt[one.key]; twice {
			b.log.twice(one.at, one.what, first)
			continue
		}
		b.phraseAt[one.key] = one.at
		was := b.flow.phrases[one.key].Text
		if t, ok := one.text(valuesIn(was.KK + was.RU)...); ok {
			b.flow.phrases[one.key] = Phrase{ID: one.key, Text: t}
		}
	}
}
