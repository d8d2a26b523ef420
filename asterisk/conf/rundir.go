package conf

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

const (
	// maxSocketPath leaves room in the 108 bytes of a Unix socket's address.
	maxSocketPath = 100
	controlSocket = "asterisk.ctl"
	// wantFiles is enough for some 8,000 calls.
	wantFiles = 65536
)

// runDir gives the folder of Asterisk's control socket: below state when the
// path is short enough for a socket, otherwise a private one below the
// system's temporary folder, the same for the same state.
func runDir(state string) (string, error) {
	dir := filepath.Join(state, "run")
	if len(filepath.Join(dir, controlSocket)) <= maxSocketPath {
		return dir, nil
	}
	sum := sha256.Sum256([]byte(state))
	dir = filepath.Join("/tmp", "ikomek109-"+strconv.Itoa(os.Getuid())+"-"+hex.EncodeToString(sum[:6]))
	if err := os.Mkdir(dir, 0o700); err != nil && !os.IsExist(err) {
		return "", fmt.Errorf("making a short folder for Asterisk's control socket: %w", err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return "", err
	}
	if st, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(st.Uid) != os.Getuid() {
		return "", fmt.Errorf("%s belongs to another user: remove it, or choose a state folder with a shorter path", dir)
	}
	return dir, nil
}

// maxFiles asks for wantFiles open files, or as many as this user may have.
func maxFiles() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return min(limit.Max, wantFiles)
}
