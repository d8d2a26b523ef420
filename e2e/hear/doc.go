// Package hear tells which prompts are in a piece of recorded sound, and when.
//
// The end-to-end tests record what a phone heard and ask here: was this sentence
// spoken, in this language, from its beginning, and what was said in all? A
// prompt reaches the phone as the file's own samples, through G.711 and perhaps
// one resampling, so the wave forms themselves are compared, which is far
// sharper than any feature of speech: the same voice saying another sentence, or
// another language, does not match.
//
// A prompt is cut into segments of about half a second and each is searched for
// by itself (normalised cross-correlation, by FFT, at half the telephone's
// rate); then the segments vote on where the prompt began. So a lost packet, a
// shift in the middle, a change of loudness and a key that cuts the prompt short
// cost only the segments they touch.
//
// All sound is 8 kHz, 16 bits, one channel.
package hear
