import { describe, expect, it } from 'vitest';
import { COURSE, courseFolder, lessonWith, told } from '../../test/setup/course-folder.ts';
import { KNOWLEDGE } from '../../test/setup/lint-knowledge.ts';
import { lintCourse } from './lint.ts';

/** Each expectation is what an author reads, to the letter: file, line, column, message, way out. The block's first line is line 11. */
describe('lintCourse tells, of an exercise,', () => {
  it.each([
    [
      'an unknown field of the exercise',
      'hint: x',
      ['first.md:11:1 error: This exercise knows no field "hint". -> did you mean "hints"?'],
    ],
    [
      'an unknown field of a check',
      `checks:
  - key: a
    strng: x`,
      ['first.md:13:5 error: A check of "key" knows no field "strng". -> did you mean "string"?'],
    ],
    [
      'a field of the exercise inside a check',
      `checks:
  - key: a
    exists: true
    hints: [a]`,
      [
        'first.md:14:5 error: "hints" does not belong into a check of "key". -> it belongs into the exercise itself',
      ],
    ],
    [
      'a field of the front matter inside an exercise',
      'title: x',
      [
        'first.md:11:1 error: "title" does not belong into this exercise. -> it belongs into the lesson\'s front matter',
      ],
    ],
    [
      'a field of a check outside it',
      'ttl: 5',
      ['first.md:11:1 error: "ttl" does not belong into this exercise. -> it belongs into a check of "key"'],
    ],
    [
      'an unknown field that is near no other',
      `checks:
  - key: a
    qqqqqqqq: x`,
      [
        'first.md:13:5 error: A check of "key" knows no field "qqqqqqqq". -> it knows key, exists, type, string, number, within, list, hash, set, zset, length, encoding, matches, ttl, fieldTtl, expireat, or, why',
      ],
    ],
    [
      'a check whose first field is misspelt',
      `checks:
  - kye: a
    string: x`,
      ['first.md:12:5 error: There is no check "kye". -> did you mean "key"?'],
    ],
    [
      'a check that names no key',
      `checks:
  - string: x`,
      ['first.md:12:5 error: This check names no key. -> begin it with "key: NAME"'],
    ],
    [
      'a misspelt kind of check',
      `checks:
  - usde: SET`,
      ['first.md:12:5 error: There is no check "usde". -> did you mean "used"?'],
    ],
    [
      'a kind of check that there is not',
      `checks:
  - banana: SET`,
      [
        'first.md:12:5 error: There is no check "banana". -> begin it with key, keys, reply, used, avoided, atomic, connected, published, subscribed, received, answer or any, as in "- key: session:xyz"',
      ],
    ],
    [
      'a check that is text',
      `checks:
  - visitor:8`,
      [
        'first.md:12:5 error: A check is a map that begins with what it looks at. -> begin it with key, keys, reply, used, avoided, atomic, connected, published, subscribed, received, answer or any, as in "- key: session:xyz"',
      ],
    ],
    ['no checks', 'checks: []', ['first.md:11:9 error: "checks" is empty.']],
    ['checks without a value', 'checks:', ['first.md:11:8 error: "checks" is empty.']],
    [
      'a number that would lose its zero',
      `checks:
  - key: a
    string: 10.50`,
      ['first.md:13:13 error: "string" must be text, but 10.50 is a number in YAML. -> quote it: "10.50"'],
    ],
    [
      'a number among the elements of a list',
      `checks:
  - key: a
    list: [a, 1]`,
      ['first.md:13:15 error: Item 2 of "list" must be text, but 1 is a number in YAML. -> quote it: "1"'],
    ],
    [
      'a number as the value of a hash field',
      `checks:
  - key: a
    hash: {f: 1, g: x}`,
      ['first.md:13:15 error: "hash.f" must be text, but 1 is a number in YAML. -> quote it: "1"'],
    ],
    [
      'a number in what is included',
      `checks:
  - key: a
    list: {includes: [1]}`,
      [
        'first.md:13:23 error: Item 1 of "list.includes" must be text, but 1 is a number in YAML. -> quote it: "1"',
      ],
    ],
    [
      'a truth value where text is meant',
      `checks:
  - key: a
    string: true`,
      ['first.md:13:13 error: "string" must be text, but true is a truth value in YAML. -> quote it: "true"'],
    ],
    [
      'text where a number is meant',
      `checks:
  - key: a
    number: "5"`,
      ['first.md:13:13 error: "number" must be a number, but "5" is text. -> without quotes: 5'],
    ],
    [
      'a score that is no number',
      `checks:
  - key: a
    zset: {m: high}`,
      ['first.md:13:15 error: "zset.m" must be a number, but it is "high".'],
    ],
    [
      'an expiry with a unit',
      `checks:
  - key: a
    ttl: 30m`,
      ['first.md:13:10 error: "ttl" is whole seconds, but it is "30m". -> did you mean ttl: 1800?'],
    ],
    [
      'an expiry in minutes',
      `checks:
  - key: a
    ttl: 30 minutes`,
      ['first.md:13:10 error: "ttl" is whole seconds, but it is "30 minutes". -> did you mean ttl: 1800?'],
    ],
    [
      'an expiry in words',
      `checks:
  - key: a
    ttl: soon`,
      [
        'first.md:13:10 error: "ttl" is whole seconds, but it is "soon". -> write 1800, a range as 1500..1800, or none',
      ],
    ],
    [
      'an expiry in quotes',
      `checks:
  - key: a
    ttl: "1800"`,
      ['first.md:13:10 error: "ttl" is whole seconds, but it is "1800". -> did you mean ttl: 1800?'],
    ],
    [
      'a fraction of a second',
      `checks:
  - key: a
    ttl: 1.5`,
      [
        'first.md:13:10 error: "ttl" is whole seconds, but it is 1.5. -> write 1800, a range as 1500..1800, or none',
      ],
    ],
    [
      'a range that is empty',
      `checks:
  - key: a
    ttl: 9..5`,
      ['first.md:13:10 error: The range 9..5 is empty. -> did you mean 5..9?'],
    ],
    [
      'a length that is no range',
      `checks:
  - key: a
    length: 3-5`,
      [
        'first.md:13:13 error: "length" is not well formed. -> write a whole number, or a range as 1..5 or 3..',
      ],
    ],
    [
      'a type that there is not',
      `checks:
  - key: a
    type: sets`,
      ['first.md:13:11 error: "type" cannot be "sets". -> did you mean "set"?'],
    ],
    [
      'an encoding that there is not',
      `checks:
  - key: a
    encoding: [listpak]`,
      ['first.md:13:16 error: Item 1 of "encoding" cannot be "listpak". -> did you mean "listpack"?'],
    ],
    [
      'a broken regular expression',
      `checks:
  - key: a
    matches: "(a"`,
      ['first.md:13:14 error: This is no regular expression: Unterminated group.'],
    ],
    [
      'a regular expression that only the older syntax knows',
      `checks:
  - key: a
    matches: "a\\\\-b"`,
      ['first.md:13:14 error: This is no regular expression: Invalid escape.'],
    ],
    [
      'a regular expression that may never end',
      `checks:
  - key: a
    matches: "^(\\\\d+)*$"`,
      [
        'first.md:13:14 error: (\\d+)* repeats what repeats: on some values it takes for ever. -> repeat only once, or put something between',
      ],
    ],
    [
      'a number that YAML cannot hold',
      `checks:
  - key: a
    number: 9223372036854775807`,
      [
        'first.md:13:13 error: YAML reads 9223372036854775807 as 9223372036854775808, so this can never pass. -> write it as text: string: "9223372036854775807"',
      ],
    ],
    [
      'a check that says nothing of its key',
      `checks:
  - key: a`,
      ['first.md:12:5 error: This check says nothing of a. -> add exists: true, or what it holds'],
    ],
    [
      'an expiry of a key that is not there',
      `checks:
  - key: a
    exists: false
    ttl: 5`,
      ['first.md:14:5 error: A key that is not there has no "ttl". -> keep exists: false alone'],
    ],
    [
      'two types for one key',
      `checks:
  - key: a
    string: x
    list: [x]`,
      ['first.md:14:5 error: One key cannot be a string and a list. -> keep one of them'],
    ],
    [
      'an empty list, which Redis cannot hold',
      `checks:
  - key: a
    list: []`,
      [
        'first.md:13:11 error: "list" is empty. -> Redis drops a collection with its last element: write exists: false',
      ],
    ],
    [
      'an empty hash, which Redis cannot hold',
      `checks:
  - key: a
    hash: {}`,
      [
        'first.md:13:11 error: "hash" is empty. -> Redis drops a collection with its last element: write exists: false',
      ],
    ],
    [
      'a tolerance of nothing',
      `checks:
  - key: a
    exists: true
    within: 5`,
      ['first.md:14:5 error: "within" is the tolerance of "number", which is missing.'],
    ],
    [
      'a check of names that counts none',
      `checks:
  - keys: "a:*"`,
      [
        'first.md:12:5 error: This check does not say how many keys, or which. -> add count: 3 or names: [...]',
      ],
    ],
    [
      'choices without the answer',
      `checks:
  - answer: "42"
    choices: ["1", "2"]
solution: .answer 42`,
      ['first.md:13:14 error: The choices do not contain the answer "42". -> add it to them'],
    ],
    [
      'a solution without the answer that a check wants',
      `checks:
  - answer: "42"`,
      [
        'first.md:15:11 error: A check wants an answer in words, and this gives none. -> add a line ".answer TEXT"',
      ],
    ],
    [
      'an answer that no check looks at',
      'solution: [SET visitor:8 Bo, .answer 5]',
      ['first.md:11:11 error: No check looks at what .answer gives. -> add a check "answer"'],
    ],
    [
      'nil as text',
      `checks:
  - reply: nil`,
      ['first.md:12:12 warning: This is the text "nil". -> nil is written null'],
    ],
    [
      'a truth value as a reply',
      `checks:
  - reply: true`,
      [
        'first.md:12:12 error: "reply" must be text, a number, null or a list, but true is a truth value in YAML. -> quote it: "true"',
      ],
    ],
    [
      'two hints',
      'hints: [a, b]',
      ['first.md:11:8 warning: There are 2 hints; three lead from a direction to nearly there.'],
    ],
    [
      'no hints',
      'hints: []',
      ['first.md:10:1 error: This exercise has no hints. -> write three, from a direction to nearly there'],
    ],
    [
      'one hint',
      'hints: [a]',
      ['first.md:11:8 warning: There is one hint; three lead from a direction to nearly there.'],
    ],
    [
      'no near misses',
      'reject: []',
      [
        'first.md:11:9 warning: There are no near misses; three show that wrong answers get their reason. -> add slips that people really make to "reject"',
      ],
    ],
    [
      'one near miss',
      `reject:
  - try: SET a b
    because: x`,
      [
        'first.md:12:3 warning: There is one near miss; three show that wrong answers get their reason. -> add slips that people really make to "reject"',
      ],
    ],
    [
      'near misses without a reason',
      `reject:
  - try: SET a b
  - becuase: x
    try: GET a`,
      [
        'first.md:12:3 warning: There are 2 near misses; three show that wrong answers get their reason. -> add slips that people really make to "reject"',
        'first.md:12:5 error: "because" is missing in item 1 of "reject".',
        'first.md:13:5 error: Item 2 of "reject" knows no field "becuase". -> did you mean "because"?',
      ],
    ],
    [
      'an unknown command in the solution',
      'solution: SETT visitor:8 Bo',
      ['first.md:11:11 error: There is no command "SETT"; it stands in the solution. -> did you mean "SET"?'],
    ],
    [
      'an unknown command in a pattern',
      `checks:
  - used: [SET, GTE]`,
      [
        'first.md:12:17 error: There is no command "GTE", so no pattern of it matches. -> did you mean "GET"?',
      ],
    ],
    [
      'an unknown command in a near miss, mildly',
      `reject:
  - { try: STE visitor:8 Bo, because: x }
  - { try: SET visitor:9 Bo, because: is not there }
  - { try: SET visitor:8 Boo, because: Bo }`,
      [
        'first.md:12:12 warning: There is no command "STE"; it stands in this near miss. -> did you mean "SET"?',
      ],
    ],
    [
      "a command newer than the course's floor",
      `accept:
  - SINTERCARD 1 a`,
      [
        'first.md:12:5 error: SINTERCARD came with version 7.0.0; the course\'s floor is 6.2. -> use an older way, or raise "floor" in course.yaml',
      ],
    ],
    [
      "an option newer than the course's floor",
      `accept:
  - [SET visitor:8 Bo, EXPIRE visitor:8 10 NX]`,
      [
        'first.md:12:24 error: The option NX of EXPIRE came with version 7.0.0; the course\'s floor is 6.2. -> use an older way, or raise "floor" in course.yaml',
      ],
    ],
    [
      'too few arguments',
      'solution: SET visitor:8',
      ['first.md:11:11 error: SET takes at least 2 arguments; here it has 1.'],
    ],
    [
      'too many arguments',
      `accept:
  - [GET a b, SET visitor:8 Bo]`,
      ['first.md:12:6 error: GET takes 1 argument; here it has 2.'],
    ],
    [
      'too few arguments of a subcommand',
      'accept: [CLIENT KILL]',
      ['first.md:11:10 error: CLIENT KILL takes at least 1 argument; here it has 0.'],
    ],
    [
      'answers that the checks on commands would refuse',
      'checks:\n  - used: DEL\n  - avoided: [GET, SET]\naccept: [DEL visitor:8]',
      [
        'first.md:17:11 error: This answer does not use DEL, as a check wants.',
        'first.md:17:11 error: This answer uses SET, which a check wants avoided.',
      ],
    ],
    [
      'a hint of blanks alone',
      'hints: [one, " ", three]',
      ['first.md:11:14 error: Item 2 of "hints" is empty.'],
    ],
    [
      'a second document',
      'hints: [one, two, three]\n---\nid: other',
      ['first.md:12:1 error: A second YAML document begins here. -> leave out the line "---"'],
    ],
    [
      'a line that makes YAML another one',
      '%YAML 1.1\n---\nid: visit',
      ['first.md:11:1 error: A %YAML line changes how YAML reads, and is not read here. -> leave it out'],
    ],
    [
      'a merge of maps',
      'checks:\n  - key: visitor:8\n    <<: { string: Bo }',
      [
        'first.md:13:5 error: "<<" merges maps in YAML, which is not read here. -> write the fields out, or quote it',
      ],
    ],
    [
      'names that their pattern does not match',
      'checks:\n  - keys: visitor:*\n    names: [visitor:8, guest:8]\n    count: 3',
      [
        'first.md:13:24 error: "guest:8" does not match visitor:*, so this can never pass.',
        'first.md:14:12 error: "count" and the number of "names" contradict each other.',
      ],
    ],
    [
      'a moment that is past, and one in milliseconds',
      'checks:\n  - key: visitor:8\n    expireat: 1735689600\n  - key: visitor:9\n    expireat: 4102444800000',
      [
        'first.md:13:15 error: 1735689600 is past: Redis removes such a key at once, so this can never pass.',
        'first.md:15:15 error: 4102444800000 is thousands of years ahead. -> are these milliseconds? Unix time is in seconds',
      ],
    ],
    [
      'a number of a check after one that cannot be read',
      'checks:\n  - key: a\n    number: "10"\n  - key: b\n    number: 12345678901234567890',
      [
        'first.md:13:13 error: "number" must be a number, but "10" is text. -> without quotes: 10',
        'first.md:15:13 error: YAML reads 12345678901234567890 as 12345678901234567168, so this can never pass. -> write it as text: string: "12345678901234567890"',
      ],
    ],
    [
      'what blocks, picks by chance or goes on from a cursor, where there are worlds',
      `worlds: [{ given: SET a 1, checks: { key: a, string: "1" } }]
solution: |
  SET visitor:8 Bo
  BLPOP q 0
accept:
  - [SET visitor:8 Bo, SPOP s]
  - [SET visitor:8 Bo, SCAN 0, SCAN 17]
  - [SET visitor:8 Bo, HSCAN h 0]
  - [SET visitor:8 Bo, HSCAN 0 5]`,
      [
        'first.md:14:3 error: BLPOP may wait for ever in another world, so this exercise can have no worlds. -> take them out, or this answer',
        'first.md:16:24 error: SPOP picks by chance, another thing in each world, so this exercise can have no worlds. -> take them out, or this answer',
        'first.md:17:32 error: The cursor 17 belongs to this world alone, so this exercise can have no worlds. -> take them out, or this answer',
        'first.md:19:24 error: The cursor 5 belongs to this world alone, so this exercise can have no worlds. -> take them out, or this answer',
      ],
    ],
    [
      'a world in which nothing must hold',
      'worlds: [{ given: SET a 1, checks: [] }]',
      ['first.md:11:36 error: "checks" is empty. -> say what must hold in this world'],
    ],
    ['what blocks, where there are no worlds', 'solution: [SET visitor:8 Bo, BLPOP q 0]', []],
    [
      'commands and checks of worlds, as of the exercise',
      `worlds:
  - given: [SETT a 1, BLPOP q 0]
    checks: { used: SETT }
  - also: SELECT 1
    checks: [{ key: a, number: 12345678901234567890 }]
  - meanwhile: [SELECT 2, BLPOP q 0, 'SET "a 1']
    checks: { key: a, string: "1" }`,
      [
        'first.md:12:13 error: There is no command "SETT"; it stands in a world\'s given state. -> did you mean "SET"?',
        'first.md:12:23 error: BLPOP may wait for ever, and a given state is there at once. -> build the state with commands that write',
        'first.md:13:21 error: There is no command "SETT", so no pattern of it matches. -> did you mean "SET"?',
        'first.md:14:11 error: SELECT acts on the connection, and a given state is data alone. -> build the state with commands that write',
        'first.md:15:32 error: YAML reads 12345678901234567890 as 12345678901234567168, so this can never pass. -> write it as text: string: "12345678901234567890"',
        'first.md:16:17 error: SELECT acts on the connection, and another client acts on data alone. -> let the other client read or write data',
        'first.md:16:27 error: BLPOP may wait for ever, and what another client does is done at once. -> let the other client read or write data',
        'first.md:16:38 error: The quotes in this command line are unbalanced. -> a closing quote is followed by a space or the end',
      ],
    ],
    [
      'a given command that is no data',
      'given: [CLIENT KILL ID 3]',
      [
        'first.md:11:9 error: CLIENT acts on the connection, and a given state is data alone. -> build the state with commands that write',
      ],
    ],
    [
      'unbalanced quotes',
      'solution: SET visitor:8 "Bo',
      [
        'first.md:11:11 error: The quotes in this command line are unbalanced. -> a closing quote is followed by a space or the end',
      ],
    ],
    [
      'unbalanced quotes in a list of lines',
      `accept:
  - [SET visitor:8 "Bo]`,
      [
        'first.md:12:6 error: The quotes in this command line are unbalanced. -> a closing quote is followed by a space or the end',
      ],
    ],
    [
      'quotes in a pattern',
      `checks:
  - used: [SET, SET "a b"]`,
      [
        'first.md:12:17 error: A command pattern knows no quotes: they would have to be part of an argument. -> write ? for a space in an argument',
      ],
    ],
    ['an empty solution', 'solution: ""', ['first.md:11:11 error: "solution" is empty.']],
    ['a solution without lines', 'solution: []', ['first.md:11:11 error: "solution" is empty.']],
    ['a solution without a value', 'solution:', ['first.md:11:10 error: "solution" is empty.']],
    [
      'a hint that a colon makes a map',
      `hints:
  - SET takes: options
  - b
  - c`,
      [
        'first.md:12:5 error: Item 1 of "hints" must be text; the ": " after "SET takes" makes it a map. -> quote the whole text',
      ],
    ],
    [
      'code that a colon breaks',
      `code:
  node: f({ EX: 5 })`,
      ['first.md:12:9 error: A second ": " in one line reads as a map inside a map. -> quote the whole text'],
    ],
    [
      'text that a comment sign cuts off',
      `hints:
  - number #1 is first
  - look # here
  - c`,
      [
        'first.md:12:12 warning: From " #" on this is a comment in YAML, not part of the text. -> quote the whole text, or give the comment a line of its own',
        'first.md:13:10 warning: From " #" on this is a comment in YAML, not part of the text. -> quote the whole text, or give the comment a line of its own',
      ],
    ],
    [
      'an accepted answer that is the solution',
      `accept:
  - SET visitor:8 Bo`,
      ['first.md:12:5 warning: This answer is the same as the solution. -> leave it out'],
    ],
    [
      'near misses that are right, or told twice',
      `reject:
  - { try: SET visitor:8 Bo, because: x }
  - { try: SET visitor:9 Bo, because: is not there }
  - { try: SET visitor:9 Bo, because: Bo }`,
      [
        'first.md:12:12 error: This near miss is the same as the solution.',
        'first.md:14:12 warning: This near miss is the same as that of line 13. -> leave it out',
      ],
    ],
    [
      'a tab that indents a list',
      'checks:\n\t- key: a',
      ['first.md:12:1 error: A tab indents this line; YAML takes spaces alone. -> replace it by spaces'],
    ],
    [
      'a tab that indents a field',
      'code:\n  node: x\n\tpython: y',
      ['first.md:13:1 error: A tab indents this line; YAML takes spaces alone. -> replace it by spaces'],
    ],
    [
      'an alias',
      'given: [*x]',
      [
        'first.md:11:9 error: *x is an alias in YAML, and aliases are not read here. -> quote text that begins with "*"',
      ],
    ],
    [
      'text that begins with a star',
      `checks:
  - used: * EX`,
      [
        'first.md:12:11 error: Text that begins with "*" or "&" reads as an alias in YAML. -> quote the whole text',
      ],
    ],
    [
      'an anchor',
      'given: &x [SET a b]',
      ['first.md:11:11 error: The YAML anchor &x is not read here. -> leave it out, or quote the text'],
    ],
    [
      'a tag',
      'given: !!set {a}',
      ['first.md:11:14 error: The YAML tag !!set is not read here. -> leave it out, or quote the text'],
    ],
    [
      'a field that stands twice',
      `id: visit
id: other`,
      ['first.md:12:1 error: "id" stands here twice. -> keep one of them'],
    ],
    [
      'a field that stands twice in a check',
      `checks:
  - key: a
    string: x
    string: y`,
      ['first.md:14:5 error: "string" stands here twice. -> keep one of them'],
    ],
    [
      'a quote that is never closed, where it opens',
      'hints: ["a, b]',
      [
        'first.md:11:9 error: A quoted text begins here and never ends. -> close the quote; a quote inside "..." is \\"',
      ],
    ],
    [
      'an id that is no name',
      'id: Visit One',
      [
        'first.md:11:5 error: "id" is not well formed. -> write small letters, digits and single dashes, as in "sorted-sets"',
      ],
    ],
    [
      'too many repetitions',
      `given:
  - repeat: 500
    run: SET a{n} {n}`,
      ['first.md:12:13 error: "repeat" must be at most 300.'],
    ],
    [
      'an empty range of repetitions',
      `given:
  - repeat: 9..5
    run: SET a{n} {n}`,
      ['first.md:12:13 error: This range is empty. -> did you mean 5..9?'],
    ],
    [
      'a misspelt repetition',
      `given:
  - repaet: 5
    run: SET a{n} {n}`,
      ['first.md:12:5 error: Item 1 of "given" knows no field "repaet". -> did you mean "repeat"?'],
    ],
    [
      'an escape that makes a control character',
      'hints: ["\\e[31mred", b, c]',
      [
        'first.md:11:9 error: An escape makes a control character here (U+001B). -> in a command, write it in Redis\'s own quotes, as "\\x1b"',
      ],
    ],
    [
      'a line break in a quoted command line',
      'solution: "SET a b\\nSET visitor:8 Bo"',
      [
        'first.md:11:11 error: A quoted command line holds a line break. -> use a block (|) for several lines, or write \\\\n for a break inside a value',
      ],
    ],
    [
      'dot-commands where none belong',
      `given: [.answer 5]
accept:
  - [.hint, SET visitor:8 Bo]`,
      [
        'first.md:11:9 error: ".answer" does not belong into the given state.',
        'first.md:13:6 error: ".hint" is no command that an answer may hold. -> only ".answer TEXT" is',
      ],
    ],
    [
      'a block that is no map',
      '- a',
      [
        'first.md:12:1 error: Unexpected scalar at node end (YAML). -> look at the indentation, and quote text that holds quotes, ": " or " #"',
      ],
    ],
    [
      'a language that there is not',
      `code:
  ruby: x`,
      ['first.md:12:3 error: "code" knows no field "ruby". -> it knows module, node, python'],
    ],
    [
      'a misspelt field of an equivalent mutant',
      `equivalent:
  - mutnat: x
    because: y`,
      ['first.md:12:5 error: Item 1 of "equivalent" knows no field "mutnat". -> did you mean "mutant"?'],
    ],
  ])('%s', async (_, yaml, expected) => {
    const dir = await courseFolder({ 'course.yaml': COURSE, 'first.md': lessonWith(yaml) });
    expect((await lintCourse(dir, KNOWLEDGE)).problems.map(told)).toEqual(expected);
  });

  it('nothing when all is well', async () => {
    const dir = await courseFolder({ 'course.yaml': COURSE, 'first.md': lessonWith() });
    expect((await lintCourse(dir, KNOWLEDGE)).problems).toEqual([]);
  });
});

describe('lintCourse tells, of Markdown that is not what was meant,', () => {
  const told = async (lesson: string): Promise<string[]> => {
    const dir = await courseFolder({ 'course.yaml': COURSE, 'first.md': lesson });
    const { problems } = await lintCourse(dir, KNOWLEDGE);
    return problems.map(({ at, message }) => `${at.file}:${at.line}:${at.column} ${message}`);
  };
  const beforeTask = (text: string) => lessonWith().replace('**Your turn.**', `${text}\n\n**Your turn.**`);

  it.each([
    [
      'an exercise before any step',
      lessonWith().replace(/## .*\n/, ''),
      'first.md:9:1 This exercise stands before any step.',
    ],
    [
      'ordinary code that swallows an exercise',
      beforeTask('```js\nx()'),
      'first.md:9:1 This fence is never closed: all that follows reads as code.',
    ],
    [
      'a fence of two backticks',
      beforeTask('``redis demo\nGET a\n``'),
      'first.md:9:1 This fence does not open a block.',
    ],
    [
      'a fence that is indented too far',
      beforeTask('    ```redis demo\n    GET a\n    ```'),
      'first.md:9:5 This fence does not open a block.',
    ],
    [
      'a fence with a dash in its name',
      beforeTask('```redis-demo\nGET a\n```'),
      'first.md:9:1 Nothing reads a block `redis-demo`.',
    ],
    ['half a name', beforeTask('```demo\nGET a\n```'), 'first.md:9:1 Nothing reads a block `demo`.'],
    [
      'a comment that is never closed',
      beforeTask('<!-- later'),
      'first.md:9:1 This comment is never closed: all that follows belongs to it.',
    ],
    ['a heading without a space', beforeTask('##Next'), 'first.md:9:1 This heading reads as a paragraph.'],
  ])('%s', async (_, lesson, message) => {
    expect(await told(lesson)).toContain(message);
  });

  it('nothing of one of our blocks that is shown in a longer fence', async () => {
    expect(await told(beforeTask('````markdown\n```redis demo\nGET a\n```\n````'))).toEqual([]);
  });
});
