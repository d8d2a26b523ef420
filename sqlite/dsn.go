package sqlite

import "net/url"

// The pragmas of every connection: they belong to a connection, not to the
// file, so that each one is given them as it opens.
const (
	// checkpointPages lets the write-ahead log grow to 16 MB, so that pages
	// that change often are copied to the file once and not a hundred times.
	checkpointPages = "4096"
	walLimit        = "67108864" // bytes that the log may keep on disk after a peak
	cacheKiB        = "16384"    // of pages, per connection
	// patience is how many milliseconds SQLite itself waits for the lock of
	// another process. Few: the writer tries again, and looks at contexts.
	patience = "300"
)

// dsn builds the name by which the driver opens the file. The path is escaped:
// a question mark in a folder's name is no option.
func dsn(path string, write bool) string {
	q := url.Values{
		"_defensive":    {"1"},
		"_dqs":          {"0"},
		"_error_rc":     {"1"},
		"_busy_timeout": {patience},
		"_pragma": {
			"foreign_keys(1)", "trusted_schema(0)", "temp_store(MEMORY)", "cache_size(-" + cacheKiB + ")",
		},
	}
	if write {
		q.Set("_txlock", "immediate")
		q["_pragma"] = append(q["_pragma"], "journal_mode(WAL)", "synchronous(FULL)",
			"wal_autocheckpoint("+checkpointPages+")", "journal_size_limit("+walLimit+")",
			"secure_delete(1)") // what is deleted, such as a number, is overwritten
	} else {
		q.Set("mode", "ro")
		q.Set("_query_only", "1")
	}
	return fileURL(path, q)
}

// dsnOfTrial is for a connection that only tries to write: it makes no file, and
// sets nothing that would stay in one.
func dsnOfTrial(path string) string {
	return fileURL(path, url.Values{"mode": {"rw"}, "_error_rc": {"1"}, "_busy_timeout": {patience}, "_txlock": {"immediate"}})
}

// dsnOfCopy is for a connection that copies the store into another file, for
// which it must not be bound to reading by query_only.
func dsnOfCopy(path string) string {
	return fileURL(path, url.Values{"mode": {"ro"}, "_error_rc": {"1"}, "_busy_timeout": {patience}})
}

func fileURL(path string, q url.Values) string {
	u := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return u.String()
}
