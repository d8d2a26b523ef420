package queue

import (
	"crypto/md5" //nolint:gosec // SIP's digest authentication is made of MD5; see Credential
	"crypto/rand"
	"encoding/hex"
	"strings"

	"ikomek109/ivr"
)

// alphabet has 32 signs, 5 bits each, none of which looks like another.
const alphabet = "0123456789abcdefghjkmnpqrstvwxyz"

// Passwords are 5 groups of 4 signs: 100 bits, and short enough to type into
// a desk phone once.
const (
	passwordGroups = 5
	passwordGroup  = 4
)

// NewPassword makes a password for an agent's phone, 100 random bits in groups
// that can be read out: "k3vd-0x8q-…". The error is that of the system's
// source of random numbers, which on Linux does not happen.
func NewPassword() (string, error) {
	raw := make([]byte, passwordGroups*passwordGroup)
	if _, err := rand.Read(raw); err != nil {
		return "", &ivr.Error{
			Op: "make a password", Message: "the system gives no random numbers",
			Cure: "see whether /dev/urandom can be read", Err: err,
		}
	}
	var b strings.Builder
	for i, r := range raw {
		if i > 0 && i%passwordGroup == 0 {
			b.WriteByte('-')
		}
		b.WriteByte(alphabet[int(r)%len(alphabet)])
	}
	return b.String(), nil
}

// Credential is what a phone switch needs to check an agent's password: the
// digest hash of id, [Realm] and password (HA1 of RFC 2617, in hexadecimal).
// It is MD5 because that is what SIP phones speak; with a password of
// [NewPassword] it can't be guessed all the same. Whoever has it can register
// as the agent here, so it is kept like a password, but it opens nothing else.
func Credential(id ivr.AgentID, password string) string {
	sum := md5.Sum([]byte(string(id) + ":" + Realm + ":" + password)) //nolint:gosec // what SIP phones compute
	return hex.EncodeToString(sum[:])
}
