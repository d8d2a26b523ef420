// Package tasks lets agents see to callers' messages by telephone: they dial a
// code, hear how many messages wait for their queues and languages, and of each
// the topic, when it was left, and the sound. Whoever hears one has taken it, so
// that no two see to the same; who was done with it is on record.
package tasks
