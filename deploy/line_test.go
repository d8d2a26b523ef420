package deploy_test

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"ikomek109/deploy"
)

// TestClaimLine: one program to a line; another Asterisk, or application, is another
// line; and who waits has it as soon as it is given back.
func TestClaimLine(t *testing.T) {
	dir := t.TempDir()
	o := deploy.LineOptions{Dir: dir, ARI: "http://127.0.0.1:8088/ari", App: "ikomek109", Within: 300 * time.Millisecond}
	first, err := deploy.ClaimLine(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, other := range []deploy.LineOptions{
		{Dir: dir, ARI: "http://127.0.0.1:8089/ari", App: o.App},
		{Dir: dir, ARI: o.ARI, App: "../другая линия"},
	} {
		l, err := deploy.ClaimLine(t.Context(), other)
		if err != nil {
			t.Fatal(err)
		}
		l.Release()
	}
	told := 0
	o.Waiting = func(holder int) {
		if told++; holder != os.Getpid() {
			t.Errorf("told that %d has it", holder)
		}
	}
	_, err = deploy.ClaimLine(t.Context(), o)
	if !errors.Is(err, deploy.ErrHeld) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) || told != 1 {
		t.Errorf("got %v, told %d times", err, told)
	}
	ctx, cancel := context.WithCancel(t.Context())
	o.Within, o.Waiting = time.Minute, func(int) { cancel() }
	if _, err := deploy.ClaimLine(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	o.Waiting = func(int) { first.Release() }
	l, err := deploy.ClaimLine(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	l.Release()
	if inside, err := os.ReadDir(dir); err != nil || len(inside) != 3 {
		t.Errorf("the folder has %v, %v", inside, err)
	}
}
