package flows

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// urlTemplate is an address with the flow's variables in it.
type urlTemplate []urlPart

// urlPart is a piece of an address: fixed, or the value of a variable.
type urlPart struct {
	fixed, variable string
	query           bool // stands behind the question mark
}

// MaxURL bounds an address, in bytes.
const MaxURL = 500

// urlTemplate reads an address. Variables may stand in its path and behind the
// question mark; whom to ask is fixed.
func (e entry) urlTemplate() urlTemplate {
	s, ok := e.str()
	if !ok {
		return nil
	}
	bare := bracesExpr.ReplaceAllString(s, "0")
	u, err := url.Parse(bare)
	switch {
	case len(s) > MaxURL:
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s is longer than %d characters", e.what, MaxURL), "shorten it")
	case err == nil && u.User != nil:
		e.log.add(e.here(), CodeBadValue, e.what+" holds a password", "write http://host/path: a flow is no place for secrets")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.Fragment != "" || strings.ContainsAny(bare, "{}\\ "):
		e.log.add(e.here(), CodeBadValue, fmt.Sprintf("%s is %q, which cannot be asked", e.what, clip(s)), "write http://host/path or http://host:port/path, with no #")
	case strings.ContainsAny(beforePath(s), "{}"):
		e.log.add(e.here(), CodeBadValue, e.what+" has a variable for a host", "write the host itself: only the path and what follows ? may vary")
	default:
		e.checkHost(u.Host)
		return e.urlParts(s)
	}
	return nil
}

// beforePath is the part of an address that says whom to ask.
func beforePath(s string) string {
	_, rest, _ := strings.Cut(s, "://")
	if i := strings.IndexAny(rest, "/?"); i >= 0 {
		return rest[:i]
	}
	return rest
}

// checkHost wants a host that the settings let be asked.
func (e entry) checkHost(host string) {
	if hosts := e.log.known.Hosts; hosts != nil && !slices.Contains(hosts, host) {
		e.log.add(e.here(), CodeForbiddenHost, fmt.Sprintf("%s asks %q, which the settings do not allow", e.what, clip(host)),
			"let it be added to lookup.hosts of the settings, or "+e.log.cureName(host, hosts))
	}
}

func (e entry) urlParts(s string) urlTemplate {
	var all urlTemplate
	last := 0
	for _, m := range bracesExpr.FindAllStringSubmatchIndex(s, -1) {
		all = append(all, urlPart{fixed: s[last:m[0]]})
		last = m[1]
		name := s[m[2]:m[3]]
		if v := e.variableNamed(name); v != nil {
			all = append(all, urlPart{variable: name, query: strings.Contains(s[:m[0]], "?")})
		}
	}
	return append(all, urlPart{fixed: s[last:]})
}

// fill puts the values of the call into the address, so that they stay what
// they are: values. False when one is missing or would change the path.
func (u urlTemplate) fill(t *turn) (string, bool) {
	var b strings.Builder
	for _, p := range u {
		b.WriteString(p.fixed)
		if p.variable == "" {
			continue
		}
		value, ok := t.value(p.variable)
		if !ok || strings.Trim(value, ".") == "" {
			t.event(Event{Kind: EventFault, Reason: "no value for " + p.variable + " to ask with"})
			return "", false
		}
		if p.query {
			b.WriteString(url.QueryEscape(value))
		} else {
			b.WriteString(url.PathEscape(value))
		}
	}
	return b.String(), true
}
