package phone

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// closeGrace bounds how long Close waits for the goodbyes of live calls.
const closeGrace = 2 * time.Second

// Close hangs up every call, stops everything the phone started and frees its
// ports. It may be called twice; it takes at most a few seconds. It does not
// unregister: a phone that is switched off does not either.
func (p *Phone) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	close(p.closing)
	p.mu.Unlock()

	p.registrar.stop()
	p.hangupAll()
	p.dials.Wait() // each is bounded by giveUp once closing is closed
	err := p.silence()
	for _, c := range p.Calls() {
		c.finish(End{By: Us, Reason: "phone closed"})
	}
	p.work.Wait()
	return err
}

// hangupAll says goodbye in every live call, all at once and within closeGrace.
func (p *Phone) hangupAll() {
	ctx, cancel := context.WithTimeout(context.Background(), closeGrace)
	defer cancel()
	var wg sync.WaitGroup
	for _, c := range p.Calls() {
		wg.Go(func() { _ = c.Hangup(ctx) })
	}
	wg.Wait()
}

func ignoreClosed(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// silence ends all signalling. Over UDP the library is not asked to close its
// connections: it would open new ones for what it has still to say.
func (p *Phone) silence() error {
	if p.port == nil {
		return errors.Join(p.ua.Close(), ignoreClosed(p.listen.Close()))
	}
	p.port.park(p.ua.TransportLayer().Pool("udp"))
	p.ua.TransactionLayer().Close()
	return ignoreClosed(p.port.Close())
}
