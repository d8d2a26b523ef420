package config

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

// Partner is a service to which callers may be handed over.
type Partner struct {
	// Code is what menus call it, such as 112.
	Code string
	// KK is the name in Kazakh, for people.
	KK string
	// RU is the name in Russian.
	RU string
	// Address is where it is rung: sip:112@192.0.2.7, or PJSIP/112@trunk for a
	// trunk of an Asterisk of one's own.
	Address string
}

// maxPartnerName bounds the names of partners, of which some are long.
const maxPartnerName = 100

// String shows a partner as the list of settings does.
func (p Partner) String() string { return fmt.Sprintf("%s: %q", p.Code, p.Address) }

var partnersType = reflect.TypeFor[[]Partner]()

// partnerKeys are the keys of one partner, in the order of the sample.
func partnerKeys() []string { return []string{"code", "kk", "ru", "address"} }

// partners reads the list of partners.
func (f *fileReader) partners(s setting, node *yaml.Node) (any, bool) {
	if node.Kind != yaml.SequenceNode || node.ShortTag() != "!!seq" {
		f.wrong(node, s.key, "must be a list", `write it as - {code: "112", kk: …, ru: …, address: "sip:112@192.0.2.7"}`)
		return nil, false
	}
	all, ok := make([]Partner, 0, len(node.Content)), true
	for _, item := range node.Content {
		p, good := f.partner(s, item)
		all, ok = append(all, p), ok && good
	}
	return all, ok
}

func (f *fileReader) partner(s setting, node *yaml.Node) (p Partner, ok bool) {
	ok = f.texts(s, node, "partner", partnerKeys(), map[string]*string{"code": &p.Code, "kk": &p.KK, "ru": &p.RU, "address": &p.Address})
	return p, ok
}

var (
	partnerForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`)
	sipForm     = regexp.MustCompile(`^sips?:[A-Za-z0-9+*#_.-]{1,64}@[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?(;transport=(udp|tcp|tls))?$`)
	trunkForm   = regexp.MustCompile(`^PJSIP/[0-9+*#]{1,32}@[A-Za-z0-9_.-]{1,64}$`)
)

func (l *loading) checkPartners() {
	const key = "partners"
	seen := map[string]bool{}
	for _, p := range l.settings.Partners {
		switch {
		case !partnerForm.MatchString(p.Code):
			l.problem(key, "the code "+quote(p.Code)+" will not do", "write what menus call the partner, such as 112: small Latin letters, digits and dashes, at most 32")
		case l.keyedAlready(p.Code):
			l.problem(key, "the code "+quote(p.Code)+" is also a number of a queue or of agents", "agents key queues as 1, 2 … and each other as 201 to 999: choose a code apart from those, such as 112")
		case seen[p.Code]:
			l.problem(key, "the code "+quote(p.Code)+" stands there twice", "keep one")
		case strings.TrimSpace(p.KK) == "" || strings.TrimSpace(p.RU) == "":
			l.problem(key, "partner "+p.Code+" has no name in one of the languages", "write both kk and ru")
		case max(utf8.RuneCountInString(p.KK), utf8.RuneCountInString(p.RU)) > maxPartnerName:
			l.problem(key, fmt.Sprintf("partner %s has a name of more than %d letters", p.Code, maxPartnerName), "shorten it")
		case !sipForm.MatchString(p.Address) && !trunkForm.MatchString(p.Address):
			l.problem(key, "partner "+p.Code+" cannot be rung at "+quote(p.Address), "write an address like sip:112@192.0.2.7, or PJSIP/112@trunk for a trunk of your own Asterisk")
		}
		seen[p.Code] = true
	}
}

// The numbers by which agents key each other.
const (
	firstAgent = 201
	lastAgent  = 999
)

// keyedAlready tells whether agents who hand a caller over mean somebody else by
// a partner's code: a queue, by its place in the list, or a colleague.
func (l *loading) keyedAlready(code string) bool {
	n, err := strconv.Atoi(code)
	if err != nil || strings.HasPrefix(code, "0") {
		return false
	}
	return n <= len(l.settings.Queues) || n >= firstAgent && n <= lastAgent
}
