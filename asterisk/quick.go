package asterisk

import (
	"context"
	"errors"
	"io"
	"net"
	"syscall"
	"unsafe"
)

// quick is a socket that is read and written without a word to Go's scheduler.
// An ordinary system call of a program that was idle wakes a thread of the
// scheduler's which then looks every few microseconds whether the call still
// lasts: at every event and every command, that was a fifth of what a call cost.
// A socket that never waits in the kernel needs none of it; where there is
// nothing to read yet, the poller waits as ever.
type quick struct {
	*net.TCPConn
	raw syscall.RawConn
}

// dialQuick is a plain [net.Dialer] whose connections are quick ones.
func dialQuick(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return conn, nil
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &quick{TCPConn: tcp, raw: raw}, nil
}

// Read implements [net.Conn].
func (q *quick) Read(p []byte) (n int, err error) {
	if len(p) == 0 {
		return 0, nil
	}
	var fault syscall.Errno
	err = q.raw.Read(func(fd uintptr) (over bool) {
		n, fault = transfer(syscall.SYS_RECVFROM, fd, p, 0)
		return fault != syscall.EAGAIN
	})
	switch {
	case err != nil:
		return 0, err
	case fault != 0:
		return 0, q.failed("read", fault)
	case n == 0:
		return 0, io.EOF
	}
	return n, nil
}

// Write implements [net.Conn].
func (q *quick) Write(p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var sent int
		var fault syscall.Errno
		err = q.raw.Write(func(fd uintptr) (over bool) {
			sent, fault = transfer(syscall.SYS_SENDTO, fd, p[n:], syscall.MSG_NOSIGNAL)
			return fault != syscall.EAGAIN
		})
		if err == nil && fault != 0 {
			err = q.failed("write", fault)
		}
		n += sent
	}
	return n, err
}

// quiet tells, without waiting, that the other side has neither sent anything
// nor closed the connection.
func (q *quick) quiet() bool {
	var fault syscall.Errno
	err := q.raw.Read(func(fd uintptr) (over bool) {
		_, fault = transfer(syscall.SYS_RECVFROM, fd, make([]byte, 1), syscall.MSG_PEEK)
		return true
	})
	return err == nil && fault == syscall.EAGAIN
}

// transfer carries out recvfrom or sendto once, never waiting in it. With a
// fault, the number is 0.
func transfer(call, fd uintptr, p []byte, flags uintptr) (int, syscall.Errno) {
	for {
		n, _, fault := syscall.RawSyscall6(call, fd, uintptr(unsafe.Pointer(unsafe.SliceData(p))), //nolint:gosec // p lives until it returns
			uintptr(len(p)), flags|syscall.MSG_DONTWAIT, 0, 0)
		switch fault {
		case 0:
			return int(n), 0
		case syscall.EINTR:
		default:
			return 0, fault
		}
	}
}

func (q *quick) failed(op string, fault syscall.Errno) error {
	return &net.OpError{Op: op, Net: "tcp", Source: q.LocalAddr(), Addr: q.RemoteAddr(), Err: fault}
}
