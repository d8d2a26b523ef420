package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"ikomek109/deploy"
	"ikomek109/speech"
)

// Limits of rendering prompts.
const (
	maxRender = 60 // s for each 500 prompts
	maxOver   = 2  // times what the synthesiser alone takes for them, in the same run
)

// prompts renders prompts from nothing, as a new menu would have to, and sets
// that beside what the synthesiser takes for the same words when nothing is done
// with its sound. Then it renders them again, when nothing has changed.
func (s *session) prompts(ctx context.Context) (err error) {
	if s.Prompts == 0 {
		return nil
	}
	clips, err := phrases(s.Prompts)
	if err != nil {
		return err
	}
	tools := s.rig.Tools()
	s.talk.say("the synthesiser alone", 0, 0)
	begun := time.Now()
	if err := speakAll(ctx, tools.Espeak, clips); err != nil {
		return fmt.Errorf("the synthesiser alone: %w", err)
	}
	alone := time.Since(begun)

	dir, err := os.MkdirTemp("", "ik-bench-prompts-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	build := func() (time.Duration, error) {
		lib, err := speech.Open(ctx, speech.Options{
			Cache: dir, Synth: speech.Espeak(speech.Command(tools.Espeak)), Sox: speech.Command(tools.Sox),
		})
		if err != nil {
			return 0, err
		}
		begun := time.Now()
		err = lib.Build(ctx, clips, func(done, total int) { s.talk.say("rendering prompts:", done, total) })
		return time.Since(begun), err
	}
	first, err := build()
	if err != nil {
		return fmt.Errorf("rendering prompts: %w", err)
	}
	again, err := build()
	if err != nil {
		return fmt.Errorf("rendering prompts again: %w", err)
	}
	s.reportPrompts(alone, first, again)
	return nil
}

func (s *session) reportPrompts(alone, first, again time.Duration) {
	what := fmt.Sprintf("%d prompts, ", s.Prompts)
	s.report.AddOne(what+"the synthesiser alone", "s", alone.Seconds())
	s.report.AddOne(what+"rendered", "s", first.Seconds())
	s.report.Limit(maxRender * max(1, float64(s.Prompts)/500))
	s.report.AddOne("rendered ÷ the synthesiser alone", "", first.Seconds()/alone.Seconds())
	s.report.Limit(maxOver)
	s.report.AddOne(what+"again, when none has changed", "ms", ms(again))
}

// phrases are as many prompts, each of about sixty letters, one in Kazakh and
// one in Russian by turns.
func phrases(n int) ([]speech.Clip, error) {
	text := map[string]string{
		speech.Kazakh:  "Автобус бағыты өзгерді, аялдама нөмірі %s.",
		speech.Russian: "Маршрут автобуса изменён, номер остановки %s.",
	}
	var all []speech.Clip
	for i := range n {
		lang := speech.Languages()[i%2]
		number, err := speech.Cardinal(lang, i, speech.Form{})
		if err != nil {
			return nil, err
		}
		all = append(all, speech.Clip{Lang: lang, ID: fmt.Sprintf("p/%d", i), Text: fmt.Sprintf(text[lang], number)})
	}
	return all, nil
}

// speakAll has the synthesiser say clips as rendering has it, one start for each
// and one on each processor, and throws the sound away.
func speakAll(ctx context.Context, espeak deploy.Command, clips []speech.Clip) error {
	settings := speech.Espeak(speech.Command{}).Command.Args
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.NumCPU())
	for _, c := range clips {
		group.Go(func() error {
			// By the file of the voice: by its name all voices are looked through.
			voice := map[string]string{speech.Kazakh: "trk/kk", speech.Russian: "zle/ru"}[c.Lang]
			var args []string
			for _, a := range settings {
				args = append(args, strings.ReplaceAll(a, "{lang}", voice))
			}
			cmd := espeak.Cmd(ctx, args...)
			cmd.Stdin, cmd.Stdout = strings.NewReader(c.Text), io.Discard
			return cmd.Run()
		})
	}
	return group.Wait()
}
