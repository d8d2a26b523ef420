// Package phone is a SIP telephone made of software: it registers, calls, is
// called, presses keys, speaks, and above all hears. What it hears is kept on a
// time line, so that a test can say which sentence was spoken and when, and a
// measurement can say how long the caller sat in silence.
//
// It serves three masters: the command that dials the line without a telephone,
// the end-to-end tests (dozens of phones in one process, as callers and as
// agents), and the load generator (hundreds of calls from one phone). So one
// [Phone] is one SIP user agent with one port, shared by all its calls; a [Call]
// costs one UDP port and one goroutine that reads from it; one clock per phone
// sends everybody's sound; and sound is kept only where it was asked for.
//
//	p, err := phone.New(phone.Options{User: "citizen"})
//	...
//	defer p.Close()
//	call, err := p.Dial(ctx, "sip:109@127.0.0.1:5060", phone.DialOptions{Record: true})
//	...
//	ended, err := call.SendKey(ctx, '1', phone.RFC4733)
//	at, err := call.WaitSound(ctx, ended)
//	...
//	err = call.Hangup(ctx)
//	err = call.Heard().WriteWAV("heard.wav")
//
// Sound is 8 kHz, 16 bits, one channel everywhere; on the wire it is G.711.
package phone
