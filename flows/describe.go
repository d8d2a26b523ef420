package flows

// Describe tells in one line what a code means; empty for a code there is not.
func (c Code) Describe() string { return descriptions()[c] }

func descriptions() map[Code]string {
	return map[Code]string{
		CodeUnreadable: "The file cannot be opened or read.",
		CodeTooBig:     "The file is larger, deeper or has more in it than a flow can need.",
		CodeEncoding:   "The file is not UTF-8, or has a character that cannot be read out.",
		CodeSyntax:     "The file is not YAML.",
		CodeEmpty:      "There is nothing in the file.",
		CodeForbidden:  "YAML that could hide what a flow says: anchors, tags, merging, several documents.",
		CodeUnknownKey: "A key has no meaning where it stands, so what it says would never be heard.",
		CodeMissingKey: "A key that must be there is not.",
		CodeDuplicate:  "The same name is given twice.",
		CodeWrongType:  "A list, a text or a set of keys stands where another of these must.",
		CodeBadValue:   "The value is of the right type, but cannot be used.",

		CodeUnknownKind:     "A node is of a kind that does not exist.",
		CodeUnknownTarget:   "A node is pointed at that does not exist.",
		CodeUnknownCategory: "A category is used that does not exist.",
		CodeUnknownPhrase:   "A phrase is named that there is not.",
		CodeNoOperator:      "No way to an operator is named.",
		CodeDeadEnd:         "A caller gets there and cannot go on.",
		CodeLoop:            "A circle of nodes that no key can leave.",
		CodeUnreachable:     "Nothing leads to the node.",
		CodeTooManyOptions:  "A menu has more options than a caller can keep in mind.",
		CodeKeys:            "The keys of a menu have gaps, are given twice, or are taken by the line itself.",
		CodeInclude:         "A file cannot be made a part of the flow.",
		CodeUnknownQueue:    "A queue is named that the settings do not have.",
		CodeUnknownPartner:  "A partner is named that the settings do not have.",
		CodeForbiddenHost:   "A service is asked that the settings do not let be asked.",

		CodeUnknownVariable: "A variable is used that is not declared.",
		CodeUnknownCalendar: "A calendar is asked that is not declared.",
		CodeCondition:       "A condition cannot be understood.",
		CodeAlwaysSame:      "A condition comes out the same whatever happens.",
		CodeUnsetValue:      "A value may be said before anything has set it.",

		CodeMissingLanguage: "A phrase lacks one of the two languages.",
		CodeSameText:        "A phrase reads the same in both languages.",
		CodeTooLong:         "A phrase takes longer to say than a caller can be asked to listen.",
		CodeSwapped:         "The two languages of a phrase seem to have changed places.",
		CodeSpokenKey:       "A purpose says which key to press; the program says that itself.",
		CodeFigures:         "Figures stand where words are needed.",
		CodeUnknownValue:    "A value in braces that nothing fills.",
		CodeNoOwner:         "An answer that nobody keeps up to date.",
		CodeBadTerm:         "A term of validity that makes no sense.",
		CodeOutOfTerm:       "An answer that is not read now, or soon will not be.",
	}
}
