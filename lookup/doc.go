// Package lookup asks services of the city over HTTP, on behalf of a caller who
// waits on the phone. It implements [ivr.Lookups].
//
// A service is a machine that the settings name, and no other is asked, not
// even when a service says to go there. An answer is bounded in time and size,
// and what is taken out of it is a word or a number that can be spoken. Whatever
// else happens is a failure, for which the menu has a branch.
package lookup
