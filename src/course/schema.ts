import { z } from 'zod';

/** The shapes of what authors write. From these come the loader's judgement and the JSON Schema for editors. */

const text = z.string();
const filled = z.string().regex(/\S/, 'something other than blanks');
const number = z.number();

/** `lines` is a list or one text; a text of several lines (`|`) is as many command lines. */
const lines = z.union([filled, z.array(filled).min(1)]);
const patterns = lines;

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const name = z.string().regex(NAME, 'small letters, digits and single dashes, as in "sorted-sets"').max(60);
export const EXERCISE_ID = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
const exerciseId = z.string().regex(EXERCISE_ID, 'lesson/exercise, as in "strings/session-ttl"').max(121);

/** A number or a range: `3`, `"1..5"`, `"3.."`. */
const RANGE = /^(\d+)\.\.(\d*)$/;
const range = z.union([z.int().min(0), z.string().regex(RANGE, 'a whole number, or a range as 1..5 or 3..')]);

const included = <T extends z.ZodType>(value: T) =>
  z.strictObject({ includes: value.describe('At least these; others may be there too.') });
const collection = <T extends z.ZodType>(value: T) => z.union([value, included(value)]);

const texts = z.array(text).min(1);
const fields = z
  .record(z.string(), text)
  .refine((map) => Object.keys(map).length > 0, 'at least one entry')
  .meta({ minProperties: 1 });
const scores = z
  .record(z.string(), number)
  .refine((map) => Object.keys(map).length > 0, 'at least one entry')
  .meta({ minProperties: 1 });

const why = filled.optional().describe('Your own words, added to the message when this check fails.');

export const TYPES = ['string', 'list', 'hash', 'set', 'zset', 'stream'] as const;
export const ENCODINGS = [
  'raw',
  'embstr',
  'int',
  'listpack',
  'listpackex',
  'ziplist',
  'quicklist',
  'linkedlist',
  'hashtable',
  'intset',
  'skiplist',
  'stream',
] as const;

const keyCheck = z
  .strictObject({
    key: filled.describe('The name of one key. Every field beside it is judged on its own.'),
    exists: z.boolean().optional().describe('Whether the key is there at all.'),
    type: z.enum(TYPES).optional().describe('The type of the value, as TYPE answers.'),
    string: text
      .optional()
      .describe('The string it holds, byte for byte. Quote what looks like a number: "42".'),
    number: number
      .optional()
      .describe('The number that its string is, however it is written: 10.50 is 10.5.'),
    within: number.min(0).optional().describe('How far `number` may be off; 0 where this is absent.'),
    list: collection(texts).optional().describe('All elements in order, or {includes: [...]}.'),
    hash: collection(fields).optional().describe('All fields and values, or {includes: {...}}.'),
    set: collection(texts).optional().describe('All members in any order, or {includes: [...]}.'),
    zset: collection(scores)
      .optional()
      .describe('All members with their scores, {member: score}, or {includes: {...}}.'),
    length: range.optional().describe('How many elements (of a string: bytes): 3, "1..5" or "3..".'),
    encoding: z
      .union([z.enum(ENCODINGS), z.array(z.enum(ENCODINGS)).min(1)])
      .optional()
      .describe('What OBJECT ENCODING answers: one, or a list of which any serves.'),
    matches: filled.optional().describe('A JavaScript regular expression that the string matches somewhere.'),
    ttl: z
      .union([z.int().min(1), z.string().regex(RANGE, 'whole seconds'), z.literal('none')])
      .optional()
      .describe('The expiry that was set, in seconds: 1800, "1500..1800", or none.'),
    expireat: z
      .int()
      .min(1)
      .optional()
      .describe('The moment of expiry, in Unix seconds, exact to the second.'),
    or: z.literal('missing').optional().describe('missing: it is right as well that the key is not there.'),
    why,
  })
  .describe('What one key holds.');

const keysCheck = z
  .strictObject({
    keys: filled.describe('A pattern of key names, as KEYS takes it: session:*'),
    count: range.optional().describe('How many names match: 3, "1..5" or "3..".'),
    names: z.array(text).optional().describe('Exactly which names match, in any order.'),
    why,
  })
  .describe('Which keys are in the database.');

/** Lists in lists as deep as any reply goes; without recursion, which editors follow badly. */
const flatReply = z.union([text, number, z.null()]);
const replyList = z.array(z.union([flatReply, z.array(z.union([flatReply, z.array(flatReply)]))]));
const replyValue = z.union([text, number, z.null(), replyList]);

const replyCheck = z
  .strictObject({
    reply: replyValue.describe('What some command answered. nil is null; a list is an array reply.'),
    to: filled.optional().describe('Which command, by pattern: "TTL session:*". Any, where this is absent.'),
    item: z.int().optional().describe('Judge this element of an array reply alone; counts from 0.'),
    or: z.array(replyValue).min(1).optional().describe('Other answers that are right too.'),
    by: z
      .enum(['other', 'anyone'])
      .optional()
      .describe("Whose command, in a world: the other client's, or anybody's; the learner's where absent."),
    times: z
      .int()
      .min(0)
      .optional()
      .describe('How many commands answered so, exactly; at least 1 where absent.'),
    why,
  })
  .describe('What a command answered.');

const usedCheck = z
  .strictObject({
    used: patterns.describe(
      'A command that was run, or a list of which any serves. Words match in order, gaps allowed: SET EX matches SET k v EX 9.',
    ),
    why,
  })
  .describe('Which command did it.');

const avoidedCheck = z
  .strictObject({
    avoided: patterns.describe('A command that was not run, or a list of which none was. KEYS, "SET * EX".'),
    why,
  })
  .describe('Which command did not.');

const atomicCheck = z
  .strictObject({
    atomic: lines.describe('Keys (one or a list) that one command, transaction or script wrote in one go.'),
    why,
  })
  .describe('That nobody could get in between.');

const answerCheck = z
  .strictObject({
    answer: lines.describe('What the learner types after .answer: the right text, or a list of right ones.'),
    choices: z
      .array(filled)
      .min(2)
      .optional()
      .describe('The answers to choose from, the right ones among them.'),
    why,
  })
  .describe('What the learner answers in words.');

/** Named, so that the JSON Schema says it once. */
const plainCheck = z
  .union([keyCheck, keysCheck, replyCheck, usedCheck, avoidedCheck, atomicCheck, answerCheck])
  .meta({ id: 'check' });

const anyOf = z
  .strictObject({
    any: z
      .array(z.union([plainCheck, z.array(plainCheck).min(1)]))
      .min(2)
      .describe('Ways in which it may be right: each a check, or a list of checks that hold together.'),
    why,
  })
  .describe('That one of several ways holds.');

/** By the field that tells the kind, which stands first. */
export const checkSchemas = {
  key: keyCheck,
  keys: keysCheck,
  reply: replyCheck,
  used: usedCheck,
  avoided: avoidedCheck,
  atomic: atomicCheck,
  answer: answerCheck,
  any: anyOf,
} as const;
export type CheckKind = keyof typeof checkSchemas;

const anyCheck = z.union([plainCheck, anyOf]).meta({ id: 'checks' });

const repeated = z
  .strictObject({
    repeat: z
      .union([
        z.int().min(1).max(300),
        z.string().regex(/^(\d{1,9})\.\.(\d{1,9})$/, 'a number up to 300, or a range as 41..53'),
      ])
      .describe('How often to run it (1 to 300), or from which number to which: 41..53.'),
    run: filled.describe('The command line; {n} in it is 1, 2, 3 and so on, or the numbers of the range.'),
  })
  .describe('One command line, many times.');

const givenLines = z.union([filled, z.array(z.union([filled, repeated]))]);

export const worldSchema = z
  .strictObject({
    where: filled.optional().describe('What is different there, in your words: 50 pieces are in stock.'),
    given: givenLines.optional().describe("The state to begin with, instead of the exercise's own."),
    also: givenLines.optional().describe("Command lines that come on top of the exercise's given state."),
    meanwhile: lines
      .optional()
      .describe(
        'What another client runs, as a whole; tried in every gap between the commands of the answer.',
      ),
    dies: z
      .boolean()
      .optional()
      .describe('true: the answer ends in every gap, as a program does that dies on the way.'),
    checks: z.union([anyCheck, z.array(anyCheck).min(1)]).describe('What holds then: one check or a list.'),
  })
  .describe('Another world in which a right answer holds too: other data, another client, a sudden end.');

const snippet = z.union([filled, z.array(filled).min(1)]);

export const exerciseSchema = z
  .strictObject({
    id: name.describe(
      "The exercise's stable name within its lesson, as in session-ttl. Progress is filed under it.",
    ),
    given: givenLines.optional().describe('Command lines that make the state to begin with.'),
    checks: z.array(anyCheck).min(1).describe('What holds when it is solved. All of them must.'),
    worlds: z
      .array(worldSchema)
      .min(1)
      .optional()
      .describe('Where the answer must hold too. Tried once the checks hold; the answer is replayed there.'),
    hints: z.array(filled).optional().describe('Three, from a direction to nearly there.'),
    solution: lines.describe('The answer to show: one command line, or a list of them.'),
    accept: z
      .array(lines)
      .optional()
      .describe('Other right answers. Each is one command line, or a list of lines that belong together.'),
    reject: z
      .array(
        z
          .strictObject({
            try: z
              .union([lines, z.strictObject({ node: filled.describe('With node-redis: a wrong program.') })])
              .describe('The wrong answer: one command line, a list of them, or a program as {node: ...}.'),
            because: filled.describe("Words of the failing check's message."),
          })
          .describe('A near miss.'),
      )
      .optional()
      .describe('Wrong answers that people really give, and what they are told. Three at least.'),
    equivalent: z
      .array(
        z
          .strictObject({
            mutant: filled.describe('The changed command line; * stands for any text.'),
            because: filled.describe('Why it is right all the same.'),
          })
          .describe('A change to the solution that is right too.'),
      )
      .optional()
      .describe('Changes to the solution that `course test` makes and that are right answers too.'),
    code: z
      .strictObject({
        node: snippet
          .optional()
          .describe('With node-redis, where `client` is connected. A text, or a list of several.'),
        python: snippet
          .optional()
          .describe('With redis-py, where `r` is connected. A text, or a list of several.'),
      })
      .optional()
      .describe('The same solution in code.'),
  })
  .describe('One exercise of a lesson: the block ```yaml exercise.');

export const lessonSchema = z
  .strictObject({
    title: filled.describe('What the list of lessons shows.'),
    guide: filled.optional().describe('The section of a guide that the lesson teaches, where there is one.'),
    minutes: z.int().min(1).max(600).describe('How long it takes, roughly.'),
    commands: z.array(filled).describe('The commands that it teaches, in capitals: [SET, GET].'),
  })
  .describe('The front matter of a lesson: what stands between two lines of --- at its top.');

export const courseSchema = z
  .strictObject({
    id: name.describe('The short name of the course. Progress is filed under it, so it never changes.'),
    title: filled.describe('What people see.'),
    floor: z
      .string()
      .regex(/^\d+\.\d+$/, 'a version with one point, in quotes: "6.2"')
      .describe('The oldest server version that every command of the course runs on, in quotes: "6.2".'),
    lessons: z
      .array(name)
      .min(1)
      .max(100)
      .describe('The lessons in order: names of Markdown files beside this one, without .md.'),
    exercises: z
      .array(exerciseId)
      .optional()
      .describe(
        'Every exercise ever published (lesson/exercise). `rediscover course lint --fix` adds new ones.',
      ),
    retired: z
      .record(exerciseId, z.union([exerciseId, z.null()]))
      .optional()
      .describe(
        'Exercises that were renamed (old: new) or dropped (old: null), so that progress is not lost.',
      ),
  })
  .describe('course.yaml, which makes a folder a course.');

/**
 * One JSON Schema (draft 7, which YAML editors read). As it is, it describes course.yaml; `#/$defs/lesson` the front
 * matter of a lesson and `#/$defs/exercise` an exercise block.
 */
export function courseSchemas(): Record<string, unknown> {
  const course = jsonSchema(courseSchema);
  const [lesson, exercise] = [jsonSchema(lessonSchema), jsonSchema(exerciseSchema)];
  return {
    $schema: course.schema.$schema,
    ...withoutDialect(course.schema),
    // What is said once is referred to from the root of the file.
    definitions: { ...course.definitions, ...lesson.definitions, ...exercise.definitions },
    $defs: {
      course: { $ref: '#' },
      lesson: withoutDialect(lesson.schema),
      exercise: withoutDialect(exercise.schema),
    },
  };
}

function jsonSchema(schema: z.ZodType) {
  const whole = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' }) as Record<string, unknown>;
  const { definitions, ...rest } = whole;
  return { schema: rest, definitions: definitions as Record<string, unknown> | undefined };
}

function withoutDialect({ $schema: _, ...schema }: Record<string, unknown>): Record<string, unknown> {
  return schema;
}
