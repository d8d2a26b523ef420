// Package flows is the language in which a city's menus are written, its
// reader and checker, and the engine that leads a call through them. It is
// pure: an input goes in, a list of actions comes out, and nothing is played,
// stored or waited for here.
package flows
