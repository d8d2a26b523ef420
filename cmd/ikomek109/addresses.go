package main

import (
	"net"
	"net/netip"
	"slices"
)

// reachedAt gives the addresses, with ports, at which phones reach a line that
// listens on sip. No phone can call 0.0.0.0 or ::, which stand for all of own, the
// machine's addresses: then it is those that others may reach, IPv4 first, or this
// machine alone when there are none.
func reachedAt(sip string, own []net.Addr) []string {
	at, err := netip.ParseAddrPort(sip)
	if err != nil || !at.Addr().Unmap().IsUnspecified() {
		return []string{sip}
	}
	var v4, v6 []string
	for _, a := range own {
		prefix, err := netip.ParsePrefix(a.String())
		ip := prefix.Addr().Unmap()
		if err != nil || !ip.IsGlobalUnicast() { // loopback, and what needs the name of an interface
			continue
		}
		address := netip.AddrPortFrom(ip, at.Port()).String()
		if ip.Is4() {
			v4 = append(v4, address)
		} else if !at.Addr().Unmap().Is4() {
			v6 = append(v6, address)
		}
	}
	if all := slices.Concat(v4, v6); len(all) > 0 {
		return all
	}
	return []string{netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), at.Port()).String()}
}
