package asterisk

import (
	"context"
	"net/http"
	"net/url"

	"ikomek109/asterisk/conf"
	"ikomek109/ivr"
)

// Drain has citizens' new calls declined from now on: Asterisk's own fallback
// keeps them until a program takes them. Calls that were taken go on.
func (s *Switch) Drain() { s.draining.Store(true) }

// decline gives a call back to the dialplan.
func (s *Switch) decline(id ivr.ChannelID) {
	s.aside(func(ctx context.Context) {
		err := s.rest.call(ctx, http.MethodPost, command{
			path: []string{"channels", string(id), "continue"},
			query: url.Values{
				"context": {conf.DeclinedContext}, "extension": {conf.DeclinedExtension}, "label": {conf.DeclinedLabel},
			},
		}, nil)
		if err := unlessGone("decline a call", err); err != nil {
			s.log.Warn("a call was not given back; it is offered again", "channel", string(id), "err", err)
		}
	})
}
