package main

import (
	"net"
	"slices"
	"testing"
)

// networks are the addresses of a machine, as the system lists them.
func networks(t *testing.T, all ...string) (own []net.Addr) {
	t.Helper()
	for _, a := range all {
		ip, network, err := net.ParseCIDR(a)
		if err != nil {
			t.Fatal(err)
		}
		own = append(own, &net.IPNet{IP: ip, Mask: network.Mask})
	}
	return own
}

func TestReachedAt(t *testing.T) {
	own := networks(t, "127.0.0.1/8", "::1/128", "2001:db8::7/64", "fe80::1/64", "192.0.2.10/24", "169.254.7.7/16", "10.1.2.3/8")
	for name, c := range map[string]struct {
		listen string
		own    []net.Addr
		want   []string
	}{
		"an address":           {"192.0.2.10:5060", own, []string{"192.0.2.10:5060"}},
		"this machine":         {"127.0.0.1:5060", own, []string{"127.0.0.1:5060"}},
		"one of IPv6":          {"[2001:db8::7]:5060", own, []string{"[2001:db8::7]:5060"}},
		"all of IPv4":          {"0.0.0.0:5070", own, []string{"192.0.2.10:5070", "10.1.2.3:5070"}},
		"all":                  {"[::]:5060", own, []string{"192.0.2.10:5060", "10.1.2.3:5060", "[2001:db8::7]:5060"}},
		"all of IPv4, mapped":  {"[::ffff:0.0.0.0]:5060", own, []string{"192.0.2.10:5060", "10.1.2.3:5060"}},
		"all, IPv6 alone":      {"[::]:5060", networks(t, "2001:db8::7/64"), []string{"[2001:db8::7]:5060"}},
		"all of IPv4, no IPv4": {"0.0.0.0:5060", networks(t, "2001:db8::7/64"), []string{"127.0.0.1:5060"}},
		"no network":           {"0.0.0.0:5060", networks(t, "127.0.0.1/8", "::1/128"), []string{"127.0.0.1:5060"}},
		"no network, all":      {"[::]:5060", networks(t, "127.0.0.1/8", "fe80::1/64"), []string{"127.0.0.1:5060"}},
		"nothing known":        {"0.0.0.0:5060", nil, []string{"127.0.0.1:5060"}},
		"no network of ours":   {"0.0.0.0:5060", []net.Addr{&net.UnixAddr{Name: "x"}}, []string{"127.0.0.1:5060"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := reachedAt(c.listen, c.own); !slices.Equal(got, c.want) {
				t.Errorf("phones that call %s reach it at %q, want %q", c.listen, got, c.want)
			}
		})
	}
}
