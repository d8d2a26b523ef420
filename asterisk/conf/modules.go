package conf

import (
	"slices"
	"strings"

	"ikomek109/queue"
)

// Modules lists the Asterisk modules that the line cannot do without, by name
// without ".so". Whoever installs or checks an Asterisk asks for these.
func Modules() []string { return strings.Fields(required) }

// OptionalModules lists those that are loaded when the Asterisk at hand has
// them: newer than the oldest Asterisk supported, or a comfort.
func OptionalModules() []string { return strings.Fields(optional) }

// Applications and contexts by which the program and the dialplan know each
// other.
const (
	// ContextCitizens is where every unknown caller arrives.
	ContextCitizens = "citizens"
	// ContextAgents is where an agent's phone arrives: the "context" of a
	// pushed agent endpoint.
	ContextAgents = "agents"
	// PartnerEndpoint is the SIP endpoint by which partner services are called.
	PartnerEndpoint = "partners"
	// FallbackQueue is the queue inside Asterisk for the time without a
	// program.
	FallbackQueue = "fallback"
	// MusicClass is the class of the hold music.
	MusicClass = "default"
	// Realm is the SIP realm in which agents' passwords are hashed.
	Realm = queue.Realm
)

// Codes that an agent dials, beside those of package ivr; all arrive in Stasis as
// "agent,<code>,<endpoint>".
const (
	// CodeMode and CodeRecord ask for a PIN. Like CodeTasks they are served by the
	// program alone.
	CodeMode   = "*15"
	CodeRecord = "*16"
	CodeTasks  = "*17"
)

// Where in the dialplan a caller is kept whom no program takes, and goes on whom a
// program declines: the fallback takes them, and offers them again every few
// seconds.
const (
	DeclinedContext   = "line"
	DeclinedExtension = "s"
	DeclinedLabel     = "declined"
)

// StasisArgCitizen and StasisArgAgent are the first argument of StasisStart.
const (
	StasisArgCitizen = "citizen"
	StasisArgAgent   = "agent"
)

// preloaded modules come before the rest: the others ask them for their
// configuration or for a clock.
const preloaded = "res_sorcery_config res_sorcery_memory res_sorcery_memory_cache res_sorcery_astdb res_timing_timerfd"

const required = `
pbx_config res_sorcery_config res_sorcery_memory res_sorcery_memory_cache
res_sorcery_astdb
res_timing_timerfd res_pjproject res_pjsip res_pjsip_session
res_pjsip_registrar res_pjsip_authenticator_digest
res_pjsip_outbound_authenticator_digest
res_pjsip_endpoint_identifier_anonymous res_pjsip_endpoint_identifier_user
res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_dtmf_info
res_pjsip_empty_info res_pjsip_nat res_pjsip_rfc3326 res_pjsip_dlg_options
res_pjsip_path res_pjsip_pubsub res_pjsip_transport_websocket res_pjsip_header_funcs
chan_pjsip chan_bridge_media
bridge_simple bridge_softmix bridge_native_rtp bridge_holding
codec_alaw codec_ulaw codec_a_mu codec_resample
format_wav format_pcm format_sln
res_rtp_asterisk res_musiconhold
func_callerid func_channel func_timeout func_logic func_db func_strings
func_devstate func_global func_hangupcause
app_stasis app_queue app_playback app_playtones app_stack app_exec
res_stasis res_stasis_answer res_stasis_playback res_stasis_recording
res_stasis_snoop res_stasis_device_state
res_http_websocket res_ari res_ari_model res_ari_applications
res_ari_asterisk res_ari_bridges res_ari_channels res_ari_device_states
res_ari_endpoints res_ari_events res_ari_playbacks res_ari_recordings
res_ari_sounds
`

const optional = `
res_srtp res_format_attr_opus codec_opus_open_source codec_opus codec_g722
res_websocket_client res_stasis_broadcast app_stasis_broadcast
res_security_log func_talkdetect func_jitterbuffer
`

// loadOrder splits the modules for modules.conf: what is preloaded, and the
// rest. has tells whether the Asterisk at hand has an optional module.
func loadOrder(has func(string) bool) (pre, must, may []string) {
	pre = strings.Fields(preloaded)
	for _, m := range Modules() {
		if !slices.Contains(pre, m) {
			must = append(must, m)
		}
	}
	for _, m := range OptionalModules() {
		if has(m) {
			may = append(may, m)
		}
	}
	return pre, must, may
}
