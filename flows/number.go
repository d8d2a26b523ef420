package flows

import "strconv"

// firstDigits are those of the categories of the first level, in order. 1 is
// none of them: by it an agent says that the category is right.
const firstDigits = "234567890"

// firstLevel is the number of the category at a place of the list.
func firstLevel(place int) string {
	if place >= len(firstDigits) {
		return ""
	}
	return firstDigits[place:place+1] + "0"
}

// secondLevel is the number of a category below another.
func secondLevel(parent string, place int) string {
	if parent == "" || place >= 9 {
		return ""
	}
	return parent[:1] + strconv.Itoa(place+1)
}
