package phone_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"ikomek109/asterisk/conf"
	"ikomek109/e2e/hear"
	"ikomek109/ivr"
	"ikomek109/lab"
	"ikomek109/phone"
	"ikomek109/queue"
)

// exchange is an Asterisk of the test's own, with no program: callers hear the
// two "please hold" sentences.
type exchange struct {
	sip, ari string
	kk, ru   []int16
}

func newExchange(t *testing.T) exchange {
	t.Helper()
	sounds, err := filepath.Abs("../e2e/hear/testdata")
	if err != nil {
		t.Fatal(err)
	}
	ast, err := lab.New(t.Context(), lab.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := ast.Close(); err != nil {
			t.Error(err)
		}
	})
	ast.Conf.MOHDir = ""
	ast.Conf.HoldKK, ast.Conf.HoldRU = filepath.Join(sounds, "kk-transport"), filepath.Join(sounds, "ru-transport")
	if err := ast.Render(); err != nil {
		t.Fatal(err)
	}
	if err := ast.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	x := exchange{sip: ast.Ports.SIPAddr(), ari: "http://" + lab.User + ":" + lab.Password + "@" + ast.Opts.HTTP + "/ari"}
	for path, into := range map[string]*[]int16{ast.Conf.HoldKK: &x.kk, ast.Conf.HoldRU: &x.ru} {
		if *into, err = hear.Load(path + ".wav"); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// command sends one ARI request.
func (x exchange) command(t *testing.T, method, path string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, x.ari+path, bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode/100 != 2 {
		t.Fatalf("%s %s: %s", method, path, res.Status)
	}
}

// hire makes an agent's place at the exchange.
func (x exchange) hire(t *testing.T, id, password string) {
	t.Helper()
	objects, err := conf.Agent{ID: id, Digest: queue.Credential(ivr.AgentID(id), password)}.Objects()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range objects {
		x.command(t, http.MethodPut, fmt.Sprintf("/asterisk/config/dynamic/res_pjsip/%s/%s", o.Type, o.ID), o)
	}
}

// TestWithAsterisk is the phone beside the switch it is made for.
func TestWithAsterisk(t *testing.T) {
	if testing.Short() {
		t.Skip("starts an Asterisk")
	}
	x := newExchange(t)
	for transport, codec := range map[string]phone.Codec{"udp": phone.Alaw, "tcp": phone.Ulaw} {
		t.Run(transport+" "+codec.String(), func(t *testing.T) {
			x.hearsBothSentences(t, phone.Options{Transport: transport, Codecs: []phone.Codec{codec}})
		})
	}
	t.Run("unknown number", func(t *testing.T) {
		_, err := newPhone(t, phone.Options{}).Dial(patience(t), "sip:911@"+x.sip, phone.DialOptions{})
		if phone.StatusCode(err) != 404 {
			t.Errorf("got %v, want 404", err)
		}
	})
	t.Run("odd callers", func(t *testing.T) {
		p := newPhone(t, phone.Options{})
		for _, who := range []phone.Party{
			{},
			{User: "anonymous", Host: "anonymous.invalid"},
			{User: "Бекет; drop", Name: `"><script>`},
			{User: "${SHELL(id)}\r\nX: 1", Name: `\"`},
		} {
			c, err := p.Dial(patience(t), "sip:109@"+x.sip, phone.DialOptions{From: &who})
			if err != nil {
				t.Fatalf("%+v: %v", who, err)
			}
			if err := c.Hangup(patience(t)); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("registration", func(t *testing.T) { x.registers(t) })
	t.Run("rung by the switch", func(t *testing.T) { x.rings(t) })
}

// called is a call to the line that has heard all that is said to it.
func (x exchange) called(t *testing.T, p *phone.Phone) *phone.Call {
	t.Helper()
	c, err := p.Dial(patience(t), "sip:109@"+x.sip, phone.DialOptions{Record: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.WaitSound(patience(t), time.Time{}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if err := c.WaitSilence(ctx, time.Second); err != nil {
		t.Fatal(err)
	}
	return c
}

// heardBoth tells whether the Kazakh sentence was heard, and then the Russian one.
func (x exchange) heardBoth(c *phone.Call) bool {
	first, kk := hear.Find(c.Heard().PCM, x.kk, hear.Options{})
	second, ru := hear.Find(c.Heard().PCM, x.ru, hear.Options{})
	return kk && ru && first.At < second.At
}

// hearsBothSentences calls the line with no program behind it.
func (x exchange) hearsBothSentences(t *testing.T, opts phone.Options) {
	p := newPhone(t, opts)
	c := x.called(t, p)
	// A switch that stalls within a sentence parts it: then the line is called once more.
	for tries := 1; !x.heardBoth(c); tries++ {
		library := map[string][]int16{"kk": x.kk, "ru": x.ru}
		t.Logf("heard %s:\n%s", c.Heard().Length(), hear.Report(hear.Transcript(c.Heard().PCM, library)))
		if tries == 3 {
			t.Fatal("the two sentences were not heard")
		}
		if err := c.Hangup(patience(t)); err != nil {
			t.Fatal(err)
		}
		c = x.called(t, p)
	}
	ctx := patience(t)
	for _, method := range []phone.KeyMethod{phone.RFC4733, phone.INFO} {
		if _, err := c.SendKey(ctx, '5', method); err != nil {
			t.Errorf("%s: %v", method, err)
		}
	}
	if err := c.Hold(ctx); err != nil {
		t.Error(err)
	}
	if err := c.Unhold(ctx); err != nil {
		t.Error(err)
	}
	if err := c.Hangup(ctx); err != nil {
		t.Error(err)
	}
}

// registers proves the digest, a wrong password and the end of a registration.
func (x exchange) registers(t *testing.T) {
	x.hire(t, "agent1", "let-me-in")
	for _, transport := range []string{"udp", "tcp"} {
		opts := phone.Options{Transport: transport, User: "agent1", Password: "let-me-in", Registrar: x.sip}
		p := newPhone(t, opts)
		if err := p.Register(patience(t)); err != nil {
			t.Fatal(err)
		}
		if !p.Registered() {
			t.Error("the phone does not know that it is registered")
		}
		if err := p.Unregister(patience(t)); err != nil {
			t.Fatal(err)
		}
		if p.Registered() {
			t.Error("the phone does not know that it is unregistered")
		}
		opts.Password = "wrong"
		if err := newPhone(t, opts).Register(patience(t)); phone.StatusCode(err)/100 != 4 {
			t.Errorf("wrong password: %v", err)
		}
	}
}

// rings proves that the switch reaches a registered phone, and that a challenge
// to a call is met.
func (x exchange) rings(t *testing.T) {
	x.hire(t, "agent2", "let-me-in")
	p := newPhone(t, phone.Options{
		User: "agent2", Password: "let-me-in", Registrar: x.sip,
		Incoming: phone.AnswerAfter(100*time.Millisecond, phone.DialOptions{Record: true}),
	})
	if err := p.Register(patience(t)); err != nil {
		t.Fatal(err)
	}
	x.command(t, http.MethodPost, "/channels?endpoint=PJSIP/agent2&extension=109&context=citizens&priority=1", struct{}{})
	in := receive(t, p.Incoming(), "the ring")
	receive(t, in.Answered(), "the answer")
	if _, err := in.WaitSound(patience(t), time.Now()); err != nil {
		t.Error(err)
	}
	if err := in.Hangup(patience(t)); err != nil {
		t.Error(err)
	}
	c, err := p.Dial(patience(t), "sip:*11@"+x.sip, phone.DialOptions{})
	if err != nil {
		t.Fatal(err)
	}
	receive(t, c.Done(), "the end of the code's confirmation")
	if end, _ := c.Ended(); end.By != phone.Them || end.Cause != 16 {
		t.Errorf("ended %v", end)
	}
}
