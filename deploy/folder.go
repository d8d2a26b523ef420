package deploy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
)

// Folder is the folder of an Asterisk, held against a second instance until it
// is released, or this process ends.
type Folder struct{ held }

// held is a lock of this process.
type held struct {
	lock *os.File
	once sync.Once
}

// Claim takes a folder, which is made when missing. The error names the process
// that has it already, and says what to do.
func Claim(dir string) (*Folder, error) {
	op := "starting Asterisk in " + dir
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fault(op, err, "check the folder's owner and the free space")
	}
	lock, holder, err := flock(filepath.Join(dir, "lock"))
	if errors.Is(err, ErrHeld) {
		return nil, fault(op, fmt.Errorf("process %d is already running there", holder),
			"stop that one first (Ctrl-C in its window, or kill "+strconv.Itoa(holder)+"), or use another folder (setting asterisk.directory)")
	}
	if err != nil {
		return nil, fault(op, err, "check the folder's owner and the free space")
	}
	return &Folder{held{lock: lock}}, nil
}

// Release gives back what is held. It may be called more than once.
func (h *held) Release() {
	h.once.Do(func() { _ = h.lock.Close() })
}
