package web

import (
	"net"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// How many wrong tokens an address may send: some at once, then one now and
// then. Others are not kept out by it.
const (
	wrongAtOnce = 10
	wrongEvery  = 6 * time.Second
	maxDoors    = 4096 // addresses remembered; beyond, all are forgotten
)

// door keeps those out who try tokens.
type door struct {
	mu    sync.Mutex
	wrong map[string]*rate.Limiter // guarded by mu: by address
}

func newDoor() *door { return &door{wrong: map[string]*rate.Limiter{}} }

// hostOf is the address without the port.
func hostOf(remote string) string {
	if host, _, err := net.SplitHostPort(remote); err == nil {
		return host
	}
	return remote
}

// shut tells how long an address has to wait, 0 for one that may try.
func (d *door) shut(remote string) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	l := d.wrong[hostOf(remote)]
	if l == nil || l.Tokens() >= 1 {
		return 0
	}
	return time.Duration((1 - l.Tokens()) * float64(wrongEvery))
}

// knocked notes a wrong token.
func (d *door) knocked(remote string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	host := hostOf(remote)
	if d.wrong[host] == nil {
		if len(d.wrong) >= maxDoors {
			clear(d.wrong)
		}
		d.wrong[host] = rate.NewLimiter(rate.Every(wrongEvery), wrongAtOnce)
	}
	d.wrong[host].Allow()
}
