package main

import "io"

// output is standard output that remembers a failure, so that data cut short by
// a full disk is not taken for whole: no print has to be checked, the end is.
type output struct {
	w   io.Writer
	err error
}

// Write writes on; after a failure nothing more.
func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}
