package flows

import (
	"fmt"
	"slices"
)

// handoverNode connects the caller with a partner of the settings: another
// service, which then has the call. Nobody else can be dialled.
//
//	ambulance:
//	  kind: handover
//	  partner: ambulance      # its code in the settings
//	  text: {kk: Жедел жәрдемге қосамыз., ru: Соединяем со скорой помощью.}   # may be left out
//	  category: other         # for a caller whose topic is not known; may be left out
//	  finished: goodbye       # when the partner hangs up; the goodbye by default
//	  no-answer: operator     # when nobody picks up,
//	  busy: operator          # when the partner is busy,
//	  failed: operator        # when it cannot be called; the operator by default
//
// While the partner's telephone rings, 0 and * lead away as everywhere; it stops
// ringing then.
type handoverNode struct {
	base
	text     *Text
	partner  string
	category ref
	results  map[HandoverResult]ref
}

func handoverResults() []HandoverResult {
	return []HandoverResult{HandoverFinished, HandoverNoAnswer, HandoverBusy, HandoverFailed}
}

func readHandover(f fields, b base) node {
	n := &handoverNode{base: b, results: map[HandoverResult]ref{}}
	n.text = f.ownText()
	if e, ok := f.need("partner", CodeMissingKey, "name the partner by its code in the settings"); ok {
		n.partner = e.partner()
	}
	n.category = f.category()
	for _, result := range handoverResults() {
		if to := f.target(string(result)); to.name != "" {
			to.passive, to.instant = true, result != HandoverFinished
			n.results[result] = to
		}
	}
	return n
}

func (n *handoverNode) refs() []ref {
	var all []ref
	for _, result := range handoverResults() {
		if to, ok := n.results[result]; ok {
			all = append(all, to)
		}
	}
	if n.category.name != "" {
		all = append(all, n.category)
	}
	return all
}

func (n *handoverNode) phrases() []Phrase {
	if n.text == nil {
		return nil
	}
	return []Phrase{n.phrase("text", *n.text)}
}

// next is where a result leads.
func (n *handoverNode) next(f *Flow, result HandoverResult) (to string, implied bool) {
	if r, ok := n.results[result]; ok {
		return r.name, false
	}
	if result == HandoverFinished {
		return f.goodbye, true
	}
	return f.operator, true
}

func (n *handoverNode) ways(f *Flow) []Way {
	all := make([]Way, 0, len(handoverResults()))
	for _, result := range handoverResults() {
		to, implied := n.next(f, result)
		all = append(all, Way{On: string(result), To: to, Implied: implied})
	}
	return all
}

func (n *handoverNode) prompt(t *turn) {
	t.ownCategory(n.category.name)
	if t.env.Partner != nil && !t.env.Partner(n.partner) {
		n.leave(t, HandoverFailed)
		return
	}
	words := t.flow.phrases["handover/connecting"]
	if n.text != nil {
		words = n.phrase("text", *n.text)
	}
	t.say(false, t.text(words)...)
	n.connect(t, false)
}

func (n *handoverNode) connect(t *turn, resumed bool) {
	away := []rune{keyOperator}
	if len(t.state.Back) > 0 {
		away = append(away, keyBack)
	}
	t.await(Handing, Handover{
		Node: n.name, Partner: n.partner, Category: t.state.Category, Language: t.state.Language, Resumed: resumed, Away: away,
	})
}

func (n *handoverNode) take(t *turn, in Input) bool {
	over, ok := in.(HandedOver)
	if !ok {
		return false
	}
	result := over.Result
	if result != HandoverFinished && result != HandoverNoAnswer && result != HandoverBusy {
		result = HandoverFailed
	}
	if result != HandoverFinished {
		t.say(true, t.system("handover/failed")...)
	}
	n.leave(t, result)
	return true
}

// leave goes where a result leads.
func (n *handoverNode) leave(t *turn, result HandoverResult) {
	to, _ := n.next(t.flow, result)
	t.event(Event{Kind: EventHandover, Partner: n.partner, Reason: string(result), To: to})
	t.enter(to)
}

// partner reads the code of a partner, which the settings must have. It may be
// a number: 112.
func (e entry) partner() string {
	code, ok := e.str()
	if !ok {
		return ""
	}
	checkName(e.here(), "p"+code, e.log)
	if known := e.log.known.Partners; known != nil && !slices.Contains(known, code) {
		e.log.add(e.here(), CodeUnknownPartner, fmt.Sprintf("%s is %q, which the settings do not have", e.what, clip(code)), e.log.cureName(code, known))
	}
	return code
}
