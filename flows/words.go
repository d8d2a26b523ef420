package flows

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Words of a Walk, besides keys.
const (
	WordSilence = "silence" // hear what is said, then press nothing
	WordListen  = "listen"  // hear what is said until the line waits for something
	WordStar    = "star"    // the key *, which YAML would take for a sign of its own
	WordHash    = "hash"    // the key #, which YAML would take for a comment
	WordHangup  = "hangup"  // hang up
	WordServed  = "served"  // the agent hangs up

	wordLeft     = "left:"     // leave the queue, followed by the reason
	wordRecorded = "recorded:" // a message was recorded, followed by its length, enough or failed
	wordHandover = "handover:" // what came of a handover
)

// MaxWords bounds the words of one script.
const MaxWords = 1000

// Word is one thing that a caller, or the queue, does in a Walk.
type Word struct {
	text string
	in   Input // nil for listen
}

// String is the word as it is written.
func (w Word) String() string { return w.text }

// ParseWords reads a script: keys (0 to 9, *, #, A to D, several together or
// apart, or star and hash), silence, listen, hangup, served, left:no-agents,
// left:timeout, left:overflow, left:failed, recorded:12s, recorded:enough,
// recorded:failed, handover:finished, handover:no-answer, handover:busy, handover:failed. The
// error tells what is wrong and what there is.
func ParseWords(script string) ([]Word, error) {
	var all []Word
	for _, text := range strings.Fields(script) {
		words, err := parseWord(text)
		if err != nil {
			return nil, err
		}
		if all = append(all, words...); len(all) > MaxWords {
			return nil, fmt.Errorf("there are more than %d words; no call is that long", MaxWords)
		}
	}
	return all, nil
}

func parseWord(text string) ([]Word, error) {
	switch text {
	case WordSilence:
		return []Word{{text, Silence{}}}, nil
	case WordListen:
		return []Word{{text, nil}}, nil
	case WordHangup:
		return []Word{{text, Hangup{}}}, nil
	case WordStar:
		return []Word{{text, Key{keyBack}}}, nil
	case WordHash:
		return []Word{{text, Key{keyRepeat}}}, nil
	}
	if text == WordServed {
		return []Word{{text, Served{}}}, nil
	}
	if in, err := parseOutcome(text); in != nil || err != nil {
		return []Word{{text, in}}, err
	}
	var keys []Word
	for _, r := range text {
		if !strings.ContainsRune("0123456789*#ABCD", r) {
			return nil, fmt.Errorf("%q is neither keys nor a word; use 0 to 9, star, hash, silence, listen, hangup, served, left:timeout, recorded:12s or handover:busy", clip(text))
		}
		keys = append(keys, Word{string(r), Key{r}})
	}
	return keys, nil
}

// parseOutcome reads a word that tells how something came out; nil when it is
// no such word.
func parseOutcome(text string) (Input, error) {
	if reason, ok := strings.CutPrefix(text, wordLeft); ok {
		if !slices.Contains(leftReasons(), LeftReason(reason)) {
			return nil, fmt.Errorf("%q is no reason to leave a queue; use no-agents, timeout, overflow or failed", clip(reason))
		}
		return Left{LeftReason(reason)}, nil
	}
	if result, ok := strings.CutPrefix(text, wordHandover); ok {
		if !slices.Contains(handoverResults(), HandoverResult(result)) {
			return nil, fmt.Errorf("%q is nothing that comes of a handover; use finished, no-answer, busy or failed", clip(result))
		}
		return HandedOver{HandoverResult(result)}, nil
	}
	length, ok := strings.CutPrefix(text, wordRecorded)
	if !ok {
		return nil, nil
	}
	switch length {
	case OnFailed:
		return Recorded{Failed: true}, nil
	case reasonEnough:
		return Recorded{Enough: true}, nil
	}
	d, err := time.ParseDuration(length)
	if err != nil || d < 0 || d > MaxMessage {
		return nil, fmt.Errorf("%q is no length of a message; use 12s, up to %s, enough or failed", clip(length), short(MaxMessage))
	}
	return Recorded{Name: "recording", Length: d}, nil
}
