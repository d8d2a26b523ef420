// Package web shows over HTTP whether the line works and what it counts:
//
//	GET /healthz   200 while the process lives
//	GET /readyz    200 when a call would be answered, else 503; the checks as JSON
//	GET /metrics   the figures in Prometheus' text format
//
// It listens on loopback unless the settings say otherwise, asks nobody for a
// password, and so tells nothing personal: no phone number, no call id.
package web
