// Package rig sets up what the bench measures: an Asterisk of its own with the
// configuration that ships, the program beside it, and in that Asterisk's
// dialplan the very same menu without the program, to compare with.
//
// The prompts are short tones, the same files for both ways, in the place of
// recordings; the plain menu is written from what the flow engine says, so
// that the two cannot differ. Everything listens on loopback.
package rig
