import { type Result, totalOf } from '../../src/engine/result.ts';
import type { Beginning, Ending, Fatal, MakeReporter } from '../../src/report/reporter.ts';

/** For tests of reporters: results of every kind, and runs that tell them. */

/** What terminals, pages and parsers of XML obey, or refuse; each in a place of its own. */
export const EVIL =
  'a\x1b[2J\x9b1m\x00\u202e<script>alert(1)</script>]]>]]><!-- &amp; "\'\r\t\x7f\x85\ufffe\uffff\ud800 \udc00x\u2028';
export const LONG = 'x'.repeat(10_000);

const base = { score: 0, max: 1, message: '', checks: [] };
export const passed: Result = {
  ...base,
  id: 'strings/set',
  title: 'Keep a name',
  status: 'passed',
  score: 1,
};
export const inWorld: Result = {
  ...base,
  id: 'strings/session-ttl',
  title: 'A session that ends',
  status: 'failed',
  max: 2,
  message: 'session:xyz has no expiry.\nIt should have one.',
  checks: [
    { id: 'key:session:xyz:exists', kind: 'key', status: 'passed', message: '' },
    {
      id: 'key:session:xyz:ttl',
      kind: 'key',
      status: 'failed',
      message: 'session:xyz has no expiry.',
      expected: '30 minutes',
      actual: 'no expiry',
    },
  ],
  world: {
    number: 1,
    kind: 'meanwhile',
    where: 'somebody else logs in',
    given: [],
    events: [
      { by: 'you', command: 'GET session:xyz', reply: '"1"' },
      { by: 'other', command: 'SET session:xyz 2', reply: 'OK' },
    ],
  },
  hints: ['Look at EX.', 'SET takes it too.'],
  solution: 'SET session:xyz 1 EX 1800',
};
export const inSchedule: Result = {
  ...base,
  id: 'locks/own-release',
  title: 'Let go of your own',
  status: 'failed',
  score: 0.5,
  message: 'Both were inside.',
  schedule: {
    title: 'Nobody lets go of the lock of another',
    tried: 7,
    schedule: {
      actors: ['A', 'B'],
      rows: [
        { kind: 'command', actor: 'A', args: ['SET', 'lock:report', '1'], reply: 'OK' },
        { kind: 'command', actor: 'B', args: ['DEL', 'lock:report'], reply: '1', broke: 'both inside' },
      ],
      choices: [],
    },
  },
  output: ['I am in', `${'y'.repeat(497)}😀😀`],
};
export const error: Result = {
  ...base,
  id: 'strings/incr',
  title: 'Count',
  status: 'error',
  message: 'The server went away.',
  next: 'Start it again.',
  fault: 'redis',
};
export const missing: Result = {
  ...base,
  id: 'strings/append',
  title: 'Add to it',
  status: 'missing',
  message: 'There is no answer.',
};
export const skipped: Result = {
  ...base,
  id: 'streams/xadd',
  title: 'A stream',
  status: 'skipped',
  max: 0,
  message: "It can't be done here: it needs XADD.",
};
export const evil: Result = {
  id: `evil/${EVIL}`,
  title: EVIL,
  status: 'failed',
  score: 0,
  max: 1,
  message: `${EVIL}\n${LONG}`,
  next: EVIL,
  checks: [{ id: EVIL, kind: 'key', status: 'failed', message: EVIL, expected: EVIL, actual: EVIL }],
  world: { ...inWorld.world!, where: EVIL, events: [{ by: 'you', command: EVIL, reply: EVIL }] },
  schedule: {
    title: EVIL,
    tried: 1,
    schedule: {
      actors: [EVIL],
      rows: [{ kind: 'command', actor: EVIL, args: [EVIL], reply: EVIL, broke: EVIL }],
      choices: [],
    },
  },
  output: [EVIL],
  alone: EVIL,
  hints: [EVIL],
  solution: EVIL,
};
export const mixed = [passed, inWorld, inSchedule, error, missing, skipped];

export const beginning: Beginning = {
  course: { id: 'redis', title: 'Redis' },
  redis: 'Redis 7.0.15, private',
  exercises: [],
};
export const evilBeginning: Beginning = { course: { id: EVIL, title: EVIL }, redis: EVIL, exercises: [] };
export const fatal: Fatal = { message: 'No Redis is to be had.', next: 'Install one.', exitCode: 3 };
const evilFatal: Fatal = { message: `${EVIL}\n${LONG}`, next: EVIL, exitCode: 2 };

export interface Told {
  begun?: Beginning | undefined;
  results?: readonly Result[];
  fatal?: Fatal;
  least?: number;
}

export function written(make: MakeReporter, { begun = beginning, results = [], fatal, least }: Told): string {
  let text = '';
  const reporter = make((piece) => {
    text += piece;
  });
  if (!fatal || begun !== beginning || results.length > 0) reporter.start(begun);
  for (const result of results) reporter.result(result);
  const ending: Ending = { ...totalOf(results), exitCode: 1, ...(least !== undefined && { least }) };
  if (fatal) reporter.fatal(fatal);
  else reporter.end(ending);
  return text;
}

export const cases: Record<string, Told> = {
  mixed: { results: mixed },
  'all passed': { results: [passed, { ...passed, id: 'lists/push' }] },
  evil: {
    begun: evilBeginning,
    results: [evil, { ...evil, status: 'error' }, { ...evil, id: EVIL, status: 'passed' }],
  },
  nothing: { results: [] },
  'only skipped': { results: [skipped] },
  'only errors': { results: [error, { ...error, id: 'a/b', message: `${LONG.repeat(7)}€` }] },
  'fatal before its start': { fatal },
  'fatal on the way': { results: mixed, fatal },
  'evil fatal': { begun: evilBeginning, results: [evil], fatal: evilFatal },
};
