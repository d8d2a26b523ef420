package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Limits of one request. Nobody sends a body or long headers to these pages,
// and a scrape of the figures takes milliseconds.
const (
	readTime   = 5 * time.Second
	writeTime  = 30 * time.Second
	idleTime   = 2 * time.Minute
	headerSize = 16 << 10 // bytes
	scrapes    = 4        // of /metrics at once
)

// Options says what to show, and where.
type Options struct {
	// Addr is host:port; port 0 takes any free one.
	Addr string
	// Ready gives the checks of /readyz. It is called on each request, by many
	// goroutines, and must answer from memory. Nil: nothing to check.
	Ready func() []Check
	// Gatherer holds the figures. Nil: there is no /metrics.
	Gatherer prometheus.Gatherer
	// Hosts are names, beside IP addresses and localhost, under which the pages
	// may be asked for. Any other name is refused: it is how a page in somebody's
	// browser would reach a server on loopback.
	Hosts []string
	// API is modes and bulletins, changed by those who have a token. Nil, or one
	// without tokens: there is none.
	API *API
	// Logger takes faults. Nil: nobody hears of them.
	Logger *slog.Logger
}

// Server serves health and figures, and the API. Make one with New.
type Server struct {
	opt  Options
	log  *slog.Logger
	http *http.Server

	mu       sync.Mutex
	listener net.Listener  // guarded by mu; nil before Start
	stopped  bool          // guarded by mu
	done     chan struct{} // guarded by mu; closed when serving has ended
	err      error         // why serving ended; read after done
}

// New makes a server that is not yet listening.
func New(o Options) *Server {
	log := o.Logger
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := &Server{opt: o, log: log}
	s.http = &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: readTime,
		ReadTimeout:       readTime,
		WriteTimeout:      writeTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerSize,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // other people's broken connections
	}
	return s
}

// Handler gives the pages without a listener, for tests and for a larger server.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.alive)
	mux.HandleFunc("GET /readyz", s.ready)
	if s.opt.Gatherer != nil {
		mux.Handle("GET /metrics", promhttp.HandlerFor(s.opt.Gatherer, promhttp.HandlerOpts{
			ErrorLog:            metricsLog{s.log},
			ErrorHandling:       promhttp.ContinueOnError, // one bad figure must not hide the others
			MaxRequestsInFlight: scrapes,
		}))
	}
	if s.opt.API != nil && len(s.opt.API.Tokens) > 0 {
		newAPI(s.opt.API, s.log).handle(mux)
	}
	return guard(mux, s.opt.Hosts)
}

// metricsLog passes promhttp's complaints on.
type metricsLog struct{ log *slog.Logger }

func (m metricsLog) Println(v ...any) {
	m.log.Warn("metrics could not all be gathered", slog.String("cause", fmt.Sprint(v...)))
}

// Start listens and serves until Stop. It returns once connections are taken.
// The error names the address and the cure.
func (s *Server) Start(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil || s.stopped {
		return errors.New("web: a server is started once; make a new one for each start")
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", s.opt.Addr)
	if err != nil {
		return &ListenError{Addr: s.opt.Addr, Err: err}
	}
	s.listener, s.done = listener, make(chan struct{})
	go s.serve(listener, s.done)
	return nil
}

func (s *Server) serve(listener net.Listener, done chan struct{}) {
	defer close(done)
	if err := s.http.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		s.err = err
		s.log.Error("web server ended", slog.String("addr", listener.Addr().String()), slog.Any("error", err))
	}
}

// Addr is the address that is listened on, with the real port; empty before Start.
func (s *Server) Addr() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener == nil {
		return ""
	}
	return s.listener.Addr().String()
}

// Stop takes no more connections, lets requests end until ctx does, then cuts
// them. It may be called twice, and without Start. A server that is stopped is
// not started again.
func (s *Server) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.stopped = true
	done := s.done
	s.mu.Unlock()
	err := s.http.Shutdown(ctx)
	if err != nil {
		err = errors.Join(fmt.Errorf("web: requests were cut: %w", err), s.http.Close())
	}
	if done == nil {
		return err
	}
	<-done
	return errors.Join(err, s.err)
}

// ListenError says that the address can't be listened on.
type ListenError struct {
	Addr string
	Err  error
}

// Error names the address, the cause and the cure.
func (e *ListenError) Error() string {
	cause, cure := "cannot listen on it: "+e.Err.Error(), "choose another web.listen"
	switch {
	case errors.Is(e.Err, syscall.EADDRINUSE):
		cause = "the port is in use by another program"
		cure = "stop that program (`ss -ltnp` names it), or choose another web.listen; port 0 takes any free one"
	case errors.Is(e.Err, syscall.EACCES):
		cause = "this user may not use the port"
		cure = "choose a port above 1023 in web.listen"
	case errors.Is(e.Err, syscall.EADDRNOTAVAIL):
		cause = "this machine does not have the address"
		cure = "use 127.0.0.1, or an address that `ip address` lists, in web.listen"
	}
	return fmt.Sprintf("web %s: %s; %s", e.Addr, cause, cure)
}

// Unwrap gives the cause.
func (e *ListenError) Unwrap() error { return e.Err }
