// Package config reads the settings of iKOMEK 109 into one typed struct, once,
// and says everything that is wrong with them in one go.
//
// # Where a value comes from
//
// Of the sources that set a key the strongest wins, and each value remembers
// which one that was:
//
//  1. a flag of the command line: one that [Bind] tied to the key, or
//     --set key=value through [Options.Set];
//  2. the environment: IKOMEK109_ and the key in capitals with "_" for ".",
//     so asterisk.password is IKOMEK109_ASTERISK_PASSWORD; an empty variable
//     counts as not set;
//  3. the settings file;
//  4. the built-in default, which [Sample] lists with a comment for each.
//
// The file is the first of: [Options.File] (the flag --config), the variable
// IKOMEK109_CONFIG, ./config/ikomek109.yaml,
// $XDG_CONFIG_HOME/ikomek109/ikomek109.yaml, /etc/ikomek109/ikomek109.yaml. The
// first two must exist once they are named. With no file the defaults hold.
//
// # What is an error
//
// An unknown key, a wrong type, a duplicate, a value out of bounds, and two
// settings that contradict each other. Every [Problem] names the place (file,
// line and column, or the variable, or the flag) and the cure. A variable
// IKOMEK109_… that belongs to no key is a warning.
//
// # Paths and secrets
//
// A relative path in the file is relative to the folder of that file; one from
// a flag or a variable is relative to the working folder. A [Secret] prints
// itself masked; it may stand in a file of its own (asterisk.password_file).
//
// Only the program's entry reads settings: it copies fields into constructors.
package config
