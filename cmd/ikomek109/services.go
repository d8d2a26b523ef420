package main

import (
	"context"
	"slices"
	"strings"
	"time"

	"ikomek109/asterisk"
	"ikomek109/config"
	"ikomek109/flows"
	"ikomek109/incident"
	"ikomek109/ivr"
	"ikomek109/lookup"
)

// known is what the settings have, for the checker of menus. Where they name no
// partner at all, nothing is found wrong with handing over to one: a new line
// answers with the menu that ships, and goes where that leads when it fails.
func known(s config.Settings) flows.Known {
	k := flows.Known{Queues: s.Queues, Hosts: append([]string{}, s.Lookup.Hosts...)}
	for _, partner := range s.Partners {
		k.Partners = append(k.Partners, partner.Code)
	}
	return k
}

// partnerless tells that a menu hands callers over and the settings name nobody.
func partnerless(s config.Settings, menu *flows.Flow) string {
	if len(s.Partners) > 0 || menu == nil || len(menu.Partners()) == 0 {
		return ""
	}
	return "it hands callers over to " + strings.Join(menu.Partners(), ", ") + ", and the settings name no partners: see partners in the settings"
}

// undialled tells that a menu promises callers to call them back, and the line can't.
func undialled(s config.Settings, menu *flows.Flow) string {
	if s.Callback.Dial != "" || menu == nil || !menu.CallsBack() {
		return ""
	}
	return "it promises to call people back, and callback.dial is not set: the line calls nobody, see callback in the settings; until then ring those of `ikomek109 callbacks` by hand"
}

// partners tells Asterisk where those are to whom callers may be handed over.
func partners(s config.Settings) map[string]string {
	all := make(map[string]string, len(s.Partners))
	for _, partner := range s.Partners {
		all[partner.Code] = asterisk.PartnerDial(partner.Address)
	}
	return all
}

// services adds to a line what it does for callers beside agents.
func (v *service) services(o ivr.Options) ivr.Options {
	o.Recordings, o.Messages = v.sw, v.store.Messages(v.settings.Message.Directory)
	o.Conversations = v.store.Conversations(v.settings.Recording.Directory)
	o.Recorded = func(queue string) bool { return slices.Contains(v.settings.Recording.Queues, queue) }
	o.MessagesPerDay, o.Zone = v.settings.Message.PerDay, v.world.zone
	o.Callbacks, o.CallbackPrefixes = v.store.Callbacks(), v.settings.Callback.Prefixes
	o.AfterLoss = v.settings.Callback.AfterLoss
	o.Recall = v.recalling()
	o.Partners = append([]string{}, known(v.settings).Partners...)
	o.Queues = v.settings.Queues
	o.PartnerRing = v.settings.Handover.RingTimeout
	o.Relays = &incident.Book{Store: v.store.Incidents(), Name: v.settings.Asterisk.App}
	asks := lookup.New(lookup.Options{Hosts: v.settings.Lookup.Hosts, AtOnce: v.settings.Lookup.AtOnce})
	v.parts.push("the lookups", time.Second, func(context.Context) error {
		asks.Close()
		return nil
	})
	o.Lookups = asks
	return o
}

// recalling is how people are called back.
func (v *service) recalling() ivr.Recalling {
	c := v.settings.Callback
	if _, known := v.menus.Flow().Open(c.Calendar, time.Now()); c.Calendar != "" && !known {
		v.log.Warn("the menu has no calendar of that name: people are called back from callback.from to callback.to",
			"callback.calendar", c.Calendar)
	}
	return ivr.Recalling{
		Store: v.store.Callbacks(), Tries: c.Tries, Pauses: c.Pauses(), CitizenFirst: c.First == "citizen",
		Ring: c.RingTimeout, Keep: c.Keep, Open: v.callsPeople,
		Number: ivr.NewNumber(v.settings.Line.Numbers[0]), Name: v.settings.Line.Name,
	}
}

// callsPeople tells whether people may be called back at a moment: never when the
// settings do not say how; by the menu's calendar if it has the one that they
// name, else by their hours.
func (v *service) callsPeople(at time.Time) bool {
	c := v.settings.Callback
	if c.Dial == "" {
		return false
	}
	if open, known := v.menus.Flow().Open(c.Calendar, at); known {
		return open
	}
	return c.Open(at.In(v.world.zone))
}
