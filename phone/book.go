package phone

import "github.com/emiago/sipgo/sip"

// startDial counts a dial in, unless the phone is closed.
func (p *Phone) startDial() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.dials.Add(1)
	return nil
}

// add enters a call under its key, unless the phone is closed.
func (p *Phone) add(key string, c *Call) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	p.calls[key] = c
	return nil
}

// remove forgets a call that has ended.
func (p *Phone) remove(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.calls, key)
}

// find gives the call a request inside a dialog belongs to, or nil.
func (p *Phone) find(req *sip.Request) *Call {
	key, ok := keyOf(req)
	if !ok {
		return nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.calls[key]
}

// dialogKey names a dialog by what both sides repeat in every request: the call
// id and the tag that is ours.
func dialogKey(callID, ourTag string) string { return callID + "\x00" + ourTag }

// keyOf reads the key from a request of the other side, whose To is us.
func keyOf(req *sip.Request) (string, bool) {
	if req.CallID() == nil || req.To() == nil {
		return "", false
	}
	tag, ok := req.To().Params.Get("tag")
	return dialogKey(req.CallID().Value(), tag), ok
}
