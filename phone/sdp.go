package phone

import (
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// Codec is how sound is written on the wire.
type Codec int

// The zero Codec is unset.
const (
	Alaw Codec = iota + 1 // G.711 A-law, PCMA
	Ulaw                  // G.711 µ-law, PCMU
)

const (
	keyPayload = 101     // payload type we offer for RFC 4733 keys
	maxSDP     = 1 << 14 // no honest description of one sound stream is longer
)

// String is the name used in SDP.
func (c Codec) String() string {
	switch c {
	case Alaw:
		return "PCMA"
	case Ulaw:
		return "PCMU"
	}
	return fmt.Sprintf("codec(%d)", int(c))
}

// payload is the static RTP payload type.
func (c Codec) payload() uint8 {
	if c == Alaw {
		return 8
	}
	return 0
}

// direction of the sound, as the one who writes it means it.
type direction string

const (
	sendrecv direction = "sendrecv"
	sendonly direction = "sendonly"
	recvonly direction = "recvonly"
	inactive direction = "inactive"
)

// mirror is the direction to answer with.
func (d direction) mirror() direction {
	switch d {
	case sendonly:
		return recvonly
	case recvonly:
		return sendonly
	case inactive:
		return inactive
	default:
		return sendrecv
	}
}

// media is what the two sides agreed on.
type media struct {
	addr  netip.AddrPort // where the other side hears
	codec Codec
	keys  uint8 // payload type of keys; 0 when it takes none
	dir   direction
}

// describe writes our description: codecs in order, keys, one direction. The
// version must rise with every description of one call.
func describe(local netip.AddrPort, codecs []Codec, keys uint8, dir direction, version uint64) ([]byte, error) {
	formats := make([]string, 0, len(codecs)+1)
	var attrs []sdp.Attribute
	for _, c := range codecs {
		pt := strconv.Itoa(int(c.payload()))
		formats = append(formats, pt)
		attrs = append(attrs, sdp.NewAttribute("rtpmap", pt+" "+c.String()+"/8000"))
	}
	if keys != 0 {
		pt := strconv.Itoa(int(keys))
		formats = append(formats, pt)
		attrs = append(attrs, sdp.NewAttribute("rtpmap", pt+" telephone-event/8000"), sdp.NewAttribute("fmtp", pt+" 0-15"))
	}
	attrs = append(attrs, sdp.NewAttribute("ptime", "20"), sdp.NewPropertyAttribute(string(dir)))
	family := "IP4"
	if local.Addr().Is6() {
		family = "IP6"
	}
	address := local.Addr().String()
	d := sdp.SessionDescription{
		Origin: sdp.Origin{
			Username: "-", SessionID: uint64(local.Port()), SessionVersion: version,
			NetworkType: "IN", AddressType: family, UnicastAddress: address,
		},
		SessionName:           "phone",
		ConnectionInformation: &sdp.ConnectionInformation{NetworkType: "IN", AddressType: family, Address: &sdp.Address{Address: address}},
		TimeDescriptions:      []sdp.TimeDescription{{}},
		MediaDescriptions: []*sdp.MediaDescription{{
			MediaName:  sdp.MediaName{Media: "audio", Port: sdp.RangedPort{Value: int(local.Port())}, Protos: []string{"RTP", "AVP"}, Formats: formats},
			Attributes: attrs,
		}},
	}
	return d.Marshal()
}

// understand reads the other side's description and picks the first codec of
// theirs that is also ours. The text is hostile until proven otherwise.
func understand(body []byte, ours []Codec) (media, error) {
	if len(body) == 0 {
		return media{}, errors.New("the other side sent no SDP; it must describe its sound")
	}
	if len(body) > maxSDP {
		return media{}, fmt.Errorf("the other side's SDP is %d bytes long; at most %d are read", len(body), maxSDP)
	}
	var d sdp.SessionDescription
	if err := d.Unmarshal(body); err != nil {
		return media{}, fmt.Errorf("the other side's SDP cannot be read: %w", err)
	}
	i := slices.IndexFunc(d.MediaDescriptions, func(m *sdp.MediaDescription) bool { return m.MediaName.Media == "audio" })
	if i < 0 {
		return media{}, errors.New("the other side's SDP has no audio stream; allow audio there")
	}
	m := d.MediaDescriptions[i]
	if proto := strings.Join(m.MediaName.Protos, "/"); proto != "RTP/AVP" {
		return media{}, fmt.Errorf("the other side wants sound over %s; only RTP/AVP is spoken here", proto)
	}
	addr, err := mediaAddress(&d, m)
	if err != nil {
		return media{}, err
	}
	agreed := media{addr: addr, dir: directionOf(&d, m)}
	if addr.Addr().IsUnspecified() { // the old way to say hold
		agreed.dir = inactive
	}
	if agreed.codec, agreed.keys = pick(m, ours); agreed.codec == 0 {
		return media{}, fmt.Errorf("the other side speaks none of our codecs %v; allow alaw or ulaw there", ours)
	}
	return agreed, nil
}

// mediaAddress is where to send sound: the stream's own line, else the session's.
func mediaAddress(d *sdp.SessionDescription, m *sdp.MediaDescription) (netip.AddrPort, error) {
	info := m.ConnectionInformation
	if info == nil {
		info = d.ConnectionInformation
	}
	if info == nil || info.Address == nil {
		return netip.AddrPort{}, errors.New("the other side's SDP has no address (a c= line)")
	}
	ip, err := netip.ParseAddr(info.Address.Address)
	if err != nil || ip.IsMulticast() {
		return netip.AddrPort{}, fmt.Errorf("the other side's SDP has the address %q, which is not a plain IP address", info.Address.Address)
	}
	port := m.MediaName.Port.Value
	if port <= 0 || port > 65535 {
		return netip.AddrPort{}, fmt.Errorf("the other side refused the sound: port %d in its SDP", port)
	}
	return netip.AddrPortFrom(ip, uint16(port)), nil
}

// directionOf reads the stream's direction, else the session's.
func directionOf(d *sdp.SessionDescription, m *sdp.MediaDescription) direction {
	for _, attrs := range [][]sdp.Attribute{m.Attributes, d.Attributes} {
		for _, a := range attrs {
			switch dir := direction(a.Key); dir {
			case sendrecv, sendonly, recvonly, inactive:
				return dir
			}
		}
	}
	return sendrecv
}

// pick gives the first codec in their order that is ours, and their key payload.
func pick(m *sdp.MediaDescription, ours []Codec) (codec Codec, keys uint8) {
	names := map[string]string{"0": "PCMU/8000", "8": "PCMA/8000"} // static types need no rtpmap
	for _, a := range m.Attributes {
		if a.Key == "rtpmap" {
			if pt, name, ok := strings.Cut(a.Value, " "); ok {
				names[pt] = strings.ToUpper(strings.TrimSpace(name))
			}
		}
	}
	for _, pt := range m.MediaName.Formats {
		name := strings.TrimSuffix(names[pt], "/1")
		for _, c := range ours {
			if codec == 0 && name == c.String()+"/8000" && pt == strconv.Itoa(int(c.payload())) {
				codec = c
			}
		}
		if n, err := strconv.ParseUint(pt, 10, 7); err == nil && name == "TELEPHONE-EVENT/8000" && n >= 96 {
			keys = uint8(n)
		}
	}
	return codec, keys
}
