// Package sqlite is the store: one SQLite file with the log of calls, the
// journal from which a call is taken up again, the queue and the agents.
//
// # Writing
//
// All changes go through one writer, in the order in which they were asked
// for. It takes what has come up into one transaction and commits it with one
// fsync, so that many calls share it (group commit). What has to be on disk
// waits for the commit that contains it; what may lag returns as soon as it is
// accepted, and is committed together with the next thing that may not, or
// after [Options.Linger].
//
// While the file can't be written (locked by another program, disk full, I/O
// errors) the writer keeps what it accepted, in order, and tries again;
// [Store.Health] tells. Memory is bounded by [MaxBacklogOps] and
// [MaxBacklogBytes]; beyond them whoever asks waits, as long as its context
// allows.
//
// # Reading
//
// Readers have their own connections and never wait for the writer. Other
// processes may open the file at the same time.
package sqlite
