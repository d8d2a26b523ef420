package speech

// Loudness, Level, SlidingMin and KazakhSpelling let tests reach what has no other way out
// than through a voice.
var (
	Loudness   = loudness
	Level      = level
	SlidingMin = slidingMin

	KazakhSpelling = kkRespell
)
