package web

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// guard adds the headers that keep a browser from doing more than showing text,
// and refuses a Host that is a strange name, upgrades, and bodies but those of
// the API, which bounds them itself.
func guard(next http.Handler, hosts []string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		if !expected(r.Host, hosts) {
			http.Error(w, "this server is not asked by that name; use its IP address", http.StatusMisdirectedRequest)
			return
		}
		if !strings.HasPrefix(r.URL.Path, "/api/") {
			r.Body = http.MaxBytesReader(w, r.Body, 0)
		}
		next.ServeHTTP(w, r)
	})
}

// expected reports whether a Host header names this server: an IP address (DNS
// can't be turned against it), localhost, or one of the names. None at all is
// a plain HTTP/1.0 health check, never a browser.
func expected(host string, names []string) bool {
	if host == "" {
		return true
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.ToLower(strings.Trim(host, "[]"))
	if _, err := netip.ParseAddr(host); err == nil {
		return true
	}
	return host == "localhost" || slices.ContainsFunc(names, func(name string) bool { return strings.EqualFold(name, host) })
}
