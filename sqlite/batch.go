package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"ikomek109/ivr"
)

// errWithdrawn is the result of a change whose owner has gone.
var errWithdrawn = errors.New("withdrawn")

// errTangled says that a change failed half done, among others in the same
// transaction.
var errTangled = errors.New("a change failed half done")

// session is the writer's connection with its prepared statements.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func (c *session) close() {
	for _, st := range c.stmts {
		_ = st.Close() // the connection goes with it
	}
	_ = c.conn.Close()
}

// stmt gives the prepared statement for a query. Queries are constants of this
// package, so their number is small.
func (c *session) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := c.stmts[query]; ok {
		return st, nil
	}
	st, err := c.conn.PrepareContext(ctx, query)
	if err == nil {
		c.stmts[query] = st
	}
	return st, err
}

// batch is the changes of one transaction as it is being made.
type batch struct {
	ctx     context.Context //nolint:containedctx // lives as long as one transaction
	w       *writer
	careful bool         // each change has its own savepoint
	wrote   int          // statements that changed something, in the change being made
	touched []ivr.CallID // calls whose known state the transaction changed
}

// commit makes the changes in one transaction. An error means that nothing was
// changed and all of it is to be tried again; a change that can't be made gets
// its own result and leaves the others alone.
func (w *writer) commit(ctx context.Context, ops []*op) error {
	began := time.Now()
	results, err := w.transact(ctx, ops, false)
	if errors.Is(err, errTangled) {
		results, err = w.transact(ctx, ops, true)
	}
	if err != nil {
		if !locked(err) {
			w.drop() // a fresh connection sees the file as it is now
		}
		if primary(err) == sqlite3.SQLITE_READONLY {
			w.store.letGo()
		}
		return err
	}
	w.health.committed(len(ops), time.Since(began))
	w.settle(ops, results)
	return nil
}

// transact makes the changes between begin and commit, and takes all of it
// back when something fails that trying again may cure.
func (w *writer) transact(ctx context.Context, ops []*op, careful bool) (results []error, err error) {
	if err := w.connect(ctx); err != nil {
		return nil, err
	}
	b := &batch{ctx: ctx, w: w, careful: careful}
	if _, err := b.exec(`BEGIN IMMEDIATE`); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			b.forget(0)
			_, _ = b.exec(`ROLLBACK`) // fails when SQLite has rolled back by itself
		}
	}()
	results = make([]error, len(ops))
	for i, o := range ops {
		if results[i], err = b.make(o); err != nil {
			return nil, err
		}
	}
	_, err = b.exec(`COMMIT`)
	return results, err
}

func (w *writer) connect(ctx context.Context) error {
	if w.conn != nil {
		return nil
	}
	conn, err := w.db.Conn(ctx)
	if err != nil {
		return err
	}
	w.conn = &session{conn: conn, stmts: map[string]*sql.Stmt{}}
	return nil
}

// make makes one change. result is its own; err is for the whole transaction.
func (b *batch) make(o *op) (result, err error) {
	if !o.stage.CompareAndSwap(idle, begun) && o.stage.Load() == withdrawn {
		return errWithdrawn, nil
	}
	b.wrote = 0
	mark := len(b.touched)
	if b.careful {
		if _, err := b.exec(`SAVEPOINT change`); err != nil {
			return nil, err
		}
		b.wrote = 0
	}
	result = o.run(b)
	if weather(result) {
		return nil, result
	}
	if result != nil && b.wrote > 0 && !b.careful {
		return nil, errTangled
	}
	return b.w.store.named(o.name, result), b.undo(result, mark)
}

// undo takes back a change that failed, and ends its savepoint.
func (b *batch) undo(result error, mark int) error {
	if result != nil {
		b.forget(mark)
	}
	if !b.careful {
		return nil
	}
	if result != nil {
		if _, err := b.exec(`ROLLBACK TO change`); err != nil {
			return err
		}
	}
	_, err := b.exec(`RELEASE change`)
	return err
}

// forget drops what is known of the calls touched since the mark: it may no
// longer be true.
func (b *batch) forget(mark int) {
	for _, id := range b.touched[mark:] {
		delete(b.w.live, id)
	}
	b.touched = b.touched[:mark]
}

// exec runs a statement that changes something.
func (b *batch) exec(query string, args ...any) (changed int64, err error) {
	res, err := b.run(query, args...)
	if err != nil {
		return 0, err
	}
	changed, err = res.RowsAffected()
	if changed > 0 {
		b.wrote++
	}
	return changed, err
}

// add runs a statement that adds a row, and gives the row's number.
func (b *batch) add(query string, args ...any) (n int64, err error) {
	res, err := b.run(query, args...)
	if err != nil {
		return 0, err
	}
	b.wrote++
	return res.LastInsertId()
}

func (b *batch) run(query string, args ...any) (sql.Result, error) {
	st, err := b.w.conn.stmt(b.ctx, query) //nolint:sqlclosecheck // closed with the session
	if err != nil {
		return nil, err
	}
	return st.ExecContext(b.ctx, args...)
}

// row asks for one row.
func (b *batch) row(query string, args ...any) scanner {
	st, err := b.w.conn.stmt(b.ctx, query) //nolint:sqlclosecheck // closed with the session
	if err != nil {
		return failed{err}
	}
	return st.QueryRowContext(b.ctx, args...)
}

// scanner is a row that was read.
type scanner interface{ Scan(into ...any) error }

// failed is a row that could not be asked for.
type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }
