package docs_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// installRoot is the folder of the sandbox that stands for the machine's root.
const installRoot = "root"

// sudo stands in for the real one, so that the commands by which the line is
// installed run in the sandbox: files go below installRoot, and what is done to
// the machine's users and services is only looked at.
func sudo(words []string) error {
	if len(words) < 2 {
		return errors.New("no command")
	}
	switch words[0] {
	case "install", "rm", "tar":
		return sudoInside(words)
	case "chown":
		return sudoUser(strings.TrimSuffix(words[len(words)-2], ":"))
	case "useradd":
		return os.MkdirAll(filepath.Join(installRoot, "users", words[len(words)-1]), 0o700) //nolint:gosec // G703: a page of ours
	case "systemctl":
		return sudoSystemctl(words[1:])
	default:
		return fmt.Errorf("the tests do not know what %s does", words[0])
	}
}

// sudoUser wants a user to be there.
func sudoUser(name string) error {
	if _, err := os.Stat(filepath.Join(installRoot, "users", name)); err != nil { //nolint:gosec // G703: a page of ours
		return fmt.Errorf("there is no user %s", name)
	}
	return nil
}

// sudoInside runs a command with the files of the machine below the sandbox's
// root, and owned by whom they are given to only in name.
func sudoInside(words []string) error {
	var inside []string
	for i := 0; i < len(words); i++ {
		switch w := words[i]; {
		case w == "-o" || w == "-g":
			i++
			if err := sudoUser(words[i]); err != nil {
				return err
			}
		case strings.HasPrefix(w, "/") && w != os.DevNull:
			inside = append(inside, filepath.Join(installRoot, w))
		default:
			inside = append(inside, w)
		}
	}
	out, err := exec.Command(inside[0], inside[1:]...).CombinedOutput() //nolint:gosec,noctx // a page of ours
	if err != nil {
		return fmt.Errorf("%w\n%s", err, out)
	}
	return nil
}

// sudoSystemctl wants services to be there before they are started.
func sudoSystemctl(words []string) error {
	known := []string{"daemon-reload", "enable", "restart", "reload", "stop", "start"}
	if !slices.Contains(known, words[0]) {
		return fmt.Errorf("the tests do not know systemctl %s", words[0])
	}
	for _, w := range words[1:] {
		if strings.HasPrefix(w, "-") {
			continue
		}
		if _, err := os.Stat(filepath.Join(installRoot, "etc/systemd/system", w+".service")); err != nil { //nolint:gosec // G703: a page of ours
			return err
		}
	}
	return nil
}

// checkInstalled holds what the page installed to what the unit starts.
func checkInstalled(t *testing.T, l *line) {
	for file, mode := range map[string]os.FileMode{
		"usr/local/bin/ikomek109": 0o755, "etc/systemd/system/ikomek109.service": 0o644,
		"etc/ikomek109/ikomek109.yaml": 0o644, "etc/ikomek109/ari.password": 0o600, "etc/ikomek109/flows/109.yaml": 0o644,
	} {
		info, err := os.Stat(filepath.Join(l.dir, installRoot, file))
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", file, info, err)
		}
	}
	block := "cd " + installRoot + " && usr/local/bin/ikomek109 check etc/ikomek109/flows/109.yaml"
	if out, err := l.sh(t, block); err != nil {
		t.Errorf("the menu that was installed: %v\n%s", err, out)
	}
}
