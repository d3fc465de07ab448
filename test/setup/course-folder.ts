import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Problem } from '../../src/course/course.ts';

/** For tests: a folder with these files, gone after the test. */
export async function courseFolder(files: Record<string, string | Uint8Array>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'rediscover-course-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [file, content] of Object.entries(files)) await writeFile(join(dir, file), content);
  return dir;
}

export const COURSE = `id: sample
title: A sample
floor: "6.2"
lessons: [first]
exercises: [first/visit]
`;

export const FRONT = `---
title: First
minutes: 3
commands: [SET]
---
`;

const FIELDS: Record<string, string> = {
  id: 'id: visit',
  checks: 'checks:\n  - key: visitor:8\n    string: Bo',
  hints: 'hints: [one, two, three]',
  solution: 'solution: SET visitor:8 Bo',
  reject: `reject:
  - { try: SET visitor:8 bo, because: Bo }
  - { try: SET visitor:9 Bo, because: is not there }
  - { try: SET visitor:8 Boo, because: Bo }`,
};

/** A flawless lesson but for these lines of its exercise block, which begin at line 11; fields they lack are added. */
export function lessonWith(yaml = ''): string {
  const rest = Object.entries(FIELDS).filter(([field]) => !new RegExp(`^${field}:`, 'm').test(yaml));
  const block = [yaml, ...rest.map(([, text]) => text)].filter((text) => text !== '').join('\n');
  return `${FRONT}
## A value under a name

**Your turn.** Keep \`Bo\` under \`visitor:8\`.
\`\`\`yaml exercise
${block}
\`\`\`
`;
}

export function told({ at, severity, message, hint }: Problem): string {
  return `${at.file}:${at.line}:${at.column} ${severity}: ${message}${hint ? ` -> ${hint}` : ''}`;
}
