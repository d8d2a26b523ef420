// Package pin lets people do by telephone what is theirs alone to do: a person
// has a number of two digits and a secret PIN, and keys both in one go, number
// first. PINs are kept as Argon2id hashes; every try is on record, what was
// keyed in is not; too many wrong ones lock the person at that telephone, and then
// the telephone, for a time ([MaxWrong], [MaxWrongHere]). Many wrong ones from many
// places slow everybody down a little ([Brake]), and lock nobody out.
package pin
