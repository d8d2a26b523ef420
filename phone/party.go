package phone

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/emiago/sipgo/sip"
)

// Party is one end of a call, as it shows itself. Nothing in it can be trusted:
// User may be empty, a number, or any text.
type Party struct {
	// User is the part before the @: a number as a rule. Text that SIP forbids
	// there is sent escaped, as a hostile phone would send it.
	User string
	// Name is the display name.
	Name string
	// Host is the part after the @; the phone's own address if empty.
	Host string
}

// Header is one more SIP header to send, such as Privacy: id.
type Header struct{ Name, Value string }

// from makes our From header. The tag is ours for the whole dialog.
func (p Party) from(host, tag string) (*sip.FromHeader, error) {
	if strings.ContainsFunc(p.Name+p.Host, unicode.IsControl) {
		return nil, fmt.Errorf("caller name %q or host %q holds a control character, which SIP cannot carry; take it out", p.Name, p.Host)
	}
	if p.Host != "" {
		host = p.Host
	}
	if strings.ContainsAny(host, " <>;?@\"") {
		return nil, fmt.Errorf("caller host %q is not a host name; give a name or an address", host)
	}
	return &sip.FromHeader{
		DisplayName: strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(p.Name),
		Address:     sip.Uri{Scheme: "sip", User: escapeUser(p.User), Host: host},
		Params:      sip.HeaderParams{{K: "tag", V: tag}},
	}, nil
}

// escapeUser writes the user part as RFC 3261 wants it: what is not allowed
// becomes %XX, so no text can end the header or the line.
func escapeUser(user string) string {
	const allowed = "-_.!~*'()&=+$,/"
	var b strings.Builder
	for i := range len(user) {
		c := user[i]
		alnum := c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if alnum || strings.IndexByte(allowed, c) >= 0 {
			b.WriteByte(c)
			continue
		}
		fmt.Fprintf(&b, "%%%02X", c)
	}
	return b.String()
}

// partyOf reads the other side's From.
func partyOf(h *sip.FromHeader) Party {
	if h == nil {
		return Party{}
	}
	return Party{User: h.Address.User, Name: h.DisplayName, Host: h.Address.Host}
}

// sipHeader checks a header before it is sent: a line end in it would add
// headers nobody wrote.
func (h Header) sipHeader() (sip.Header, error) {
	name := strings.TrimSpace(h.Name)
	if name == "" || strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r == ':' || r > '~' }) {
		return nil, fmt.Errorf("header name %q is not a SIP header name; use letters, digits and -", h.Name)
	}
	if strings.ContainsFunc(h.Value, unicode.IsControl) {
		return nil, fmt.Errorf("header %s: the value %q holds a control character; take it out", name, h.Value)
	}
	return sip.NewHeader(name, h.Value), nil
}
