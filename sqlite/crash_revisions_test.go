package sqlite_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"testing"
	"time"

	"ikomek109/revision"
	"ikomek109/sqlite"
)

// publishFile is in the environment of the child that is to be killed.
const publishFile = "IKOMEK109_TEST_PUBLISH_FILE"

// filesEach is how many files a revision of this test has: their number is in
// each of them.
const filesEach = 8

// TestCrashWhilePublishing kills a program that publishes, again and again: a
// revision is there with all its files, or not at all.
func TestCrashWhilePublishing(t *testing.T) {
	if path := os.Getenv(publishFile); path != "" {
		publishUntilKilled(t, path)
		return
	}
	path := file(t)
	ok(t, open(t, path).Sync(t.Context()))
	var acknowledged int64
	for range 10 {
		acknowledged = max(acknowledged, killOnePublishing(t, path))
		looksWhole(t, path, acknowledged)
	}
	if acknowledged < 10 {
		t.Errorf("only %d revisions were acknowledged: the test proves little", acknowledged)
	}
}

// killOnePublishing runs the child for a random while and gives the last
// revision that it said was stored.
func killOnePublishing(t *testing.T, path string) (last int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestCrashWhilePublishing$") //nolint:gosec // this program itself
	child.Env = append(os.Environ(), publishFile+"="+path)
	out, err := child.StdoutPipe()
	ok(t, err)
	ok(t, child.Start())
	after := 1 + rand.IntN(10) //nolint:gosec // no secret
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		if _, err := fmt.Sscan(lines.Text(), &last); err != nil {
			t.Errorf("the child says %q", lines.Text())
		}
		if n == after {
			ok(t, child.Process.Kill())
		}
	}
	if err := child.Wait(); err == nil {
		t.Error("the child ended by itself")
	}
	return last
}

func publishUntilKilled(t *testing.T, path string) {
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	ok(t, err)
	store := s.Revisions()
	var last int64
	if r, err := store.Newest(t.Context()); err == nil {
		last = r.Number
	}
	for {
		r, err := store.Add(t.Context(), revision.Revision{
			Flow: fmt.Sprint(last + 1), Main: "0", Digest: "d", Source: "s", By: revision.ByCommand, Author: "a", At: time.Now(),
		}, filesOf(last+1), last)
		if err != nil {
			t.Error(err)
			return
		}
		last = r.Number
		fmt.Println(last)
	}
}

func filesOf(number int64) (files []revision.File) {
	for i := range filesEach {
		files = append(files, revision.File{Name: fmt.Sprint(i), Content: fmt.Appendf(nil, "%d %d", number, i)})
	}
	return files
}

// looksWhole checks every revision, and that none that was acknowledged is lost.
func looksWhole(t *testing.T, path string, acknowledged int64) {
	t.Helper()
	s, err := sqlite.Open(t.Context(), sqlite.Options{Path: path})
	ok(t, err)
	newest, err := s.Revisions().Newest(t.Context())
	ok(t, err)
	if newest.Number < acknowledged {
		t.Errorf("revision %d was acknowledged, the newest is %d", acknowledged, newest.Number)
	}
	for n := int64(1); n <= newest.Number; n++ {
		r, err := s.Revisions().Get(t.Context(), n)
		ok(t, err)
		files, err := s.Revisions().Files(t.Context(), n)
		ok(t, err)
		if r.Flow != fmt.Sprint(n) || fmt.Sprint(files) != fmt.Sprint(filesOf(n)) {
			t.Errorf("revision %d is %+v with %q", n, r, files)
		}
	}
	ok(t, s.Close(t.Context()))
}

// TestRevisionsAreFixed has another program try to change what was published.
func TestRevisionsAreFixed(t *testing.T) {
	path := file(t)
	s := open(t, path)
	for n := range int64(2) {
		_, err := s.Revisions().Add(t.Context(), revision.Revision{
			Flow: "f", Main: "0", Digest: "d", Source: "s", By: revision.ByCommand, Author: "a", At: time.Now(),
		}, filesOf(n), n)
		ok(t, err)
	}
	db := raw(t, path)
	for _, change := range []string{
		`UPDATE revisions SET note = 'x'`, `DELETE FROM revisions`,
		`UPDATE revision_files SET name = 'x'`, `DELETE FROM revision_files`,
		`INSERT INTO revision_files SELECT 1, 'more', n FROM contents LIMIT 1`,
		`UPDATE contents SET content = x'00'`, `DELETE FROM contents`,
	} {
		if _, err := db.ExecContext(t.Context(), change); err == nil {
			t.Errorf("%s: it was changed", change)
		}
	}
}
