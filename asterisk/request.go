package asterisk

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
)

// rest sends the requests that the library has no method for.
type rest struct {
	client   *http.Client
	via      *transport
	root     string // http://host:port/ari
	username string
	password string
}

// call sends one request and decodes the answer into out, unless nil. Path
// elements are escaped here, so they may come from anywhere. A body that is
// not nil goes as JSON.
func (r *rest) call(ctx context.Context, method string, c command, out any) error {
	var body io.Reader
	if c.body != nil {
		text, err := json.Marshal(c.body)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(ctx, method, r.root+c.target(), body)
	if err != nil {
		return err
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetBasicAuth(r.username, r.password)
	resp, err := r.client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if out == nil {
		return nil
	}
	return json.NewDecoder(resp.Body).Decode(out)
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
