package ivrtest_test

import (
	"testing"

	"ikomek109/ivr"
	"ikomek109/ivr/ivrtest"
)

func TestConversations(t *testing.T) {
	ivrtest.ConversationsSuite(t, func(*testing.T) ivr.Conversations { return ivrtest.NewConversations() })
}
