package config

import (
	"os"
	"strings"
)

const (
	largestPassword = 1 << 10 // bytes, of the file
	passwordKey     = "asterisk.password"
	passwordFileKey = "asterisk.password_file"
)

// passwordFile reads the password from its file, unless a stronger source gives
// the password itself.
func (l *loading) passwordFile() {
	name := l.settings.Asterisk.PasswordFile
	if name == "" {
		return
	}
	direct, file := l.origins[passwordKey], l.origins[passwordFileKey]
	if !l.settings.Asterisk.Password.IsZero() && direct.Source >= file.Source {
		if direct.Source == file.Source {
			l.problem(passwordFileKey, "is set, and so is "+passwordKey, "keep one of them")
		}
		return
	}
	text, err := readFile(name, largestPassword)
	if err != nil {
		l.problem(passwordFileKey, "cannot read "+quote(name)+": "+err.Error(), "put the password alone into that file, owned by the user who runs the program, mode 600")
		return
	}
	password := strings.TrimRight(string(text), "\r\n")
	if password == "" {
		l.problem(passwordFileKey, "the file "+quote(name)+" is empty", "put the password into it, alone")
		return
	}
	l.settings.Asterisk.Password = NewSecret(password)
	l.origins[passwordKey] = Origin{Source: file.Source, Name: name}
	if file.Source != SourceFile {
		l.origins[passwordKey] = file
	}
	if readableByOthers(name) {
		l.warn(passwordFileKey, "others can read "+quote(name), "chmod 600 it")
	}
}

// warnOpen warns of a settings file that others can read and that holds a
// password, and of one that anybody can change.
func (l *loading) warnOpen(name string) {
	origin := Origin{Source: SourceFile, Name: name}
	if info, err := os.Stat(name); err == nil && info.Mode().Perm()&0o002 != 0 {
		l.warnings = append(l.warnings, Problem{Origin: origin, Message: "anybody on this machine can change the settings", Cure: "chmod o-w it"})
	}
	hidden, _ := l.viper.Get(passwordKey).(Secret)
	if l.origins[passwordKey].Source == SourceFile && !hidden.IsZero() && readableByOthers(name) {
		l.warn(passwordKey, "stands in a file that others can read", "move it to "+passwordFileKey+", or chmod 600 this file")
	}
}

func readableByOthers(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().Perm()&0o044 != 0
}

func (l *loading) warn(key, message, cure string) {
	l.warnings = append(l.warnings, Problem{Origin: l.origins[key], Key: key, Message: message, Cure: cure})
}
