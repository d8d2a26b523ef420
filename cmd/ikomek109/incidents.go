package main

import (
	"context"

	"ikomek109/incident"
	"ikomek109/sqlite"
)

// startIncidents has the line hand over the incidents that commands ask for.
func (v *service) startIncidents(context.Context) error {
	run := &incident.Runner{Store: v.store.Incidents(), Line: v.line, Name: v.settings.Asterisk.App, Log: v.log}
	v.watch.on(sqlite.IncidentsCounter, run.Take)
	return nil
}
