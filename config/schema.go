package config

import (
	"reflect"
	"strings"
)

// envPrefix begins the name of every variable that is a setting.
const envPrefix = "IKOMEK109"

// setting is one key of the schema: a leaf of Settings.
type setting struct {
	key   string // such as asterisk.sip_port
	kind  reflect.Type
	path  bool  // a file or folder of this machine
	index []int // the field, for reflect's FieldByIndex
}

// env is the variable that sets the key.
func (s setting) env() string {
	return envPrefix + "_" + strings.ToUpper(strings.ReplaceAll(s.key, ".", "_"))
}

// secret reports whether the value must not be shown.
func (s setting) secret() bool { return s.kind == reflect.TypeFor[Secret]() }

// schema is every key, in the order of the struct; read only.
type schema struct {
	settings []setting
	byKey    map[string]setting
	// sections holds the keys directly below each section; "" is the top.
	sections map[string][]string
}

func newSchema() *schema {
	s := &schema{byKey: map[string]setting{}, sections: map[string][]string{}}
	s.walk(reflect.TypeFor[Settings](), "", nil)
	return s
}

func (s *schema) walk(t reflect.Type, section string, index []int) {
	for i := range t.NumField() {
		field := t.Field(i)
		name := field.Tag.Get("mapstructure")
		s.sections[section] = append(s.sections[section], name)
		at := append(append([]int{}, index...), i)
		if field.Type.Kind() == reflect.Struct && field.Type != reflect.TypeFor[Secret]() {
			s.walk(field.Type, join(section, name), at)
			continue
		}
		leaf := setting{key: join(section, name), kind: field.Type, index: at, path: field.Tag.Get("setting") == "path"}
		s.settings = append(s.settings, leaf)
		s.byKey[leaf.key] = leaf
	}
}

func (s *schema) isSection(key string) bool {
	_, ok := s.sections[key]
	return ok
}

// value gives the field of set that the setting names.
func (s setting) value(set *Settings) reflect.Value {
	return reflect.ValueOf(set).Elem().FieldByIndex(s.index)
}

func join(section, name string) string {
	if section == "" {
		return name
	}
	return section + "." + name
}
