// Package flows is the language in which a city's menus are written, its
// reader and checker, and the engine that leads a call through them. It is
// pure: an input goes in, a list of actions comes out, and nothing is played,
// stored or waited for here.
//
// # The file
//
// A flow is one YAML file, in UTF-8. This is a whole one:
//
//	flow: "109"                 # its name
//	start: welcome              # where a call begins
//	operator: operator          # where 0 leads, and whoever is not understood
//	goodbye: goodbye            # where a caller goes who wants no more
//
//	include: []                 # files of partners that are a part of it
//	calendars: {}               # files that tell when something is open
//	vars: {}                    # values that a call carries along
//	modes: {}                   # what is otherwise in a mode of the line
//
//	categories:                 # topics, to count calls by; two levels
//	  utilities:
//	    name: {kk: Коммуналдық қызметтер, ru: Коммунальные услуги}
//	    announce: {kk: Коммуналдық., ru: Коммунальные.}    # what the agent hears
//	    sub:
//	      water:                # used as utilities/water
//	        name: {kk: Су, ru: Вода}
//
//	phrases:                    # own words for phrases of the program
//	  one_moment: {kk: Күте тұрыңыз., ru: "Минуту, пожалуйста."}
//
//	nodes:
//	  welcome:
//	    kind: say
//	    text: {kk: Сәлеметсіз бе!, ru: Здравствуйте!}
//	    to: language
//	  language:
//	    kind: language
//	    text: {kk: Қазақ тілі үшін, ru: Для русского языка}
//	    to: topics
//	  topics:
//	    kind: menu
//	    options:
//	      - text: {kk: Су туралы білу үшін, ru: Чтобы узнать о воде}
//	        to: water
//	  water:
//	    kind: answer
//	    owner: Су арнасы
//	    valid: {from: 2026-01-01, until: 2026-12-31}
//	    category: utilities/water
//	    text:
//	      kk: Бүгін су барлық үйде бар.
//	      ru: Сегодня вода есть во всех домах.
//	  operator:
//	    kind: queue
//	    queue: main
//	  goodbye:
//	    kind: end
//
// Names are of small Latin letters, digits and dashes. Days and hours are the
// city's own. Anchors, tags and merging are not YAML for a flow, and a key that
// is not known is an error: a misspelt one would be a sentence that nobody hears.
//
// # The kinds of node
//
// Each is described, with an example, in the file that bears its name:
//
//   - say says something and goes on
//   - language lets the caller choose the language
//   - menu offers up to five ways on
//   - answer reads an answer while it is in term
//   - input takes digits that the caller types
//   - switch leads on by conditions
//   - lookup asks a service of the city
//   - queue hands the caller over to the agents
//   - callback notes that the caller wants to be called back
//   - message lets the caller leave a recording
//   - handover connects the caller with another service
//   - survey asks for a mark, after the conversation
//   - end says goodbye
//
// # What is said
//
// Every phrase is given in Kazakh and in Russian. Until the caller has chosen
// a language, everything is said in both, Kazakh first. Who chooses nothing
// hears Kazakh.
//
// The author of a menu writes the purpose ("Чтобы узнать о воде"); the program
// adds "press one" in both languages from the key itself, so that what is said
// cannot differ from what is done.
//
// A variable of the flow stands in braces, and is said in the words of its type
// and in the form that the sentence needs: {left}, {left|gen}.
//
// # The mode, and other people's files
//
// The line is in one of three modes: daily, heightened, emergency. Under
// "modes" a flow may have a bulletin for each, which every caller hears first,
// in both languages; a menu may have an "order" of its own in each; a switch
// may ask for it.
//
// Partners keep up their own part of a flow in a file of theirs, which may have
// categories, phrases, nodes, variables, calendars and further files. All names
// are of one flow: a node is pointed at from any of its files.
//
// # Keys
//
// In every node 0 leads to an operator, # says the node again, and * leads
// back; where digits are typed, 0 is one of them, # ends them and * takes them
// back. Three silences or wrong keys in one node, counted together, lead to an
// operator. No silence, no key and no number of them makes the line hang up: a
// call is ended by the caller, who hangs up or chooses the goodbye.
//
// # An answer has a term
//
// An answer has an owner and a term of validity. Out of term it is not read:
// the caller is told that it is being looked into, and goes to an operator or
// where the author says.
//
// # Trying, testing, writing
//
// Tests of a flow stand beside it, those of 109.yaml in 109.test.yaml: see
// Suite. Walk leads a call through a flow by words, Mermaid and DOT draw it.
// Schema is a JSON schema for editors: with it in flow.schema.json beside the
// flow, VS Code (with the extension YAML by Red Hat) and others complete keys
// and explain them once the flow's first line is
// "# yaml-language-server: $schema=flow.schema.json".
package flows
