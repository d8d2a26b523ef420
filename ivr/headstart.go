package ivr

import "time"

// HeadStartHandedBack is the credit of a caller whom an agent led on to a
// queue: they have waited once already.
const HeadStartHandedBack = 10 * time.Minute
