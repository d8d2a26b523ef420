// Package studio records prompts by telephone: at night, in an emergency, the
// voice of the line is one call away. A person keys in their number and PIN,
// then the number that the phrase has in the studio's script, hears how it is
// said now, reads it after the tone, hears that, and keeps it. What is kept goes
// the way of every recording: checked, trimmed, levelled, never overwriting.
package studio
