// Package revisiontest has what tests of revisions need: [revision.Store] in
// memory, and the suite that every store has to pass.
package revisiontest
