package main

import (
	"os"
	"os/user"
	"strconv"
	"strings"
	"unicode"
)

// maxUser bounds the name of who did something, in characters.
const maxUser = 64

// osUser names the person who runs the program, for what goes on record: the
// one behind sudo, the account, or its number. It is never empty, and prints.
func osUser() string {
	name := os.Getenv("SUDO_USER")
	if who, err := user.Current(); name == "" && err == nil {
		name = who.Username
	}
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name))
	if letters := []rune(name); len(letters) > maxUser {
		name = string(letters[:maxUser])
	}
	if name == "" {
		name = "uid " + strconv.Itoa(os.Getuid())
	}
	return name
}
