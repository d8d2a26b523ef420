// Package figures measures processes, sums measurements up, and reports them:
// as a table for people and as JSON for comparing.
package figures
