package deploy

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
)

// The ports that Reserve gives out: below the kernel's own range for outgoing
// connections (32768 up), above the usual services.
const (
	firstReserved = 20000
	lastReserved  = 32700
	portSlot      = 20
)

// Ports are loopback ports that nobody else has: one for SIP (UDP and TCP), one
// for HTTP, and a range for sound.
type Ports struct {
	SIP, HTTP         int
	RTPFirst, RTPLast int
	locks             []*os.File
}

// Reserve finds free loopback ports, with room for calls at once. Other tests
// and programs that use Reserve get other ports until [Ports.Release], or until
// this process ends.
func Reserve(ctx context.Context, calls int) (*Ports, error) {
	slots := 1 + (2*max(calls, 1)+portSlot-1)/portSlot
	room := (lastReserved-firstReserved)/portSlot - slots
	if room < 1 {
		return nil, fault("reserving ports", fmt.Errorf("%d calls need more ports than there are", calls), "ask for at most 6000 calls")
	}
	dir := filepath.Join(os.TempDir(), "ikomek109-ports-"+strconv.Itoa(os.Getuid()))
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault("reserving ports", err, "check the folder "+dir)
	}
	begin := rand.IntN(room) //nolint:gosec // spreads the tries, keeps no secret
	for i := range room {
		if p := tryPorts(ctx, dir, (begin+i)%room, slots); p != nil {
			return p, nil
		}
	}
	return nil, fault("reserving ports", errors.New("all are taken"), "end other tests or programs on this machine")
}

// tryPorts takes the locks of adjacent slots, and proves the named ports free.
func tryPorts(ctx context.Context, dir string, slot, slots int) *Ports {
	base := firstReserved + slot*portSlot
	p := &Ports{SIP: base, HTTP: base + 1, RTPFirst: base + portSlot, RTPLast: base + slots*portSlot - 1}
	for i := range slots {
		lock, _, err := flock(filepath.Join(dir, strconv.Itoa(base+i*portSlot)))
		if err != nil {
			p.Release()
			return nil
		}
		p.locks = append(p.locks, lock)
	}
	sip := net.JoinHostPort("127.0.0.1", strconv.Itoa(p.SIP))
	http := net.JoinHostPort("127.0.0.1", strconv.Itoa(p.HTTP))
	if portFree(ctx, "udp", sip, "", "") != nil || portFree(ctx, "tcp", sip, "", "") != nil || portFree(ctx, "tcp", http, "", "") != nil {
		p.Release()
		return nil
	}
	return p
}

// HTTPAddr is the address of ARI.
func (p *Ports) HTTPAddr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.HTTP)) }

// SIPAddr is the address for calls.
func (p *Ports) SIPAddr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(p.SIP)) }

// Release gives the ports back. It may be called again.
func (p *Ports) Release() {
	for _, l := range p.locks {
		_ = l.Close()
	}
	p.locks = nil
}
