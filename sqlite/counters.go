package sqlite

import "context"

// Counters gives the counters of what programs share through the store, by
// name: agents, and what later steps of the schema add. Triggers move them with
// every change by any program, so that one small read tells a running line
// whether there is anything new.
func (s *Store) Counters(ctx context.Context) (map[string]int64, error) {
	const name = "read counters"
	rows, err := s.read.QueryContext(ctx, `SELECT name, value FROM counters`)
	if err != nil {
		return nil, s.fault(name, err)
	}
	defer rows.Close() //nolint:errcheck // rows.Err tells
	all := map[string]int64{}
	for rows.Next() {
		var counter string
		var value int64
		if err := rows.Scan(&counter, &value); err != nil {
			return nil, s.fault(name, err)
		}
		all[counter] = value
	}
	return all, s.fault(name, rows.Err())
}
