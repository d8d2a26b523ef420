package flows

// Code names a kind of finding. It never changes its meaning, so that it can
// be looked up, linked to, and listed as accepted.
type Code string

// Findings about the file as a whole and its form.
const (
	CodeUnreadable Code = "unreadable"  // the file cannot be read
	CodeTooBig     Code = "too-big"     // larger, deeper or with more nodes than the limits
	CodeEncoding   Code = "encoding"    // not UTF-8, or with control characters
	CodeSyntax     Code = "syntax"      // not YAML
	CodeEmpty      Code = "empty"       // nothing in the file
	CodeForbidden  Code = "forbidden"   // YAML that a flow must not use: anchors, tags, several documents
	CodeUnknownKey Code = "unknown-key" // a key that has no meaning there
	CodeMissingKey Code = "missing-key" // a key that must be there is not
	CodeDuplicate  Code = "duplicate"   // the same key or phrase id twice
	CodeWrongType  Code = "wrong-type"  // a list where a text must stand, and so on
	CodeBadValue   Code = "bad-value"   // the right type, but not a value that can be used
)

// Findings about where a caller can go.
const (
	CodeUnknownKind     Code = "unknown-kind"     // a kind of node that does not exist
	CodeUnknownTarget   Code = "unknown-target"   // a node that does not exist is pointed at
	CodeUnknownCategory Code = "unknown-category" // a category that does not exist is used
	CodeUnknownPhrase   Code = "unknown-phrase"   // a phrase of the program is replaced that it does not have
	CodeNoOperator      Code = "no-operator"      // no way to an operator is named
	CodeDeadEnd         Code = "dead-end"         // a caller gets there and cannot go on
	CodeLoop            Code = "loop"             // a circle that no key can leave
	CodeUnreachable     Code = "unreachable"      // nothing leads there
	CodeTooManyOptions  Code = "too-many-options" // more than can be kept in mind
	CodeKeys            Code = "keys"             // keys of a menu with gaps, twice, or taken by the line itself
	CodeInclude         Code = "include"          // a file that cannot be a part of the flow
	CodeUnknownQueue    Code = "unknown-queue"    // a queue that the settings do not have
	CodeUnknownPartner  Code = "unknown-partner"  // a partner that the settings do not have
	CodeForbiddenHost   Code = "forbidden-host"   // a service that the settings do not let be asked
)

// Findings about what a flow reckons with.
const (
	CodeUnknownVariable Code = "unknown-variable" // a variable is used that is not declared
	CodeUnknownCalendar Code = "unknown-calendar" // a calendar is asked that is not declared
	CodeCondition       Code = "condition"        // a condition that cannot be understood
	CodeAlwaysSame      Code = "always-same"      // a condition that comes out the same whatever happens
	CodeUnsetValue      Code = "unset-value"      // a value that a caller may hear before anything has set it
)

// Findings about what a caller hears.
const (
	CodeMissingLanguage Code = "missing-language" // a phrase lacks one language
	CodeSameText        Code = "same-text"        // a phrase reads the same in both languages
	CodeTooLong         Code = "too-long"         // longer than a caller can be asked to listen
	CodeSwapped         Code = "swapped"          // the two languages seem to stand in each other's place
	CodeSpokenKey       Code = "spoken-key"       // a purpose that says which key to press
	CodeFigures         Code = "figures"          // figures where words are needed
	CodeUnknownValue    Code = "unknown-value"    // {something} that nothing fills
	CodeNoOwner         Code = "no-owner"         // an answer that nobody keeps up to date
	CodeBadTerm         Code = "bad-term"         // a term of validity that makes no sense
	CodeOutOfTerm       Code = "out-of-term"      // an answer that is not read now, or soon not
)

// severity is error for all that could put a caller astray, and warning for
// what a caller survives.
func (c Code) severity() Severity {
	switch c {
	case CodeUnreachable, CodeSameText, CodeSwapped, CodeTooLong, CodeFigures, CodeOutOfTerm, CodeUnsetValue, CodeAlwaysSame:
		return Warning
	default:
		return Error
	}
}

// OfSettings tells whether a finding is about a name that the settings do not
// have: a queue, a partner, a machine to be asked.
func (c Code) OfSettings() bool {
	return c == CodeUnknownQueue || c == CodeUnknownPartner || c == CodeForbiddenHost
}

// cutsWays tells whether a finding may be why no way leads to some node.
func (c Code) cutsWays() bool {
	switch c {
	case CodeUnknownTarget, CodeDeadEnd, CodeNoOperator, CodeMissingKey, CodeWrongType, CodeUnknownKey, CodeTooManyOptions, CodeLoop, CodeInclude:
		return true
	default:
		return false
	}
}

// Codes lists all codes of findings there are.
func Codes() []Code {
	return []Code{
		CodeUnreadable, CodeTooBig, CodeEncoding, CodeSyntax, CodeEmpty, CodeForbidden,
		CodeUnknownKey, CodeMissingKey, CodeDuplicate, CodeWrongType, CodeBadValue,
		CodeUnknownKind, CodeUnknownTarget, CodeUnknownCategory, CodeUnknownPhrase, CodeNoOperator,
		CodeDeadEnd, CodeLoop, CodeUnreachable, CodeTooManyOptions, CodeKeys,
		CodeUnknownQueue, CodeUnknownPartner, CodeForbiddenHost, CodeInclude,
		CodeUnknownVariable, CodeUnknownCalendar, CodeCondition, CodeAlwaysSame, CodeUnsetValue,
		CodeMissingLanguage, CodeSameText, CodeSwapped, CodeSpokenKey, CodeTooLong, CodeFigures,
		CodeUnknownValue, CodeNoOwner, CodeBadTerm, CodeOutOfTerm,
	}
}
