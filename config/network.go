package config

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// threeLines is the cure for an Asterisk that is named by half.
const threeLines = "set asterisk.url, asterisk.username and asterisk.password (or password_file), or none of them and use `ikomek109 run`"

// longestNode is what the name of an Asterisk of our own may have, as it is a part
// of the id of each of its channels.
const longestNode = 32

func (l *loading) checkSwitch() {
	a := l.settings.Asterisk
	l.word("asterisk.app", a.App, false)
	l.word("asterisk.node", a.Node, true)
	switch {
	case a.URL != "": // it is told its name by somebody else
	case a.Node == "general":
		l.problem("asterisk.node", `cannot be "general": Asterisk keeps that word for itself`, "choose another")
	case len(a.Node) > longestNode:
		l.problem("asterisk.node", fmt.Sprintf("has %d characters", len(a.Node)), fmt.Sprintf("give at most %d", longestNode))
	}
	l.word("asterisk.username", a.Username, true)
	if a.URL != "" {
		l.checkARI(a)
	}
	switch hasPassword := !a.Password.IsZero() || a.PasswordFile != ""; {
	case a.URL != "" && (a.Username == "" || !hasPassword):
		l.problem("asterisk.url", "needs a username and a password beside it", threeLines)
	case a.URL == "" && a.Username != "" && !hasPassword:
		l.problem("asterisk.username", "has no password", threeLines)
	case a.Username == "" && hasPassword:
		l.problem(l.passwordPlace(), "has no username", threeLines)
	}
	if a.URL != "" && a.Program != "" {
		l.problem("asterisk.program", "is for an Asterisk that `run` starts, but asterisk.url names one that runs", "keep one of them")
	}
	l.rooted("asterisk.sound_prefix", a.SoundPrefix)
	l.rooted("asterisk.recording_prefix", a.RecordingPrefix)
}

// rooted checks a folder that only Asterisk can see.
func (l *loading) rooted(key, folder string) {
	if folder != "" && !path.IsAbs(folder) {
		l.problem(key, quote(folder)+" is not an absolute path", "write the folder as Asterisk sees it, beginning with /")
	}
}

func (l *loading) passwordPlace() string {
	if l.settings.Asterisk.PasswordFile != "" {
		return passwordFileKey
	}
	return passwordKey
}

func (l *loading) checkARI(a Asterisk) {
	u := l.address("asterisk.url", a.URL, "http://127.0.0.1:8088/ari")
	if u == nil {
		return
	}
	if u.Path == "" || u.Path == "/" {
		l.problem("asterisk.url", "has no path", "it usually ends with /ari, such as http://127.0.0.1:8088/ari")
	}
	if u.Scheme == "http" && !loopback(u.Hostname()) {
		l.warn("asterisk.url", "the password goes over the network in the clear", "use https, or an Asterisk on this machine")
	}
}

// address checks a URL of http or https; nil when it is none. A URL with a
// password in it is refused unshown. example is one as it should be.
func (l *loading) address(key, text, example string) *url.URL {
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		l.problem(key, "is not an address of http or https", "write it like "+example)
	case u.User != nil:
		l.problem(key, "holds a user or password", "take it out of the address: it would be shown in logs")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		l.problem(key, "has something behind the path", "remove ? and # and what follows")
	case u.Port() != "" && !validPort(u.Port()):
		l.problem(key, "has no valid port", "choose 1 to 65535")
	default:
		return u
	}
	return nil
}

func validPort(text string) bool {
	n, err := strconv.Atoi(text)
	return err == nil && n >= 1 && n <= 65535
}

func (l *loading) word(key, value string, mayBeEmpty bool) {
	if value == "" && mayBeEmpty || wordForm.MatchString(value) {
		return
	}
	l.problem(key, quote(value)+" is not a plain name", "write letters of a to z, digits, . - and _, at most 64, beginning with a letter or digit")
}

func (l *loading) checkPorts() {
	a := l.settings.Asterisk
	l.between("asterisk.sip_port", a.SIPPort, 0, 65535)
	l.between("asterisk.http_port", a.HTTPPort, 0, 65535)
	if a.SIPPort != 0 && a.SIPPort == a.HTTPPort {
		l.problem("asterisk.http_port", fmt.Sprintf("%d is asterisk.sip_port too, and both use TCP", a.HTTPPort), "choose another one")
	}
	if a.RTPFrom == 0 && a.RTPTo == 0 {
		return
	}
	l.between("asterisk.rtp_from", a.RTPFrom, 1024, 65534)
	l.between("asterisk.rtp_to", a.RTPTo, 1025, 65535)
	if a.RTPTo < a.RTPFrom+9 {
		l.problem("asterisk.rtp_to", fmt.Sprintf("%d to %d leaves no room for sound", a.RTPFrom, a.RTPTo), "leave two ports for each call, at least ten")
	}
	if a.SIPPort >= a.RTPFrom && a.SIPPort <= a.RTPTo {
		l.problem("asterisk.sip_port", fmt.Sprintf("%d lies among the ports for sound", a.SIPPort), "choose one outside asterisk.rtp_from to rtp_to")
	}
}

func (l *loading) checkWeb() {
	const key = "web.listen"
	listen := l.settings.Web.Listen
	host, port, err := net.SplitHostPort(listen)
	if err != nil || host == "" || port != "0" && !validPort(port) || !isHost(host) {
		l.problem(key, quote(listen)+" is not an address and a port", "write it like 127.0.0.1:1090")
		return
	}
	for _, name := range l.settings.Web.Hosts {
		if !hostForm.MatchString(name) {
			l.problem("web.hosts", quote(name)+" is not the name of a machine", "write it without port and without http://, such as line.example")
		}
	}
	a := l.settings.Asterisk
	if port != "0" && port == strconv.Itoa(a.HTTPPort) && !a.Given() {
		l.problem(key, "port "+port+" is asterisk.http_port too", "choose another one")
	}
	if !loopback(host) {
		l.warn(key, "health and figures can be read from the network, by anybody who reaches this port", "use 127.0.0.1 unless a firewall guards it")
	}
}

func isHost(host string) bool {
	_, err := netip.ParseAddr(host)
	return err == nil || host == "localhost"
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
