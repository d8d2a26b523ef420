// Package proxy stands between the program and Asterisk's HTTP, on loopback, and
// does to both what networks and overloaded machines do: it cuts the stream of
// events, holds it up or refuses it, and lets commands time out, fail or go
// unanswered.
package proxy
