package conf

import (
	"crypto/md5" //nolint:gosec // SIP digest authentication is MD5 by RFC 2617
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
)

// Agent is an agent's place at the switch.
type Agent struct {
	// ID names the endpoint and is the user name of the phone: letters,
	// digits, '-', '_', '.', up to 40. It must not be "anonymous".
	ID string
	// Digest is [queue.Credential] of the phone's password; the password itself
	// need not be known here.
	Digest string
	// Label is how the fallback queue and the logs call the agent; may be empty.
	// It is for people, so any text will do; Asterisk's special characters are
	// dropped.
	Label string
	// Phones is how many phones may be registered at once; 1 when zero. A new
	// one then takes the place of the oldest.
	Phones int
	// Listen is Settings.Listen: sound is bound to it unless it is 0.0.0.0.
	Listen string
	// Browser makes it a browser phone, by WebRTC.
	Browser bool
}

// Object is one configuration object to push by
// PUT /ari/asterisk/config/dynamic/res_pjsip/{Type}/{ID}, with the JSON form of
// the object as its body.
type Object struct {
	Type   string  `json:"-"` // "aor", "auth" or "endpoint"
	ID     string  `json:"-"`
	Fields []Field `json:"fields"`
}

// Field is one setting of an Object.
type Field struct {
	Attribute string `json:"attribute"`
	Value     string `json:"value"`
}

// Objects gives what to push for an agent, in this order; delete in the
// opposite order. Pushing again replaces, so it may be repeated at will, and
// a registered phone stays registered.
func (a Agent) Objects() ([]Object, error) {
	if err := a.check(); err != nil {
		return nil, fmt.Errorf("agent %q: %w", a.ID, err)
	}
	return []Object{
		{Type: "aor", ID: a.ID, Fields: fields(
			"max_contacts", strconv.Itoa(max(a.Phones, 1)),
			"remove_existing", "yes",
			"qualify_frequency", "30",
			"qualify_timeout", "3.0",
			"default_expiration", "300",
			"minimum_expiration", "30",
			"maximum_expiration", "3600",
		)},
		{Type: "auth", ID: a.ID, Fields: fields(
			"auth_type", "md5",
			"username", a.ID,
			"realm", Realm,
			"md5_cred", a.Digest,
		)},
		{Type: "endpoint", ID: a.ID, Fields: a.endpoint()},
	}, nil
}

func (a Agent) endpoint() []Field {
	f := fields(
		"context", ContextAgents,
		"aors", a.ID,
		"auth", a.ID,
		"identify_by", "username",
		"disallow", "all",
		"allow", "alaw,ulaw,opus",
		"dtmf_mode", "auto_info",
		"language", "kk",
		"direct_media", "no",
		"rtp_symmetric", "yes",
		"force_rport", "yes",
		"rewrite_contact", "yes",
		"rtp_timeout", "60",
		"rtp_timeout_hold", "1800",
		"rtp_keepalive", "20",
		"trust_id_inbound", "no",
		"trust_id_outbound", "no",
		"trust_connected_line", "no",
		"send_pai", "no",
		"send_rpid", "no",
		"send_connected_line", "no",
		"allow_transfer", "no",
		"allow_subscribe", "no",
		"allow_overlap", "no",
		"device_state_busy_at", "1",
		"max_audio_streams", "1",
		"max_video_streams", "0",
	)
	if a.Listen != "" && a.Listen != "0.0.0.0" && a.Listen != "::" {
		f = append(f, fields("media_address", a.Listen, "bind_rtp_to_media_address", "yes")...)
	}
	if label := plainLabel(a.Label); label != "" {
		f = append(f, fields("callerid", fmt.Sprintf("\"%s\" <%s>", label, a.ID))...)
	}
	if a.Browser {
		f = append(f, fields("webrtc", "yes", "dtls_auto_generate_cert", "yes")...)
	}
	return f
}

func (a Agent) check() error {
	if err := checkName("its id", a.ID, 40); err != nil {
		return err
	}
	if a.ID == "anonymous" || a.ID == PartnerEndpoint {
		return errors.New("this id belongs to the citizens or the partners: choose another")
	}
	if raw, err := hex.DecodeString(a.Digest); err != nil || len(raw) != md5.Size {
		return errors.New("its digest is no queue.Credential: make it from the id and the password")
	}
	return nil
}

// plainLabel keeps letters, digits and simple punctuation of a name.
func plainLabel(s string) string {
	kept := make([]rune, 0, len(s))
	for _, r := range s {
		if len(kept) < 64 && isPlain(r) {
			kept = append(kept, r)
		}
	}
	return string(kept)
}

func fields(pairs ...string) []Field {
	out := make([]Field, 0, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		out = append(out, Field{Attribute: pairs[i], Value: pairs[i+1]})
	}
	return out
}
