package speech_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/text/unicode/norm"

	"ikomek109/speech"
)

func TestNumbersStayForGood(t *testing.T) {
	o := speech.Options{Recordings: filepath.Join(t.TempDir(), "new"), Cache: t.TempDir()}
	l := fakeLibrary(t, o)
	first, err := l.Number([]speech.Clip{clip("b", "екі"), clip("a", "бір")})
	if err != nil {
		t.Fatal(err)
	}
	if first.Of(clip("b", "екі")) != 1 || first.Of(clip("a", "other words")) != 2 {
		t.Errorf("the first two: %d, %d", first.Of(clip("b", "")), first.Of(clip("a", "")))
	}
	second, err := fakeLibrary(t, o).Number([]speech.Clip{clip("c", "үш"), clip("a", "бір"), {Lang: "ru", ID: "a", Text: "раз"}})
	if err != nil {
		t.Fatal(err)
	}
	for number, want := range map[int]string{1: "kk b", 2: "kk a", 3: "kk c", 4: "ru a"} {
		if lang, id, ok := second.Clip(number); !ok || lang+" "+id != want {
			t.Errorf("%d is %s %s, want %s", number, lang, id, want)
		}
	}
	if _, _, ok := second.Clip(5); ok {
		t.Error("there is a fifth")
	}
}

func TestNumbersGivenSideBySide(t *testing.T) {
	o := speech.Options{Recordings: t.TempDir(), Cache: t.TempDir()}
	var wg sync.WaitGroup
	for _, id := range []string{"a", "b", "c", "d", "e"} {
		l := fakeLibrary(t, o)
		wg.Go(func() {
			if _, err := l.Number([]speech.Clip{clip(id, "сөз"), clip("same", "сөз")}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	numbers, err := fakeLibrary(t, o).Numbers()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[int]bool{}
	for _, id := range []string{"a", "b", "c", "d", "e", "same"} {
		n := numbers.Of(clip(id, ""))
		if n < 1 || n > 6 || seen[n] {
			t.Errorf("%s has the number %d", id, n)
		}
		seen[n] = true
	}
}

func TestNumbersThatAreMixedUp(t *testing.T) {
	dir := t.TempDir()
	l := fakeLibrary(t, speech.Options{Recordings: dir, Cache: t.TempDir()})
	for content, tells := range map[string]string{
		`{"numbers": {"kk a": 1, "kk b": 1}}`: "gives the number 1",
		`{"numbers": 5}`:                      "cannot be read",
		`{`:                                   "cannot be read",
	} {
		write(t, filepath.Join(dir, "numbers.json"), []byte(content))
		if _, err := l.Number([]speech.Clip{clip("a", "бір")}); err == nil || !strings.Contains(err.Error(), tells) {
			t.Errorf("%s: %v", content, err)
		}
	}
}

func TestFilesAreKnownByTheirNames(t *testing.T) {
	l := fakeLibrary(t, speech.Options{Recordings: t.TempDir(), Cache: t.TempDir()})
	clips := []speech.Clip{
		clip("welcome", "Қайырлы күн"),
		{Lang: "ru", ID: "welcome", Text: "Добрый день"},
		clip("topics/say", "Тақырыптар"),
		{Lang: "ru", ID: "n/двадцать", Text: "двадцать"},
		clip("n/жүз-", "жүз"),
		clip("n/жүз", "жүз"),
		{Lang: "ru", ID: "alone", Text: "Одна"},
		{Lang: "ru", ID: "n/й", Text: "й"},
	}
	numbers, err := l.Number(clips)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clips {
		if got, err := speech.NameClip(speech.FileName(c, numbers), speech.Hint{}, clips, numbers); err != nil || got != c {
			t.Errorf("%s is %v, %v", speech.FileName(c, numbers), got, err)
		}
	}
	for _, k := range []struct {
		path string
		hint speech.Hint
		want string // or what the error tells
	}{
		{path: "kk-001.wav", want: "kk welcome"},
		{path: "/in/ru/2.flac", want: "ru welcome"},
		{path: "kk_welcome.mp3", want: "kk welcome"},
		{path: "Welcome.ru.WAV", want: "ru welcome"},
		{path: "a b/kk/topics/say.wav", want: "kk topics/say"},
		{path: "kk/topics/say@20261123-064140-2.wav", want: "kk topics/say"},
		{path: "topics say.wav", want: "kk topics/say"},
		{path: "alone.ogg", want: "ru alone"},
		{path: "7.ogg", want: "ru alone"},
		{path: norm.NFD.String("ru-n-й.wav"), want: "ru n/й"},
		{path: "x.wav", hint: speech.Hint{Lang: "kk", ID: "welcome"}, want: "kk welcome"},
		{path: "kk-001.wav", hint: speech.Hint{Lang: "ru", ID: "alone"}, want: "ru alone"},
		{path: "x.wav", hint: speech.Hint{Lang: "kk", ID: "n/жүз-"}, want: "kk n/жүз-"},
		{path: "welcome.wav", want: "add --lang"},
		{path: "-rf.wav", want: "names no phrase"},
		{path: "ru-001.wav", want: "names no phrase"},
		{path: "..", want: "names no phrase"},
		{path: "", want: "names no phrase"},
		{path: "kk-999999999999999999999.wav", want: "names no phrase"},
		{path: "0.wav", want: "names no phrase"},
	} {
		got, err := speech.NameClip(k.path, k.hint, clips, numbers)
		told := got.String()
		if err != nil {
			told = "error: " + err.Error()
		}
		if told != k.want && (err == nil || !strings.Contains(err.Error(), k.want) || strings.HasPrefix(k.want, "kk") || strings.HasPrefix(k.want, "ru")) {
			t.Errorf("%q %v: %s; want %s", k.path, k.hint, told, k.want)
		}
	}
}

func TestNumbersInAFolderThatIsNotOurs(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := filepath.Join(t.TempDir(), "closed")
	if err := os.Mkdir(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	l := fakeLibrary(t, speech.Options{Recordings: dir, Cache: t.TempDir()})
	if _, err := l.Number([]speech.Clip{clip("a", "бір")}); !os.IsPermission(err) && err == nil {
		t.Error("numbers were given that nobody keeps")
	}
}
