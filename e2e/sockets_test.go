package e2e_test

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// socket is one that strangers could send to: a TCP socket that listens, or a UDP
// socket that is bound and not connected to one peer.
type socket struct {
	proto string // udp or tcp
	at    netip.AddrPort
}

// open gives the states of /proc/net in which strangers are heard.
var open = map[string]string{"tcp": "0A", "tcp6": "0A", "udp": "07", "udp6": "07"}

// socketsOf lists the open sockets of processes.
func socketsOf(t *testing.T, pids ...int) (found []socket) {
	t.Helper()
	inodes := map[string]bool{}
	for _, pid := range pids {
		fds, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		if err != nil || len(fds) == 0 {
			t.Fatalf("the open files of process %d cannot be read: %v", pid, err)
		}
		for _, fd := range fds {
			to, _ := os.Readlink(fd) // empty when it was closed meanwhile
			if inode, ok := strings.CutPrefix(to, "socket:["); ok {
				inodes[strings.TrimSuffix(inode, "]")] = true
			}
		}
	}
	for file, state := range open {
		text, err := os.ReadFile("/proc/net/" + file) //nolint:gosec // one of four
		if os.IsNotExist(err) && strings.HasSuffix(file, "6") {
			continue // a machine without IPv6
		}
		if err != nil {
			t.Fatal(err)
		}
		all, err := readSockets(string(text), state, inodes)
		if err != nil {
			t.Fatalf("/proc/net/%s: %v", file, err)
		}
		for _, at := range all {
			found = append(found, socket{strings.TrimSuffix(file, "6"), at})
		}
	}
	return found
}

// readSockets reads a file of /proc/net: the addresses of sockets in a state, by
// their inodes.
func readSockets(text, state string, inodes map[string]bool) (found []netip.AddrPort, err error) {
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		f := strings.Fields(line) // sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode
		if i == 0 || len(f) < 10 || f[3] != state || !inodes[f[9]] {
			continue
		}
		at, err := readAddress(f[1])
		if err != nil {
			return nil, fmt.Errorf("%q: %w", line, err)
		}
		found = append(found, at)
	}
	return found, nil
}

// readAddress reads "0100007F:13C4": words in the machine's order of bytes.
func readAddress(text string) (netip.AddrPort, error) {
	address, number, _ := strings.Cut(text, ":")
	raw, err := hex.DecodeString(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	for word := range slices.Chunk(raw, 4) {
		if len(word) == 4 {
			binary.NativeEndian.PutUint32(word, binary.BigEndian.Uint32(word))
		}
	}
	ip, ok := netip.AddrFromSlice(raw)
	port, err := strconv.ParseUint(number, 16, 16)
	if !ok || err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q is no address", text)
	}
	return netip.AddrPortFrom(ip.Unmap(), uint16(port)), nil
}

// onlyHere checks that nobody on the network reaches the program or its Asterisk,
// as long as the settings do not say so. A call has to be under way: sound has
// sockets of its own.
func (s *scenario) onlyHere() {
	s.t.Helper()
	own := socketsOf(s.t, s.program.cmd.Process.Pid)
	its := socketsOf(s.t, processesOf(s.t, s.dir)...)
	all, sound := slices.Concat(own, s.withoutResolver(its)), 0
	for _, one := range all {
		if !one.at.Addr().IsLoopback() {
			s.t.Errorf("%s %s can be reached from the network", one.proto, one.at)
		}
		if one.proto == "udp" && s.forSound(one.at.Port()) {
			sound++
		}
	}
	for _, want := range []socket{
		{"udp", netip.MustParseAddrPort(s.sw.Ports.SIPAddr())},
		{"tcp", netip.MustParseAddrPort(s.sw.Ports.SIPAddr())},
		{"tcp", netip.MustParseAddrPort(s.sw.Ports.HTTPAddr())},
		{"tcp", netip.MustParseAddrPort(s.program.web)},
	} {
		if !slices.Contains(all, want) {
			s.t.Errorf("%s %s is not among the open sockets %v: not all were seen", want.proto, want.at, all)
		}
	}
	if sound == 0 {
		s.t.Errorf("no socket for sound is among %v: not all were seen", all)
	}
}

func (s *scenario) forSound(port uint16) bool {
	return int(port) >= s.sw.Ports.RTPFirst && int(port) <= s.sw.Ports.RTPLast
}

// withoutResolver leaves out the sockets on which Asterisk awaits the answers of a
// name server: PJSIP's resolver binds one of each family to a port that the kernel
// chooses, and has no setting for the address. Nothing but such answers is read there.
func (s *scenario) withoutResolver(its []socket) (rest []socket) {
	seen := map[bool]bool{}
	for _, one := range its {
		four, port := one.at.Addr().Is4(), int(one.at.Port())
		if one.proto == "udp" && one.at.Addr().IsUnspecified() && !seen[four] &&
			port != s.sw.Ports.SIP && port != s.sw.Ports.HTTP && !s.forSound(one.at.Port()) {
			seen[four] = true
			continue
		}
		rest = append(rest, one)
	}
	return rest
}

// TestSocketsRead reads what the kernel says on a machine of this order of bytes.
func TestSocketsRead(t *testing.T) {
	t.Parallel()
	word := func(b ...byte) string { return fmt.Sprintf("%08X", binary.NativeEndian.Uint32(b)) }
	zero := word(0, 0, 0, 0)
	text := "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	inodes := map[string]bool{"7": true} // not 8
	for i, local := range []string{
		word(127, 0, 0, 1), zero, word(192, 0, 2, 10), zero + zero + zero + zero, zero + zero + zero + word(0, 0, 0, 1),
		zero + zero + word(0, 0, 0xff, 0xff) + word(127, 0, 0, 1),
	} {
		text += fmt.Sprintf("  %d: %s:13C4 %s:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 %d 1 0\n", i, local, zero, i)
		inodes[strconv.Itoa(i)] = true
	}
	text += "  7: " + zero + ":13C4 " + zero + ":0000 01 00000000:00000000 00:00000000 00000000  1000        0 7 1 0\n"
	text += "  8: " + zero + ":13C4 " + zero + ":0000 0A 00000000:00000000 00:00000000 00000000  1000        0 8 1 0\n"
	got, err := readSockets(text, "0A", inodes)
	if err != nil {
		t.Fatal(err)
	}
	want := "[127.0.0.1:5060 0.0.0.0:5060 192.0.2.10:5060 [::]:5060 [::1]:5060 127.0.0.1:5060]"
	if fmt.Sprint(got) != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if at, err := readAddress("7F00:1"); err == nil {
		t.Errorf("half an address is %s", at)
	}
}
