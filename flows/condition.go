package flows

// reservedWords are those that mean something in a condition.
func reservedWords() []string {
	return []string{
		"mode", "language", "category", "hour", "minute", "weekday", "time", "date", "open", "queue",
		"calls_today", "caller_known", "in", "not", "and", "or", "if", "else", "let", "true", "false", "nil",
		"matches", "contains", "startsWith", "endsWith",
	}
}
