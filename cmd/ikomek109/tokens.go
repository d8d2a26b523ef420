package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"

	"ikomek109/pin"
)

// Bounds of the file of tokens.
const (
	shortestToken = 24  // signs; 100 random bits and more in any usual spelling
	longestToken  = 256 // signs
	mostTokens    = 100
)

// readTokens reads who may use the API: a name, a blank and a token on each
// line. Nobody but the owner may be able to read the file. Messages hold no
// token.
func readTokens(path string) (map[string]string, error) {
	if path == "" {
		return nil, nil
	}
	f, err := os.Open(path) //nolint:gosec // named by the settings
	if err != nil {
		return nil, fmt.Errorf("modes.tokens_file: %w; name a readable file, or none to leave the API off", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("modes.tokens_file: %w", err)
	}
	if open := info.Mode().Perm() & 0o077; open != 0 || !info.Mode().IsRegular() {
		return nil, fmt.Errorf("modes.tokens_file: others can read %s; make it its owner's alone: chmod 600 %s", path, path)
	}
	tokens, owners := map[string]string{}, map[string]string{}
	lines := bufio.NewScanner(f)
	for at := 1; lines.Scan(); at++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		bad := func(what, cure string) error {
			return fmt.Errorf("modes.tokens_file: %s:%d: %s; %s", path, at, what, cure)
		}
		cut := strings.LastIndexAny(line, " \t")
		name, token := strings.TrimSpace(line[:max(cut, 0)]), line[cut+1:]
		switch {
		case pin.CheckName(name) != nil:
			return nil, bad("no name before the token", "write a name, a blank and a token")
		case len(token) < shortestToken || len(token) > longestToken:
			return nil, bad(fmt.Sprintf("the token has %d signs", len(token)), fmt.Sprintf("use %d or more, such as those of `openssl rand -hex 24`", shortestToken))
		case tokens[name] != "":
			return nil, bad("the name stands there twice", "keep one line for it")
		case owners[token] != "":
			return nil, bad("the token is another's too", "give each a token of their own")
		case len(tokens) >= mostTokens:
			return nil, bad("there are too many tokens", "keep those that are in use")
		}
		tokens[name], owners[token] = token, name
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("modes.tokens_file: %s: %w", path, err)
	}
	return tokens, nil
}
