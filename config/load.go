package config

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/pflag"
	"github.com/spf13/viper"
)

// Options says where Load looks, besides the environment.
type Options struct {
	// File is the settings file (--config). Empty: search, see the package comment.
	File string
	// Flags are those of the command; the ones that Bind tied to a key count
	// when the caller has given them. May be nil.
	Flags *pflag.FlagSet
	// Set holds "key=value" pairs, of the flag --set.
	Set []string
}

// Loaded is the outcome of a successful Load.
type Loaded struct {
	Settings Settings
	// File that was read; empty when there was none.
	File string
	// Warnings do not stop the program; they belong in its log.
	Warnings Problems

	schema  *schema
	origins map[string]Origin
}

// Origin tells where the value of a key comes from.
func (l *Loaded) Origin(key string) Origin { return l.origins[key] }

// annotation ties a flag to a key.
const annotation = "ikomek109_setting"

// Bind ties the flag called name to a key of the settings, so that Load takes
// its value when it was given. It errs when there is no such flag or key, or
// when the key is a secret: a command line is seen by everyone on the machine.
func Bind(flags *pflag.FlagSet, name, key string) error {
	leaf, known := newSchema().byKey[key]
	if !known || leaf.secret() {
		return Problems{{Origin: Origin{Source: SourceFlag, Name: name}, Key: key, Message: "no setting that a flag may set"}}
	}
	return flags.SetAnnotation(name, annotation, []string{key})
}

// Load reads all sources and checks them. The error is Problems: everything
// that is wrong, at once.
func Load(o Options) (*Loaded, error) {
	l := newLoading()
	if name, err := l.find(o.File); err != nil {
		l.problems = append(l.problems, *err)
	} else if name != "" {
		l.fromFile(name)
	}
	l.fromEnv()
	l.fromFlags(o)
	return l.finish()
}

// Check reads text as the settings file called name, without the environment
// and flags, and gives what is wrong with it: for editors and tests. A password
// file it names is not opened.
func Check(name string, text []byte) Problems {
	l := newLoading()
	l.take(name, text)
	l.decode()
	l.checkAll()
	return l.sorted()
}

// loading is one run of Load.
type loading struct {
	schema   *schema
	viper    *viper.Viper
	origins  map[string]Origin
	file     string
	settings Settings
	problems Problems
	warnings Problems
}

func newLoading() *loading {
	l := &loading{
		schema:  newSchema(),
		viper:   viper.NewWithOptions(viper.ExperimentalBindStruct()),
		origins: map[string]Origin{},
	}
	defaults := Defaults()
	for _, s := range l.schema.settings {
		l.viper.SetDefault(s.key, s.value(&defaults).Interface())
		l.origins[s.key] = Origin{Source: SourceDefault}
	}
	return l
}

func (l *loading) finish() (*Loaded, error) {
	l.decode()
	l.absolutePaths()
	l.passwordFile()
	l.homes()
	l.checkAll()
	if all := l.sorted(); len(all) > 0 {
		return nil, all
	}
	return &Loaded{Settings: l.settings, File: l.file, Warnings: l.warnings, schema: l.schema, origins: l.origins}, nil
}

// decode fills the typed struct, once. Every value was parsed before, so that
// only a fault of ours can fail here.
func (l *loading) decode() {
	if err := l.viper.UnmarshalExact(&l.settings, viper.DecodeHook(decodeHook)); err != nil {
		l.problems = append(l.problems, Problem{Message: "the settings do not fit together: " + err.Error(), Cure: "report this as a fault of the program"})
	}
}

// decodeHook parses what viper got as text from a variable or a flag.
func decodeHook(from, to reflect.Type, value any) (any, error) {
	text, isText := value.(string)
	if !isText || from == to {
		return value, nil
	}
	switch to {
	case reflect.TypeFor[Secret](), reflect.TypeFor[int](), reflect.TypeFor[[]string](), durationType:
		return parse(text, to)
	default:
		return value, nil
	}
}

// sorted gives the problems in the order in which a person mends them: the file
// from top to bottom, then variables, then flags.
func (l *loading) sorted() Problems {
	slices.SortStableFunc(l.problems, func(a, b Problem) int {
		if a.Origin.Source != b.Origin.Source {
			return int(a.Origin.Source) - int(b.Origin.Source)
		}
		if a.Origin.Line != b.Origin.Line {
			return a.Origin.Line - b.Origin.Line
		}
		return a.Origin.Column - b.Origin.Column
	})
	return l.problems
}

// configEnv names the settings file.
const configEnv = envPrefix + "_CONFIG"

// find gives the settings file to read, or "" when there is none.
func (l *loading) find(named string) (string, *Problem) {
	origin := Origin{Source: SourceFlag, Name: "config"}
	if named == "" {
		named, origin = os.Getenv(configEnv), Origin{Source: SourceEnv, Name: configEnv}
	}
	if named != "" {
		if _, err := os.Stat(named); err != nil { //nolint:gosec // G703: the person who runs the program names the file
			return "", &Problem{Origin: origin, Message: "cannot read " + quote(named) + ": " + reason(err).Error(), Cure: "name an existing settings file, or none to use the defaults"}
		}
		return named, nil
	}
	for _, name := range searched() {
		if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
			return name, nil
		}
	}
	return "", nil
}

func searched() []string {
	names := []string{filepath.Join("config", "ikomek109.yaml")}
	if dirs := FindDirs(os.Getenv); dirs.Config != "" {
		names = append(names, filepath.Join(dirs.Config, "ikomek109.yaml"))
	}
	return append(names, "/etc/ikomek109/ikomek109.yaml")
}

func (l *loading) fromFile(name string) {
	text, err := readFile(name, largestFile)
	if err != nil {
		l.problems = append(l.problems, Problem{
			Origin:  Origin{Source: SourceFile, Name: name},
			Message: "cannot read the settings: " + err.Error(), Cure: "name a readable settings file with --config",
		})
		return
	}
	l.file = name
	l.take(name, text)
	l.warnOpen(name)
}

// take gives the file's values to viper.
func (l *loading) take(name string, text []byte) {
	reader := newFileReader(l.schema, name)
	reader.read(text)
	l.problems = append(l.problems, reader.problems...)
	tree := map[string]any{}
	for key, value := range reader.values {
		l.origins[key] = reader.origins[key]
		plant(tree, key, value)
	}
	if err := l.viper.MergeConfigMap(tree); err != nil {
		l.problems = append(l.problems, Problem{Origin: Origin{Source: SourceFile, Name: name}, Message: err.Error()})
	}
}

// plant puts a value at section.key of a tree of maps.
func plant(tree map[string]any, key string, value any) {
	section, name, nested := strings.Cut(key, ".")
	if !nested {
		tree[key] = value
		return
	}
	below, ok := tree[section].(map[string]any)
	if !ok {
		below = map[string]any{}
		tree[section] = below
	}
	plant(below, name, value)
}
