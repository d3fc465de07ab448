import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { BadUsage, ExitCode } from '../failure.ts';
import { schemaText } from './course-schema.ts';

/** `rediscover course new NAME [dir]`: a course of one working lesson, which lints and tests clean. */
export async function runCourseNew(name: string, dir?: string): Promise<ExitCode> {
  const made = await newCourse(name, dir);
  process.stdout.write(
    `${made.folder}: a course of one lesson\n${made.files.map((file) => `  ${file}\n`).join('')}`,
  );
  process.stdout.write(`Play it:   rediscover learn --course ${made.folder}\n`);
  process.stdout.write(`Check it:  rediscover course lint ${made.folder}\n`);
  process.stdout.write(`Prove it:  rediscover course test ${made.folder}\n`);
  return ExitCode.passed;
}

/** Writes the course; throws BadUsage rather than overwrite anything, and leaves nothing half-made. */
export async function newCourse(name: string, dir = name): Promise<{ folder: string; files: string[] }> {
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || name.length > 60) {
    const better = name
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '')
      .slice(0, 60)
      .replace(/-$/, '');
    throw new BadUsage(
      `A course's name has small letters, digits and single dashes; ${JSON.stringify(name)} has others.`,
      {
        next: better ? `Try: rediscover course new ${better}` : 'Try: rediscover course new my-course',
      },
    );
  }
  const contents = filesOf(name);
  for (const file of Object.keys(contents)) {
    if (await exists(join(dir, file))) {
      throw new BadUsage(`${join(dir, file)} is there already; nothing was written.`, {
        next: `Name another folder: rediscover course new ${name} FOLDER`,
      });
    }
  }
  const written: string[] = [];
  try {
    await mkdir(dir, { recursive: true });
    for (const [file, text] of Object.entries(contents)) {
      await writeFile(join(dir, file), text, { flag: 'wx' });
      written.push(file);
    }
  } catch (cause) {
    await Promise.all(written.map((file) => rm(join(dir, file), { force: true })));
    const { code } = cause as NodeJS.ErrnoException;
    throw new BadUsage(`The course cannot be written to ${dir} (${code}).`, {
      next: `Name a folder that you may write to: rediscover course new ${name} FOLDER`,
      cause,
    });
  }
  return { folder: dir, files: written };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

function filesOf(name: string): Record<string, string> {
  const title = name.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase());
  return {
    'course.yaml': COURSE.replace('NAME', stringify(name).trim()).replace('TITLE', JSON.stringify(title)),
    'first-steps.md': LESSON,
    'README.md': README.replace('TITLE', title),
    'course.schema.json': schemaText(),
  };
}

const COURSE = `# yaml-language-server: $schema=course.schema.json
id: NAME
title: TITLE
floor: "6.2"
lessons: [first-steps]

# Every published exercise. Progress is filed under these ids, so a changed one goes to \`retired\`.
exercises:
  - first-steps/gift-card
`;

const LESSON = `---
# yaml-language-server: $schema=course.schema.json#/$defs/lesson
title: First steps
minutes: 5
commands: [SET, GET]
---

# First steps

## A value that goes away by itself

A code sent by mail should stop working, also when nobody is there to delete it.

\`\`\`redis demo
SET code:ana 4711 EX 600
GET code:ana
TTL code:ana
\`\`\`

The option EX gives a value an **expiry**: so many seconds later, Redis removes it.

**Your turn.** A gift card is worth \`25 euro\` until tomorrow at this time. Keep that under \`gift:ben\`, to be
removed after 24 hours.

\`\`\`yaml exercise
# yaml-language-server: $schema=course.schema.json#/$defs/exercise
id: gift-card
given:
  - SET gift:ana "10 euro"
checks:
  - key: gift:ben
    string: 25 euro
    ttl: 86400
hints:
  - The demo stored a value that goes away. What came after the value?
  - EX counts seconds, and a value with a space in it stands in quotes.
  - SET gift:ben "25 euro" EX ... and a day has how many seconds?
solution: SET gift:ben "25 euro" EX 86400
accept:
  - SETEX gift:ben 86400 "25 euro"
  - SET gift:ben "25 euro" PX 86400000
  - [SET gift:ben "25 euro", EXPIRE gift:ben 86400]
reject:
  - try: SET gift:ben "25 euro"
    because: no expiry
  - try: SET gift:ben "25 euro" EX 24
    because: 24 s
  - try: SET gift:ben "25 euros" EX 86400
    because: gift:ben
code:
  node: |
    await client.set('gift:ben', '25 euro', { EX: 86400 })
  python: r.set('gift:ben', '25 euro', ex=86400)
\`\`\`

A later SET without EX would drop the expiry and keep the value for ever.
`;

const README = `# TITLE

A course for [Rediscover](https://www.npmjs.com/package/rediscover): Redis, learned in the terminal.

    npx rediscover learn --course .      play it
    npx rediscover course lint .         find mistakes, with file, line and column
    npx rediscover course test .         prove that right answers pass and wrong ones fail

\`course.yaml\` names the lessons in order. A lesson is a Markdown file: a step begins at \`##\`, a \`redis demo\` block is
run live, and a \`yaml exercise\` block holds what a machine needs to know of an exercise. Write a new one, then
\`npx rediscover course lint --fix .\` lists its id in \`course.yaml\`.

\`course.schema.json\` makes editors complete and explain every field: \`course.yaml\` names it in its first line, and so do the
front matter and the exercise block of the lesson, for editors that complete YAML inside Markdown. Refresh it with
\`npx rediscover course schema > course.schema.json\`.
`;
