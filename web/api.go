package web

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"strings"
	"time"

	"ikomek109/ivr"
	"ikomek109/notice"
)

// API is modes and bulletins over HTTP, for those who have a token. All fields
// are needed.
type API struct {
	Board  Board
	Source Source
	// Tokens are the secrets by the names of those who have them: who asks for
	// something is on record under their token's name.
	Tokens map[string]string
}

// Board is what the API asks for changes: a [notice.Board].
type Board interface {
	SetMode(ctx context.Context, s notice.Switch) (notice.Switch, error)
	Propose(ctx context.Context, b notice.Bulletin) (notice.Bulletin, error)
	Release(ctx context.Context, id int64, who string) (notice.Bulletin, error)
	End(ctx context.Context, id int64, who, reason string) (notice.Bulletin, error)
}

// Source is what the API reads: part of a [notice.Store].
type Source interface {
	Bulletins(ctx context.Context, limit int) ([]notice.Bulletin, error)
	Current(ctx context.Context, at time.Time) (notice.Current, error)
}

const (
	apiBody   = 32 << 10        // bytes of a request: two texts and a little more
	apiWithin = 3 * time.Minute // for one request: a bulletin is rendered in it
	apiListed = 1000            // bulletins in one answer
)

// api is the API as it serves.
type api struct {
	API
	log    *slog.Logger
	owners map[[sha256.Size]byte]string // names by the hash of their token
	door   *door
}

func newAPI(a *API, log *slog.Logger) *api {
	served := &api{API: *a, log: log, owners: map[[sha256.Size]byte]string{}, door: newDoor()}
	for name, token := range a.Tokens {
		served.owners[sha256.Sum256([]byte(token))] = name
	}
	return served
}

// handle puts the API's ways into a mux.
func (a *api) handle(mux *http.ServeMux) {
	for way, do := range map[string]func(*http.Request, string) (any, error){
		"GET /api/v1/mode":                    a.mode,
		"POST /api/v1/mode":                   a.setMode,
		"GET /api/v1/bulletins":               a.bulletins,
		"POST /api/v1/bulletins":              a.propose,
		"POST /api/v1/bulletins/{id}/release": a.release,
		"POST /api/v1/bulletins/{id}/end":     a.end,
	} {
		mux.HandleFunc(way, func(w http.ResponseWriter, r *http.Request) { a.serve(w, r, do) })
	}
}

// serve lets in who has a token, and answers in JSON.
func (a *api) serve(w http.ResponseWriter, r *http.Request, do func(*http.Request, string) (any, error)) {
	if wait := a.door.shut(r.RemoteAddr); wait > 0 {
		w.Header().Set("Retry-After", fmt.Sprint(int(wait.Seconds())+1))
		a.refuse(w, http.StatusTooManyRequests, "too many wrong tokens from this address", "wait, and use the token of the file modes.tokens_file")
		return
	}
	who, ok := a.owner(r.Header.Get("Authorization"))
	if !ok {
		a.door.knocked(r.RemoteAddr)
		a.log.Warn("a request to the API had no right token", slog.String("from", r.RemoteAddr), slog.String("path", r.URL.Path))
		w.Header().Set("WWW-Authenticate", "Bearer")
		a.refuse(w, http.StatusUnauthorized, "no token, or a wrong one", "send the header Authorization: Bearer TOKEN")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), apiWithin)
	defer cancel()
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(apiWithin)) // what can't be set stays as it was
	r = r.WithContext(ctx)
	r.Body = http.MaxBytesReader(w, r.Body, apiBody)
	answer, err := do(r, who)
	if err != nil {
		a.fail(w, r, who, err)
		return
	}
	status := http.StatusOK
	if r.Method == http.MethodPost {
		status = http.StatusCreated
		a.log.Info("asked for over the API", slog.String("who", who), slog.String("path", r.URL.Path))
	}
	a.answer(w, status, answer)
}

// owner tells whose token a header holds. Every token is compared, and each in
// the same time.
func (a *api) owner(header string) (who string, ok bool) {
	scheme, token, _ := strings.Cut(header, " ")
	hash := sha256.Sum256([]byte(strings.TrimSpace(token)))
	for known, name := range a.owners {
		if subtle.ConstantTimeCompare(hash[:], known[:]) == 1 {
			who, ok = name, true
		}
	}
	return who, ok && strings.EqualFold(scheme, "Bearer")
}

// problem is the answer when something did not work.
type problem struct {
	Error string `json:"error"`
	Cure  string `json:"cure,omitempty"`
}

func (a *api) refuse(w http.ResponseWriter, status int, message, cure string) {
	a.answer(w, status, problem{message, cure})
}

func (a *api) answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(body); err != nil {
		a.log.Debug("an answer of the API was not taken", slog.Any("error", err))
	}
}

// fail tells an error: what is internal stays in the log.
func (a *api) fail(w http.ResponseWriter, r *http.Request, who string, err error) {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		a.refuse(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the request has more than %d bytes", apiBody), "shorten the text")
		return
	}
	status, known := map[ivr.Code]int{
		ivr.Invalid: http.StatusBadRequest, ivr.NotFound: http.StatusNotFound, ivr.Conflict: http.StatusConflict,
		ivr.Denied: http.StatusForbidden, ivr.Unavailable: http.StatusServiceUnavailable,
	}[ivr.CodeOf(err)]
	var told *ivr.Error
	if !known || !errors.As(err, &told) {
		a.log.Error("a request to the API failed", slog.String("who", who), slog.String("path", r.URL.Path), slog.Any("error", err))
		a.refuse(w, http.StatusInternalServerError, "internal error", "see the program's log")
		return
	}
	if status == http.StatusServiceUnavailable {
		a.log.Error("a request to the API was not carried out", slog.String("who", who), slog.String("path", r.URL.Path), slog.Any("error", err))
	}
	a.refuse(w, status, told.Message, told.Cure)
}

// read takes a request's JSON: one object, with keys that are known.
func read(r *http.Request, into any) error {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return &ivr.Error{Code: ivr.Invalid, Message: "the request is not JSON", Cure: "send Content-Type: application/json"}
	}
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	err = d.Decode(into)
	if err == nil {
		_, err = d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		err = errors.Join(err, errors.New("more than one value"))
	}
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return &ivr.Error{Code: ivr.Invalid, Message: "the JSON can't be taken: " + err.Error(), Cure: "send one object with the keys of docs/operations.md; times as 2026-01-05T18:00:00+05:00"}
}
