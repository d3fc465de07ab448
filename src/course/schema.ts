import { z } from 'zod';
import { anyCheck } from './checks/registry.ts';
import { MODULE_FOLDER, WRONG_MODULE } from './code-module.ts';
import { filled, lines } from './fields.ts';
import { KEYSPACE_EVENTS } from './needs.ts';
import { otherSchema } from './others.ts';
import { serversSchema } from './servers.ts';

/** The shapes of what authors write. From these come the loader's judgement and the JSON Schema for editors. */

const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const name = z.string().regex(NAME, 'small letters, digits and single dashes, as in "sorted-sets"').max(60);
export const EXERCISE_ID = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
const exerciseId = z.string().regex(EXERCISE_ID, 'lesson/exercise, as in "strings/session-ttl"').max(121);

const points = z.number().min(0).max(1000).multipleOf(0.5);

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
    others: z
      .array(otherSchema)
      .min(1)
      .max(16)
      .optional()
      .describe("Who else is at work there, instead of the exercise's own."),
    meanwhile: lines
      .optional()
      .describe(
        'What another client runs, as a whole; tried in every gap between the commands of the answer.',
      ),
    beside: lines
      .optional()
      .describe(
        'What another client runs one by one, while the answer runs: tried in every order of the two that matters.',
      ),
    dies: z
      .boolean()
      .optional()
      .describe('true: the answer ends in every gap, as a program does that dies on the way.'),
    only: z
      .literal('code')
      .optional()
      .describe(
        'code: not for what is typed. A person may read a number and type it; a program works it out.',
      ),
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
    server: name.optional().describe("Which of the lesson's servers it runs on; the own, where absent."),
    needs: z
      .array(
        z
          .string()
          .regex(
            new RegExp(`^(${KEYSPACE_EVENTS}|[A-Z]+)$`),
            `a command that the server has to have, in capitals, or ${KEYSPACE_EVENTS}`,
          ),
      )
      .min(1)
      .optional()
      .describe(
        'What the server must have, beyond what the course says: commands, in capitals, or keyspace-events. Where it has not, the exercise counts for nothing.',
      ),
    others: z.array(otherSchema).min(1).max(16).optional().describe('Who else is at work while it is done.'),
    checks: z
      .array(anyCheck)
      .min(1)
      .optional()
      .describe('What holds when it is solved. All of them must. A code exercise has a scenario instead.'),
    worlds: z
      .array(worldSchema)
      .min(1)
      .optional()
      .describe('Where the answer must hold too. Tried once the checks hold; the answer is replayed there.'),
    parts: z
      .literal(true)
      .optional()
      .describe(
        'true: a wrong answer gets its part of the points, for what holds of it that did not hold from the start.',
      ),
    hints: z.array(filled).optional().describe('Three, from a direction to nearly there.'),
    solution: lines
      .optional()
      .describe(
        'The answer to show: one command line, or a list of them. That of a code exercise is in its folder.',
      ),
    accept: z
      .array(lines)
      .optional()
      .describe('Other right answers. Each is one command line, or a list of lines that belong together.'),
    reject: z
      .array(
        z
          .strictObject({
            try: z
              .union([
                lines,
                z.strictObject({ node: filled.describe('With node-redis: a wrong program.') }),
                z.strictObject({
                  module: z
                    .string()
                    .regex(WRONG_MODULE, 'a file of the folder of this exercise, as wrong/blind-del.js')
                    .describe('Of a code exercise: a wrong module, from its folder.'),
                }),
              ])
              .describe(
                'The wrong answer: one command line, a list of them, a program as {node: ...}, or a module as {module: FILE}.',
              ),
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
        module: z
          .string()
          .regex(MODULE_FOLDER, 'a folder of the course, as code/locks/release')
          .optional()
          .describe(
            'Makes it a code exercise: the folder of its scenario.ts, its starters and its solutions.',
          ),
        node: snippet
          .optional()
          .describe('With node-redis, where `client` is connected. A text, or a list of several.'),
        python: snippet
          .optional()
          .describe('With redis-py, where `r` is connected. A text, or a list of several.'),
      })
      .optional()
      .describe('The same solution in code; or the module that is to be written.'),
  })
  .describe('One exercise of a lesson: the block ```yaml exercise.');

export const lessonSchema = z
  .strictObject({
    title: filled.describe('What the list of lessons shows.'),
    guide: filled.optional().describe('The section of a guide that the lesson teaches, where there is one.'),
    minutes: z.int().min(1).max(600).describe('How long it takes, roughly.'),
    commands: z.array(filled).describe('The commands that it teaches, in capitals: [SET, GET].'),
    servers: serversSchema
      .optional()
      .describe('Servers that its exercises run on besides the own, by their names within the lesson.'),
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
    points: z
      .record(z.union([name, exerciseId]), points)
      .optional()
      .describe(
        'What exercises count in a check, 1 where nothing is said: by lesson (each of its exercises) or by lesson/exercise.',
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
