package deploy_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"ikomek109/deploy"
)

// roleEnv makes this test program play another one: "keeper" starts an
// Asterisk and waits to be killed.
const roleEnv = "IKOMEK109_TEST_ROLE"

func TestMain(m *testing.M) {
	if os.Getenv(roleEnv) == "keeper" {
		os.Exit(keep())
	}
	os.Exit(m.Run())
}

// keep starts the Asterisk described by the environment, prints its process id
// and never stops it.
func keep() int {
	found, err := deploy.Find(context.Background(), deploy.Options{NoInstall: true})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	var port int
	if _, err := fmt.Sscan(os.Getenv("KEEP_SIP"), &port); err != nil {
		fmt.Println(err)
		return 1
	}
	ast, err := deploy.Start(context.Background(), deploy.StartOptions{
		Tools: found, Dir: os.Getenv("KEEP_DIR"), Config: os.Getenv("KEEP_CONFIG"), Listen: "127.0.0.1",
		SIPPort: port, HTTP: os.Getenv("KEEP_HTTP"), User: "tester", Password: "only-for-this-test",
	})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	fmt.Println("pid", ast.Pid())
	select {}
}
