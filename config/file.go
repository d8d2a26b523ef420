package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf8"
)

// Limits of the settings file. A real one has some 150 lines.
const (
	largestFile  = 256 << 10 // bytes
	deepest      = 16        // levels of nesting; two are needed
	mostProblems = 50        // told at once; more help nobody
)

// readFile reads a settings or password file: a regular one, of a bounded size.
func readFile(name string, largest int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, reason(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("is not a regular file")
	}
	file, err := os.Open(name) //nolint:gosec // G304: the person who runs the program names the file
	if err != nil {
		return nil, reason(err)
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, largest+1))
	if err != nil {
		return nil, reason(err)
	}
	if int64(len(text)) > largest {
		return nil, fmt.Errorf("is larger than %d KB", largest>>10)
	}
	return text, nil
}

// reason strips the operation and the path, which the Problem tells already.
func reason(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// illegal finds the first byte that no settings file may hold: not UTF-8, or a
// control character. It gives line and column, 0 when all is well.
func illegal(text []byte) (line, column int, what string) {
	line, column = 1, 1
	for len(text) > 0 {
		r, size := utf8.DecodeRune(text)
		switch {
		case r == utf8.RuneError && size == 1:
			return line, column, "a byte that is not UTF-8"
		case r == 0x7f || r < 0x20 && r != '\t' && r != '\n' && r != '\r':
			return line, column, fmt.Sprintf("a control character (U+%04X)", r)
		case r == '\n':
			line, column = line+1, 0
		}
		text = text[size:]
		column++
	}
	return 0, 0, ""
}

// withoutMark drops the byte order mark that some editors write.
func withoutMark(text []byte) []byte {
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
}
