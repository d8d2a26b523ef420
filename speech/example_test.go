package speech_test

import (
	"fmt"

	"ikomek109/speech"
)

// The clips of a phrase, in the order in which they are played.
func ExampleSplit() {
	clips, err := speech.Split("ru", "queue/wait", "Оператор ответит через {minutes|acc}.", map[string]string{"minutes": "21"})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, c := range clips {
		fmt.Printf("%s: %s\n", c.ID, c.Text)
	}
	// Output:
	// queue/wait/1: Оператор ответит через
	// n/двадцать: двадцать
	// n/одну: одну
	// n/минуту: минуту
}
