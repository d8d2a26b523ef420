package lookup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"ikomek109/ivr"
)

// The bounds of a lookup.
const (
	maxAnswer    = 64 << 10 // bytes
	maxRedirects = 3        // to machines of the list
	idleFor      = 30 * time.Second
)

// Options say whom to ask.
type Options struct {
	// Hosts that may be asked, as host or host:port. A host alone stands for the
	// port that its scheme has.
	Hosts []string
	// AtOnce bounds the lookups under way; one beyond fails at once. 0 means 20.
	AtOnce int
}

// Client asks. It may be used by many goroutines.
type Client struct {
	hosts []string
	slots chan struct{}
	http  *http.Client
}

const defaultAtOnce = 20

// New makes a client; it asks nobody yet.
func New(o Options) *Client {
	if o.AtOnce <= 0 {
		o.AtOnce = defaultAtOnce
	}
	c := &Client{slots: make(chan struct{}, o.AtOnce)}
	for _, host := range o.Hosts {
		c.hosts = append(c.hosts, strings.ToLower(host))
	}
	c.http = &http.Client{
		Transport: &http.Transport{ // no proxy of the environment: the list says who is asked
			MaxIdleConnsPerHost: o.AtOnce, MaxConnsPerHost: o.AtOnce, IdleConnTimeout: idleFor,
			MaxResponseHeaderBytes: maxAnswer,
		},
		CheckRedirect: c.follow,
	}
	return c
}

// Close drops the connections that are kept.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Look implements [ivr.Lookups].
func (c *Client) Look(ctx context.Context, address string, take map[string]string) (map[string]string, error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	default:
		return nil, failed(ivr.Unavailable, "", fmt.Errorf("%d lookups are under way already", cap(c.slots)))
	}
	u, err := url.Parse(address)
	if err != nil {
		return nil, failed(ivr.Invalid, "", errors.New("the address cannot be read")) // it holds what the caller typed
	}
	if err := c.allowed(u); err != nil {
		return nil, failed(ivr.Denied, u.Host, err)
	}
	body, err := c.get(ctx, u)
	if err != nil {
		return nil, failed(ivr.Unavailable, u.Host, err)
	}
	values, err := pick(body, take)
	if err != nil {
		return nil, failed(ivr.Invalid, u.Host, err)
	}
	return values, nil
}

// errAstray is that an answer leads where nobody may be asked.
type errAstray struct{ error }

// follow lets an answer lead to another address of the list, and tells that
// machine nothing of the first, which holds what the caller typed.
func (c *Client) follow(next *http.Request, via []*http.Request) error {
	next.Header.Del("Referer")
	if len(via) > maxRedirects {
		return errAstray{errors.New("it leads on and on")}
	}
	if next.URL.Scheme == "http" && via[len(via)-1].URL.Scheme == "https" {
		return errAstray{errors.New("it leads from https to http")}
	}
	if err := c.allowed(next.URL); err != nil {
		return errAstray{fmt.Errorf("it leads to a machine that may not be asked: %w", err)}
	}
	return nil
}

// allowed tells why a machine may not be asked.
func (c *Client) allowed(u *url.URL) error {
	port := map[string]string{"http": "80", "https": "443"}[u.Scheme]
	switch {
	case port == "":
		return fmt.Errorf("only http and https are spoken, not %q", u.Scheme)
	case u.User != nil:
		return errors.New("an address with a user or password in it is not used")
	case slices.Contains(c.hosts, strings.ToLower(u.Host)):
		return nil
	case u.Port() == "" && slices.Contains(c.hosts, strings.ToLower(net.JoinHostPort(u.Hostname(), port))):
		return nil
	case u.Port() == port && slices.Contains(c.hosts, strings.ToLower(u.Hostname())):
		return nil
	}
	return errors.New("it is not on the list lookup.hosts of the settings")
}

func (c *Client) get(ctx context.Context, u *url.URL) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errors.New("the address cannot be asked")
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "ikomek109")
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, plain(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("it answered %d", resp.StatusCode)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return nil, plain(err)
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the answer is larger than %d bytes", maxAnswer)
	}
	return body, nil
}

// plain is what may be told of a fault. What the library says of one can hold
// the address, or what the service sent: both hold what the caller typed.
func plain(err error) error {
	if astray, ok := errors.AsType[errAstray](err); ok {
		return astray.error
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op == "dial" {
		return op
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return context.DeadlineExceeded
	case errors.Is(err, context.Canceled):
		return context.Canceled
	}
	return errors.New("it does not answer as HTTP is spoken, or broke off")
}

func failed(code ivr.Code, host string, err error) error {
	message := "no service was asked"
	if host != "" {
		message = fmt.Sprintf("the service at %q", host)
	}
	return &ivr.Error{Op: "look up", Code: code, Message: message, Err: err}
}

var _ ivr.Lookups = (*Client)(nil)
