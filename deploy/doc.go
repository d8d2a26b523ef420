// Package deploy gets an Asterisk onto this machine and runs it.
//
// [Find] looks for Asterisk, espeak-ng and sox: paths given by settings, then
// what the host has, then a private copy in the user's cache folder, which
// [Install] makes from Debian packages with neither root nor a container. The
// private copy runs by its own loader beside the host's own libraries.
//
// [Start] runs an Asterisk as a child that cannot outlive this process, and
// returns when it would take a command; [Asterisk.Stop] ends it. [Reserve]
// finds ports for it that no other test or program takes at the same time.
//
//	tools, err := deploy.Find(ctx, deploy.Options{Modules: conf.Modules()})
//	ports, err := deploy.Reserve(ctx, 100)
//	err = conf.Render(dir+"/etc", settings)
//	ast, err := deploy.Start(ctx, deploy.StartOptions{Tools: tools, Dir: dir, ...})
//	defer ast.Stop(ctx)
package deploy
