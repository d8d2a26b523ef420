package phone

import (
	"errors"
	"fmt"
	"net"
	"strconv"
	"syscall"
	"time"

	"github.com/emiago/sipgo/sip"
)

// keepAlive is what SIP phones send to keep a way open; it asks for nothing.
const keepAlive = "\r\n\r\n"

// impatience tells, once, that nobody is there: because the port is closed, or
// because not a word came in DialOptions.FirstWord. A socket of its own finds the
// closed port: the kernel tells only a socket that speaks with nobody else.
func (c *Call) impatience(heard <-chan struct{}) (late <-chan error, stop func()) {
	if c.firstWord <= 0 || c.phone.opts.Transport != "udp" {
		return nil, func() {}
	}
	port := c.invite.Recipient.Port
	if port == 0 {
		port = sip.DefaultUdpPort
	}
	at := net.JoinHostPort(c.invite.Recipient.Host, strconv.Itoa(port))
	conn, err := net.Dial("udp", at) //nolint:noctx // sends nothing and waits for nobody, but for a name
	if err != nil {
		return nil, func() {} // the call itself will tell
	}
	told := make(chan error, 1)
	c.phone.work.Go(func() {
		if err := nobody(conn, at, c.firstWord, heard); err != nil {
			told <- err
		}
	})
	return told, func() { _ = conn.Close() }
}

// nobody waits for the first word, for the closed port, or for the time to pass.
func nobody(conn net.Conn, at string, patience time.Duration, heard <-chan struct{}) error {
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	_, err := conn.Write([]byte(keepAlive))
	for err == nil { // what comes back is no answer to the call
		_, err = conn.Read(make([]byte, 1))
	}
	select {
	case <-heard:
		return nil
	default:
	}
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("nobody listens at %s; check that the switch runs and the address is right", at)
	case errors.Is(err, net.ErrClosed):
		return nil // the call was answered, or given up
	}
	return fmt.Errorf("nobody answers at %s, not within %s; check that the switch runs and the address is right", at, patience)
}
