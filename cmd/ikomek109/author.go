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
// one behind sudo, the account, or its number. It is never empty, and prints. It
// is no proof: who may become root can be anybody here.
func osUser() string {
	if name := plainName(os.Getenv("SUDO_USER")); name != "" {
		return name
	}
	return accountName()
}

// accountName names the account that the program runs under, which no variable
// of the environment can change.
func accountName() string {
	name := ""
	if who, err := user.LookupId(strconv.Itoa(os.Getuid())); err == nil {
		name = plainName(who.Username)
	}
	if name == "" {
		name = "uid " + strconv.Itoa(os.Getuid())
	}
	return name
}

// plainName makes a name fit for a record.
func plainName(name string) string {
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == unicode.ReplacementChar {
			return -1
		}
		return r
	}, name))
	if letters := []rune(name); len(letters) > maxUser {
		name = string(letters[:maxUser])
	}
	return name
}
