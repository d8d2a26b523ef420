// Package notice is what the city has to say at this hour, and in which mode
// its line works: the modes and the bulletins.
//
// # Modes
//
// The line is daily, heightened or emergency. Every change is a [Switch] with
// an author, a reason and a time to end at; none is ever taken back or
// overwritten, another follows. The switch that began last holds until its
// end; then the line is daily again, by itself.
//
// # Bulletins
//
// A [Bulletin] is what every caller hears first. It is spoken in both
// languages, Kazakh first, and ends by itself. The limits are those of the
// rules for public alerts: at most [MaxSpoken] for all that is live at once,
// and at most [MaxRepeats] an hour for one caller, who dials again to learn
// something, not to hear it a fourth time. A city may ask that a second person
// releases what the first has written ([Rules.SecondPerson]).
//
// What is here is pure but for the [Store] and the [Studio] that a [Board]
// works with; what holds now is decided by the clock alone, so that an end
// comes at its second, whether or not the store can be read then.
package notice
