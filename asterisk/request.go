package asterisk

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
)

// rest sends the requests that the library has no method for.
type rest struct {
	via   *transport
	root  string // http://host:port/ari
	login string // the Authorization header
}

// call sends one request and decodes the answer into out, unless nil. Path
// elements are escaped here, so they may come from anywhere. A body that is
// not nil goes as JSON.
func (r *rest) call(ctx context.Context, method string, c command, out any) error {
	resp, err := r.send(ctx, method, c)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
}

// copy gets something that is no JSON.
func (r *rest) copy(ctx context.Context, c command, to io.Writer) error {
	resp, err := r.send(ctx, http.MethodGet, c)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	_, err = io.Copy(to, resp.Body)
	return err
}

func (r *rest) send(ctx context.Context, method string, c command) (*http.Response, error) {
	var body io.Reader
	if c.body != nil {
		text, err := json.Marshal(c.body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.root+c.target(), body)
	if err != nil {
		return nil, err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", r.login)
	// No http.Client between: there are no redirects or cookies to follow.
	return r.via.RoundTrip(req)
}

// basicAuth is the header that carries user and password.
func basicAuth(username, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(username+":"+password))
}

// command is what a request is about.
type command struct {
	path  []string   // elements, not escaped
	query url.Values // may be nil
	body  any        // may be nil
}

func (c command) target() string {
	var b bytes.Buffer
	for _, p := range c.path {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(p))
	}
	if len(c.query) > 0 {
		b.WriteByte('?')
		b.WriteString(c.query.Encode())
	}
	return b.String()
}
