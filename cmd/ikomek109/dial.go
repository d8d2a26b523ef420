package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/emiago/sipgo/sip"
	"github.com/spf13/cobra"

	"ikomek109/phone"
)

// dialOptions are the flags of `dial`.
type dialOptions struct {
	keys, wav, from string
	info            bool
	longest         time.Duration
}

func (p *program) dialCmd() *cobra.Command {
	o := dialOptions{}
	cmd := &cobra.Command{
		Use:   "dial [ADDRESS]",
		Short: "Call the line, press keys, hear what it says",
		Long: `A caller without a phone: dials the line that "run" started (or a SIP address),
presses keys by a small script, prints what happens, and can keep what it heard.

The script is steps with spaces between: keys (0-9 * # A-D), wait:SECONDS,
sound:SECONDS (wait for sound, at most so long), silence:SECONDS (wait until it
was quiet so long), hangup. After it the call goes on until the line hangs up or
--longest has passed.`,
		Example: `  ikomek109 dial --keys "` + firstCall + `" --wav call.wav
  ikomek109 dial sip:109@127.0.0.1:5060 --keys "silence:2 0"`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usage(fmt.Errorf("dial takes one address; put the script into --keys \"…\""))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			script, err := phone.ParseScript(o.keys)
			if err != nil {
				return usage(err)
			}
			address, err := p.dialled(cmd, args)
			if err != nil {
				return err
			}
			if o.longest <= 0 {
				return usage(fmt.Errorf("--longest %s cannot be; use a time such as 30s", o.longest))
			}
			return p.dial(cmd.Context(), address, script, o)
		},
	}
	cmd.Flags().StringVar(&o.keys, "keys", "", "the `script`")
	cmd.Flags().StringVar(&o.wav, "wav", "", "store what was heard as a WAV `file`")
	cmd.Flags().StringVar(&o.from, "from", "", "the caller's `number` to show (default: none)")
	cmd.Flags().BoolVar(&o.info, "sip-info", false, "send keys by SIP INFO, not within the sound (RFC 4733)")
	cmd.Flags().DurationVar(&o.longest, "longest", 2*time.Minute, "hang up after this `time`")
	return cmd
}

// dialled is the address to call: the given one, or that of the running line.
func (p *program) dialled(cmd *cobra.Command, args []string) (string, error) {
	if len(args) == 1 {
		return args[0], nil
	}
	loaded, err := p.settings(cmd)
	if err != nil {
		return "", err
	}
	s := loaded.Settings
	at := net.JoinHostPort(s.Listen, strconv.Itoa(s.Asterisk.SIPPort))
	if r, err := readRunning(s); err == nil {
		at = r.SIP
	} else {
		fmt.Fprintf(p.err, "no line of `make run` is known here; trying %s\n", at)
	}
	return "sip:" + s.Line.Numbers[0] + "@" + at, nil
}

// firstWord is how long a line may take to say anything at all. One on another
// continent says it in one second.
const firstWord = 4 * time.Second

// dial places the call and follows it to its end.
func (p *program) dial(ctx context.Context, address string, script phone.Script, o dialOptions) error {
	local, err := localIP(ctx, address)
	if err != nil {
		return err
	}
	caller, err := phone.New(phone.Options{LocalIP: local, Identity: &phone.Party{User: o.from}})
	if err != nil {
		return err
	}
	defer caller.Close() //nolint:errcheck // the call has ended by then
	begun := time.Now()
	call, err := caller.Dial(ctx, address, phone.DialOptions{
		Record: o.wav != "", MaxRecord: o.longest + time.Minute, FirstWord: firstWord,
		OnEvent: func(e phone.Event) {
			fmt.Fprintf(p.out, "%8.3fs  %s\n", e.At.Sub(begun).Seconds(), printable(e.String()))
		},
	})
	if err != nil {
		return err
	}
	err = follow(ctx, call, script, o)
	if o.wav != "" {
		heard := call.Heard()
		if e := heard.WriteWAV(o.wav); e != nil {
			return errors.Join(err, e)
		}
		fmt.Fprintf(p.err, "heard %.1f s, stored in %s\n", heard.Length().Seconds(), o.wav)
	}
	return err
}

// follow runs the script, then stays on the line until the call ends.
func follow(ctx context.Context, call *phone.Call, script phone.Script, o dialOptions) error {
	method := phone.RFC4733
	if o.info {
		method = phone.INFO
	}
	longest, cancel := context.WithTimeout(ctx, o.longest)
	defer cancel()
	err := call.Run(longest, script, method)
	if err == nil {
		select {
		case <-call.Done():
		case <-longest.Done():
		}
	}
	end, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer stop()
	select {
	case <-call.Done():
	default:
		err = errors.Join(ignoreLate(ctx, err), call.Hangup(end))
	}
	<-call.Done()
	return err
}

// ignoreLate drops the error of a script that --longest cut short.
func ignoreLate(ctx context.Context, err error) error {
	if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// localIP finds the address of this machine from which the other one is
// reached: the phone has to tell it where to send the sound.
func localIP(ctx context.Context, address string) (string, error) {
	var to sip.Uri
	if err := sip.ParseUri(address, &to); err != nil || to.Host == "" {
		return "", usage(fmt.Errorf("%q is no SIP address; write it as sip:109@127.0.0.1:5060", address))
	}
	host := to.Host
	var d net.Dialer
	conn, err := d.DialContext(ctx, "udp", net.JoinHostPort(host, "9")) // sends nothing
	if err != nil {
		return "", fmt.Errorf("no way to %s: %w", host, err)
	}
	defer conn.Close() //nolint:errcheck // nothing was sent
	local, _, err := net.SplitHostPort(conn.LocalAddr().String())
	return local, err
}
