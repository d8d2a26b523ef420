package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ikomek109/flows"
	"ikomek109/speech"
)

// simulation is one run of the command sim.
type simulation struct {
	*program
	flow     *flows.Flow
	walk     *flows.Walk
	given    flows.Given
	terminal bool // a person types, who sees what they type
}

func (p *program) simCmd() *cobra.Command {
	var language, mode, moment, node, given string
	cmd := &cobra.Command{
		Use:   "sim [FILE]",
		Short: "Walk through a menu in the terminal",
		Long: `Shows what a caller would hear, and takes what the caller would do, line by line:

  2 5 1         keys, pressed as soon as anything is said; also star, hash, * and #
  . or nothing  hear on; where the line waits for a key, press none
  left:timeout  leave the queue; also left:no-agents, left:overflow, left:failed
  served        the agent hangs up
  recorded:9s   a message was recorded; also recorded:failed
  handover:busy what came of a handover; also finished, no-answer, failed
  hangup        hang up
  given lookups: {bill: {left: 12}}
                what a service finds from now on, or how the line stands: in the
                words of "given" in the tests of a menu
  state         show where the call stands
  q             leave

Reads a script from a pipe as well, and ends at its end. Without FILE it is the
menu of the settings. Nothing of it is recorded, and no line needs to run; a service
that nothing is given of does not answer.`,
		Example: "  ikomek109 sim flows/109.yaml\n  ikomek109 sim flows/109.yaml < script.txt\n  ikomek109 sim --language kk --at topics --time 2026-06-01T12:00\n  ikomek109 sim --given \"lookups: {bill: {left: 12}}\" menu.yaml",
		Args:    atMostArgs(1, "one FILE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			env := flows.Env{Mode: mode, CallerKnown: true}
			var err error
			if env.Now, err = parseMoment(moment); err != nil {
				return err
			}
			if err := oneOf("mode", mode, flows.Modes()...); err != nil {
				return err
			}
			if language != "" && !flows.Language(language).Known() {
				return oneOf("language", language, speech.Languages()...)
			}
			flow, err := p.chosenFlow(cmd, args)
			if err != nil {
				return err
			}
			if node != "" && flow.KindOf(node) == "" {
				return oneOf("at", node, flow.Nodes()...)
			}
			s := &simulation{program: p, flow: flow, terminal: p.in != nil && isTerminal(p.in)}
			s.given = flows.Given{Start: flows.Start{Node: node, Language: flows.Language(language)}, Env: env}
			if given != "" {
				if err := s.suppose(given); err != nil {
					return usage(fmt.Errorf("--given: %w", err))
				}
			}
			s.walk = flow.Walk(s.given.Start, s.given.Env)
			return s.run(cmd.Context(), cmd.InOrStdin())
		},
	}
	cmd.Flags().StringVar(&language, "language", "", "kk or ru, as if chosen already")
	cmd.Flags().StringVar(&mode, "mode", flows.Modes()[0], "the line's mode: "+strings.Join(flows.Modes(), ", "))
	cmd.Flags().StringVar(&moment, "time", "", "when the call is made, such as 2026-06-01T12:00 in city time; now by default")
	cmd.Flags().StringVar(&node, "at", "", "begin at this `node`")
	cmd.Flags().StringVar(&given, "given", "", "what the call finds, in the `words` of \"given\" in tests; wins over the other flags")
	return cmd
}

func parseMoment(s string) (time.Time, error) {
	if s == "" {
		return time.Now(), nil
	}
	at, err := flows.ParseMoment(s)
	if err != nil {
		return at, usage(fmt.Errorf("--time %q is no time; use 2026-06-01T12:00, in city time", s))
	}
	return at, nil
}

// errLeave ends a simulation by wish.
var errLeave = errors.New("left")

func (s *simulation) run(ctx context.Context, in io.Reader) error {
	s.show()
	lines, broken := readLines(ctx, in)
	for n := 1; s.walk.State().Phase != flows.Ended; n++ {
		if s.terminal {
			fmt.Fprint(s.err, "> ")
		}
		var line string
		var more bool
		select {
		case <-ctx.Done():
			fmt.Fprintln(s.err)
			return &exitError{exitFailed, nil}
		case line, more = <-lines:
		}
		if !more {
			return <-broken
		}
		if done, err := s.take(n, strings.TrimSpace(line)); done || err != nil {
			return err
		}
	}
	return nil
}

// readLines reads lines in the background, for a terminal may never give one;
// at the end of the input it closes lines and tells what went wrong, if anything.
func readLines(ctx context.Context, in io.Reader) (lines <-chan string, broken <-chan error) {
	to, failed := make(chan string), make(chan error, 1)
	go func() {
		defer close(to)
		from := bufio.NewScanner(in)
		for from.Scan() {
			select {
			case to <- from.Text():
			case <-ctx.Done():
				failed <- nil
				return
			}
		}
		err := from.Err()
		if err != nil {
			err = fmt.Errorf("read the script: %w", err)
		}
		failed <- err
	}()
	return to, failed
}

// take does one line; done tells that it was the last. A person is told of a
// mistake and goes on, a script ends at it.
func (s *simulation) take(n int, line string) (done bool, err error) {
	if !s.terminal {
		fmt.Fprintf(s.out, "> %s\n", printable(line))
	}
	err = s.act(line)
	switch {
	case errors.Is(err, errLeave):
		return true, nil
	case err != nil && !s.terminal:
		return true, fmt.Errorf("line %d of the script: %w", n, err)
	case err != nil:
		fmt.Fprintln(s.err, printable(err.Error()))
	}
	return false, nil
}

// act does one line.
func (s *simulation) act(line string) error {
	switch line {
	case "q":
		return errLeave
	case "state":
		return writeJSON(s.out, s.walk.State())
	case "", ".":
		line = s.letPass()
		if line == "" {
			return nil
		}
	}
	if text, ok := strings.CutPrefix(line, wordGiven); ok {
		return s.suppose(text)
	}
	words, err := flows.ParseWords(line)
	if err != nil {
		return err
	}
	for _, word := range words {
		if err := s.walk.Do(word); err != nil {
			return err
		}
	}
	s.show()
	return nil
}

// letPass is the word for a caller who does nothing.
func (s *simulation) letPass() string {
	switch s.walk.State().Phase {
	case flows.Playing:
		return flows.WordListen
	case flows.Listening:
		return flows.WordSilence
	default:
		return ""
	}
}

// show prints what is said, and what the line then waits for.
func (s *simulation) show() {
	s.say(append(s.walk.Said(), s.queueSays()...))
	st := s.walk.State()
	where := fmt.Sprintf("at %s", st.Node)
	switch end := s.walk.Ending().(type) {
	case flows.Enqueue:
		where = fmt.Sprintf("in the queue %s, in %s, category %s", end.Queue, end.Language, dash(end.Category))
	case flows.Disconnect:
		where = fmt.Sprintf("the call has ended: %s", end.Reason)
	case flows.Wait:
		where += ", still speaking"
	case flows.Record:
		where += ", recording a message"
	case flows.Handover:
		where = fmt.Sprintf("being handed over to %s, in %s, category %s", end.Partner, end.Language, dash(end.Category))
	case flows.Listen:
		where += fmt.Sprintf(", waiting %s for a key", end.Timeout)
	}
	fmt.Fprintf(s.out, "    [%s]\n", where)
}

// say prints what is said, a purpose and its key in one line.
func (s *simulation) say(said []flows.Utterance) {
	for i, u := range said {
		goesOn := i > 0 && said[i-1].Language == u.Language && strings.HasSuffix(said[i-1].Text(), ",")
		switch {
		case goesOn:
			fmt.Fprint(s.out, " ")
		case i > 0:
			fmt.Fprint(s.out, "\n", u.Language, "  ")
		default:
			fmt.Fprint(s.out, u.Language, "  ")
		}
		fmt.Fprint(s.out, spokenText(u))
	}
	if len(said) > 0 {
		fmt.Fprintln(s.out)
	}
}

// queueSays is what the queue tells a caller who has just joined it, as the
// first in it.
func (s *simulation) queueSays() []flows.Utterance {
	st := s.walk.State()
	if _, joined := s.walk.Ending().(flows.Enqueue); !joined {
		return nil
	}
	languages := []flows.Language{st.Language}
	if !st.LanguageChosen {
		languages = flows.Languages()
	}
	var all []flows.Utterance
	for _, l := range languages {
		for _, id := range []string{"queue/joined", "queue/place"} {
			if phrase, ok := s.flow.Phrase(id); ok {
				all = append(all, flows.Utterance{Phrase: phrase, Language: l, Values: map[string]string{"place": "1"}})
			}
		}
	}
	return all
}

// spokenText is what the voice says, with values in words as far as known.
func spokenText(u flows.Utterance) string {
	if len(u.Values) == 0 {
		return u.Text()
	}
	clips, err := speech.Split(string(u.Language), u.Phrase.ID, u.Text(), u.Values)
	if err != nil {
		return u.Text()
	}
	var words []string
	for _, c := range clips {
		words = append(words, c.Text)
	}
	return strings.Join(words, " ")
}
