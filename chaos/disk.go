package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// disk is a small one of its own for the store, so that it can be filled. A nil
// disk is none: only root can mount one.
type disk struct{ path string }

// diskSize is enough for the longest run, and soon filled.
const diskSize = "size=64m"

func newDisk() (*disk, error) {
	path, err := os.MkdirTemp("", "ik-chaos-disk-")
	if err != nil {
		return nil, err
	}
	if err := syscall.Mount("tmpfs", path, "tmpfs", 0, diskSize); err != nil {
		return nil, errors.Join(fmt.Errorf("a small disk can only be mounted by root: %w", err), os.Remove(path))
	}
	return &disk{path}, nil
}

// dir is where the store goes; empty where there is no disk.
func (d *disk) dir() string {
	if d == nil {
		return ""
	}
	return d.path
}

func (d *disk) ballast() string { return filepath.Join(d.path, "ballast") }

// fill writes until nothing goes in any more.
func (d *disk) fill() error {
	f, err := os.Create(d.ballast())
	if err != nil {
		return err
	}
	for _, size := range []int{1 << 20, 1 << 12, 1} {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			return errors.Join(err, f.Close())
		}
	}
	_ = f.Close() // its disk is full
	return nil
}

// drain makes room again.
func (d *disk) drain() error { return os.Remove(d.ballast()) }

// close takes the disk away.
func (d *disk) close() error {
	if d == nil {
		return nil
	}
	return errors.Join(syscall.Unmount(d.path, syscall.MNT_DETACH), os.Remove(d.path))
}
