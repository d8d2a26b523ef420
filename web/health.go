package web

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"time"
)

// Check is one thing that must be well for a call to be answered.
type Check struct {
	// Name is a short word such as "asterisk".
	Name string `json:"name"`
	OK   bool   `json:"ok"`
	// Message says what is the matter and what to do; it holds nothing secret
	// or personal. It may also say something of a thing that is well.
	Message string `json:"message,omitempty"`
	// Since is when it became so; zero when not known.
	Since time.Time `json:"since,omitzero"`
}

// Readiness is what /readyz answers.
type Readiness struct {
	// Ready is true when every check is OK.
	Ready  bool    `json:"ready"`
	Checks []Check `json:"checks"`
}

func (s *Server) alive(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("alive\n"))
}

func (s *Server) ready(w http.ResponseWriter, _ *http.Request) {
	answer := Readiness{Ready: true, Checks: []Check{}}
	if s.opt.Ready != nil {
		answer.Checks = append(answer.Checks, s.opt.Ready()...)
	}
	for _, c := range answer.Checks {
		answer.Ready = answer.Ready && c.OK
	}
	body, err := json.MarshalIndent(answer, "", "  ")
	if err != nil {
		s.log.Error("readiness could not be written", slog.Any("error", err))
		http.Error(w, "internal error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if !answer.Ready {
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_, _ = w.Write(append(body, '\n'))
}
