package asterisk_test

import (
	"maps"
	"net/http"
	"testing"

	"ikomek109/ivr"
)

// TestPhonesInCallsOfOthers: an agent whom Asterisk's own queue has connected is not
// to be rung; one in a call of ours, or whose channel is gone by now, is none such.
func TestPhonesInCallsOfOthers(t *testing.T) {
	f := newFake(t)
	f.answer("GET /endpoints/PJSIP", say(http.StatusOK, `[
		{"technology":"PJSIP","resource":"free","state":"online","channel_ids":[]},
		{"technology":"PJSIP","resource":"away","state":"offline","channel_ids":[]},
		{"technology":"PJSIP","resource":"queued","state":"online","channel_ids":["1.1"]},
		{"technology":"PJSIP","resource":"coming","state":"online","channel_ids":["1.2"]},
		{"technology":"PJSIP","resource":"gone","state":"online","channel_ids":["1.3"]},
		{"technology":"PJSIP","resource":"both","state":"online","channel_ids":["1.3","1.1"]}]`))
	f.answer("GET /channels/1.1", say(http.StatusOK, `{"id":"1.1","dialplan":{"app_name":"AppQueue"}}`))
	f.answer("GET /channels/1.2", say(http.StatusOK, `{"id":"1.2","dialplan":{"app_name":"Stasis"}}`))
	f.answer("GET /channels/1.3", say(http.StatusNotFound, `{"message":"Channel not found"}`))
	s := begin(t, f.options(), newDesk())
	up(t, s)
	got, err := s.Phones(t.Context())
	want := map[ivr.AgentID]bool{"free": true, "away": false, "queued": false, "coming": true, "gone": true, "both": false}
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}
