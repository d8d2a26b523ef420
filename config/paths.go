package config

import (
	"os"
	"os/user"
	"path/filepath"
	"strings"
)

// appFolder is our folder below the person's own.
const appFolder = "ikomek109"

// Dirs are the folders of the person, or the service, that runs the program.
// One that cannot be told is empty.
type Dirs struct {
	Config string // settings
	Data   string // what must not be lost
	State  string // what may be lost
	Cache  string // what can be made again
}

// FindDirs asks systemd's variables (STATE_DIRECTORY, CACHE_DIRECTORY), then
// the XDG ones, then the home folder. It creates nothing.
func FindDirs(getenv func(string) string) Dirs {
	home := homeFolder(getenv)
	xdg := func(name, below string) string {
		if dir := getenv(name); filepath.IsAbs(dir) { // a relative one is to be ignored
			return filepath.Join(dir, appFolder)
		}
		if home == "" {
			return ""
		}
		return filepath.Join(home, below, appFolder)
	}
	dirs := Dirs{
		Config: xdg("XDG_CONFIG_HOME", ".config"),
		Data:   xdg("XDG_DATA_HOME", filepath.Join(".local", "share")),
		State:  xdg("XDG_STATE_HOME", filepath.Join(".local", "state")),
		Cache:  xdg("XDG_CACHE_HOME", ".cache"),
	}
	if dir := firstAbs(getenv("STATE_DIRECTORY")); dir != "" {
		dirs.Data, dirs.State = dir, dir
	}
	if dir := firstAbs(getenv("CACHE_DIRECTORY")); dir != "" {
		dirs.Cache = dir
	}
	return dirs
}

func homeFolder(getenv func(string) string) string {
	if home := getenv("HOME"); filepath.IsAbs(home) {
		return home
	}
	if who, err := user.Current(); err == nil && filepath.IsAbs(who.HomeDir) {
		return who.HomeDir
	}
	return ""
}

// firstAbs gives the first of a list separated by colons, if it is absolute.
func firstAbs(list string) string {
	first, _, _ := strings.Cut(list, ":")
	if !filepath.IsAbs(first) {
		return ""
	}
	return first
}

// homes fills the folders that were left to the machine.
func (l *loading) homes() {
	dirs := FindDirs(os.Getenv)
	set := &l.settings
	for _, at := range []struct {
		key, base, below string
		field            *string
	}{
		{"store.path", dirs.Data, "ikomek109.db", &set.Store.Path},
		{"message.directory", dirs.Data, "messages", &set.Message.Directory},
		{"recording.directory", dirs.Data, "conversations", &set.Recording.Directory},
		{"speech.recordings", dirs.Data, "recordings", &set.Speech.Recordings},
		{"speech.cache", dirs.Cache, "prompts", &set.Speech.Cache},
		{"deploy.cache", dirs.Cache, "", &set.Deploy.Cache},
		{"asterisk.directory", dirs.State, "asterisk", &set.Asterisk.Directory},
	} {
		switch {
		case *at.field != "":
		case at.base == "":
			l.problem(at.key, "no home folder is known to put it in", "set it, or set HOME")
		default:
			*at.field = filepath.Join(at.base, at.below)
		}
	}
}

// absolutePaths makes every path absolute: from the file's folder if the file
// says it, else from the working folder.
func (l *loading) absolutePaths() {
	for _, s := range l.schema.settings {
		if !s.path {
			continue
		}
		field := s.value(&l.settings)
		if path := field.String(); path != "" {
			field.SetString(l.absolute(s.key, path))
		}
	}
	command := l.settings.Speech.Command
	if len(command) > 0 && strings.Contains(command[0], "/") {
		command[0] = l.absolute("speech.command", command[0])
	}
}

func (l *loading) absolute(key, path string) string {
	if strings.HasPrefix(path, "~") {
		l.problem(key, "the sign ~ is not understood", "write the path out, beginning with /")
		return path
	}
	if !filepath.IsAbs(path) && l.origins[key].Source == SourceFile {
		path = filepath.Join(filepath.Dir(l.file), path)
	}
	full, err := filepath.Abs(path)
	if err != nil {
		l.problem(key, "cannot tell the working folder: "+err.Error(), "write the path out, beginning with /")
		return path
	}
	return full
}

// problem notes what is wrong with a key, at the place it comes from.
func (l *loading) problem(key, message, cure string) {
	l.problems = append(l.problems, Problem{Origin: l.origins[key], Key: key, Message: message, Cure: cure})
}
