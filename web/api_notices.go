package web

import (
	"net/http"
	"strconv"
	"time"

	"ikomek109/flows"
	"ikomek109/ivr"
	"ikomek109/notice"
)

// modeAnswer is the mode in force and those to come.
type modeAnswer struct {
	notice.Switch
	Planned []notice.Switch `json:"planned"`
}

func (a *api) mode(r *http.Request, _ string) (any, error) {
	now := time.Now()
	current, err := a.Source.Current(r.Context(), now)
	if err != nil {
		return nil, err
	}
	answer := modeAnswer{Switch: notice.InForce(current.Switches, now), Planned: []notice.Switch{}}
	for _, s := range current.Switches {
		if s.From.After(now) {
			answer.Planned = append(answer.Planned, s)
		}
	}
	return answer, nil
}

func (a *api) setMode(r *http.Request, who string) (any, error) {
	var asked struct {
		Mode   notice.Mode `json:"mode"`
		From   time.Time   `json:"from"`
		Until  time.Time   `json:"until"`
		Reason string      `json:"reason"`
	}
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	return a.Board.SetMode(r.Context(), notice.Switch{
		Mode: asked.Mode, From: asked.From, Until: asked.Until, Reason: asked.Reason, Author: who, By: notice.ByAPI,
	})
}

// bulletinAnswer is a bulletin and where it stands.
type bulletinAnswer struct {
	notice.Bulletin
	State notice.State `json:"state"`
}

func answerOf(b notice.Bulletin, err error) (any, error) {
	return bulletinAnswer{b, b.State(time.Now())}, err
}

func (a *api) bulletins(r *http.Request, _ string) (any, error) {
	found, err := a.Source.Bulletins(r.Context(), apiListed)
	all := []bulletinAnswer{}
	for _, b := range found {
		all = append(all, bulletinAnswer{b, b.State(time.Now())})
	}
	return all, err
}

func (a *api) propose(r *http.Request, who string) (any, error) {
	var asked struct {
		KK        string    `json:"kk"`
		RU        string    `json:"ru"`
		Recording string    `json:"recording"`
		From      time.Time `json:"from"`
		Until     time.Time `json:"until"`
		Reason    string    `json:"reason"`
	}
	if err := read(r, &asked); err != nil {
		return nil, err
	}
	return answerOf(a.Board.Propose(r.Context(), notice.Bulletin{
		Text: flows.Text{KK: asked.KK, RU: asked.RU}, Recording: asked.Recording,
		From: asked.From, Until: asked.Until, Reason: asked.Reason, Author: who, By: notice.ByAPI,
	}))
}

func (a *api) release(r *http.Request, who string) (any, error) {
	id, err := bulletinID(r)
	if err != nil {
		return nil, err
	}
	return answerOf(a.Board.Release(r.Context(), id, who))
}

func (a *api) end(r *http.Request, who string) (any, error) {
	var asked struct {
		Reason string `json:"reason"`
	}
	id, err := bulletinID(r)
	if err == nil {
		err = read(r, &asked)
	}
	if err != nil {
		return nil, err
	}
	return answerOf(a.Board.End(r.Context(), id, who, asked.Reason))
}

func bulletinID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || id < 1 {
		return 0, &ivr.Error{Code: ivr.NotFound, Message: "no such bulletin", Cure: "GET /api/v1/bulletins lists them"}
	}
	return id, nil
}
