// Package docs holds the pages for those who run the line, and the tests that
// run every block of commands on them, and those of the README.
package docs
