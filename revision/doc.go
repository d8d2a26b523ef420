// Package revision brings a menu to the callers. What is live is a revision: a
// flow with all its files as they were read, checked and tested at one moment,
// stored once and never changed.
//
// There is one way there, whoever asks: the command, a start, a signal, a roll
// back.
//
//	files ──Read──▶ Candidate ──Publish──▶ Revision in the Store ──Take──▶ Live
//	                checked,               prompts rendered,               new calls
//	                tested                 one transaction
//
// A candidate that fails a check or a test, or whose prompts cannot all be
// rendered, is not published. Publishing and taking up are apart: they are two
// processes when a command publishes beside a running line, and the line asks
// the store what is newest. A call in progress ends on the flow that it began
// with, also when the program was started anew meanwhile.
package revision
