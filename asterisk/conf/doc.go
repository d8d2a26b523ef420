// Package conf writes the configuration that Asterisk needs to carry the line:
// no samples, no demonstration contexts, and only the modules in use.
//
// Who may reach what:
//
//	anyone            -> context "citizens": the line's numbers, nothing else
//	an agent's phone  -> context "agents": *11 ready, *12 pause (*121 to *129
//	                     with its reason), *10 off; what the program alone
//	                     does: *13 a longer wrap-up, *14 the topic of the
//	                     last call, *15 the mode, *16 recording prompts,
//	                     *17 callers' messages; and the line's numbers, to
//	                     try it as a citizen would (an agent proves itself
//	                     by a SIP password)
//	the program       -> ARI, on a loopback address, with its own password
//
// A call to the line is answered and offered to the program. While no program
// takes it, context "line" keeps the caller: a spoken "please hold", music, a
// new offer every few seconds, and after a minute a queue inside Asterisk that
// rings the agents who dialled *11. It never hangs up by itself.
//
// Agents are no part of these files: the program pushes them at run time as
// res_pjsip objects; Asterisk keeps them over its own
// restart.
package conf
