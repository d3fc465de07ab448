import { availableParallelism } from 'node:os';
import { type Course, type Exercise, exercisesOf } from '../course/course.ts';
import { exercisesNamed } from '../course/named.ts';
import { type Answers, type HandedIn, readAnswers } from '../engine/answers-file.ts';
import {
  Check,
  exitCodeOf,
  hasWorlds,
  type Item,
  itemsFor,
  jobsFor,
  runsScenarios,
} from '../engine/check.ts';
import { readProgress } from '../engine/progress.ts';
import { answerFrom } from '../engine/recorded-answer.ts';
import { type Result, totalOf } from '../engine/result.ts';
import { BadUsage, ExitCode, Failure } from '../failure.ts';
import { progressFile } from '../folders.ts';
import type { Ending, Reporter } from '../report/reporter.ts';
import { type Format, reporters } from '../report/reporters.ts';
import { Reports, readWanted } from '../report/reports.ts';
import { ProgressBar } from '../ui/progress-bar.ts';
import { say } from '../ui/say.ts';
import type { Watching } from './check-watch.ts';
import { openCourse } from './course-option.ts';
import type { CourseFlags, PythonFlags, RedisFlags, TrustFlags } from './flags.ts';
import { findProgram, namedServer, openAside } from './redis-option.ts';
import { closeOnSignals } from './signals.ts';
import { isTrusted } from './trust.ts';

export interface CheckFlags extends RedisFlags, CourseFlags, TrustFlags, PythonFlags {
  answers?: string[];
  /** Judges what the learner has solved, as it was recorded. */
  fromProgress?: boolean;
  /** Judges what is on the named server now. */
  state?: boolean;
  /** Code may come from anywhere, not from beside the answers file alone. */
  allowOutside?: boolean;
  /** Judges only what is answered; without it, an exercise without an answer has not passed. */
  onlyAnswered?: boolean;
  /** How many are judged side by side; one per core where absent. */
  jobs?: number;
  /** Seconds that one answer may take. */
  timeout: number;
  /** The score from which on all is well. */
  minScore?: Least;
  format: Format;
  /** As `junit=report.xml`. */
  report?: string[];
  /** How many hints are told of what did not pass. */
  hints: number;
  showSolutions?: boolean;
  /** Goes on, and judges again what is saved. */
  watch?: boolean;
}

/** Points, or percent of all there are. */
export type Least = { points: number } | { percent: number };

/** What judges, and what it is to judge. */
interface Judging {
  redis: string;
  exercises: readonly Exercise[];
  results(): AsyncIterable<Result>;
  close(): Promise<void>;
  /** Goes on judging what is saved, where that can be: `results` are those of the first round. */
  watch?(results: readonly Result[], show: Watching['show']): Promise<never>;
}

/** `rediscover check [names...]`: judges answers without a terminal. */
export async function runCheck(names: string[], flags: CheckFlags): Promise<ExitCode> {
  const bar = new ProgressBar();
  const reports = await Reports.open((flags.report ?? []).map(readWanted), [
    await shownBy(flags.format, bar),
  ]);
  try {
    const course = await openCourse(flags);
    const judging = await openJudging(course, await exercisesNamed(course, names), flags);
    return await report(course, judging, { flags, reports, bar });
  } catch (error) {
    if (error instanceof Failure) {
      const { message, next, exitCode } = error;
      reports.fatal({ message, ...(next !== undefined && { next }), exitCode });
    }
    throw error;
  } finally {
    bar.end();
  }
}

async function report(
  course: Course,
  judging: Judging,
  { flags, reports, bar }: { flags: CheckFlags; reports: Reports; bar: ProgressBar },
): Promise<ExitCode> {
  let interrupted = false;
  const release = closeOnSignals(() => {
    interrupted = true;
    return judging.close();
  });
  const { redis, exercises } = judging;
  try {
    say(redis);
    reports.start({ course, redis, exercises });
    const results: Result[] = [];
    bar.draw(0, exercises.length);
    for await (const result of judging.results()) {
      if (result.fault === 'redis' && !results.some(({ fault }) => fault === 'redis'))
        bar.above(() => say([result.message, ...(result.next ? [result.next] : [])].join('\n')));
      results.push(result);
      reports.result(result);
      bar.draw(results.length, exercises.length);
    }
    bar.end();
    // A report of a part would be taken for the whole.
    if (interrupted) return ExitCode.interrupted;
    const ending = endingOf(results, flags);
    try {
      reports.end(ending);
    } catch (error) {
      // What was found stands on standard output all the same.
      if (!(error instanceof BadUsage)) throw error;
      say(error.message);
      return error.exitCode;
    }
    if (results.every(({ status }) => status === 'skipped' || status === 'missing'))
      say('Nothing was judged: that is no pass.');
    if (flags.watch) await watchOn(course, judging, results, flags);
    return ending.exitCode;
  } finally {
    await judging.close();
    release();
  }
}

/** Each round is a report of its own: on standard output of what was judged anew, in files of all. */
async function watchOn(
  course: Course,
  judging: Judging,
  results: readonly Result[],
  flags: CheckFlags,
): Promise<never> {
  const make = await reporters[flags.format]();
  const wanted = (flags.report ?? []).map(readWanted);
  say('Watching: what is saved is judged again. Ctrl-C ends it.');
  return judging.watch!(results, async (judged, all) => {
    const shown = make((text) => process.stdout.write(text), process.stdout);
    const rounds = [
      // Whoever sees the verdict finds the files as they are by then.
      { reporter: await Reports.open(wanted, []), told: all },
      { reporter: shown, told: flags.format === 'human' ? judged : all },
    ];
    for (const { reporter, told } of rounds) {
      reporter.start({ course, redis: judging.redis, exercises: told });
      for (const result of told) reporter.result(result);
      reporter.end(endingOf(all, flags));
    }
  });
}

async function openJudging(course: Course, named: Exercise[], flags: CheckFlags): Promise<Judging> {
  const sources = [
    flags.answers && '--answers',
    flags.fromProgress && '--from-progress',
    flags.state && '--state',
  ];
  const [source, other] = sources.filter(Boolean);
  if (!source)
    throw new BadUsage('There is nothing to judge.', {
      next: 'Name an answers file with --answers FILE; - is standard input.',
    });
  if (other)
    throw new BadUsage(`${source} and ${other} do not go together: what is to be judged?`, {
      next: 'Take one away.',
    });
  if (flags.watch && (!flags.answers || flags.answers.includes('-')))
    throw new BadUsage('--watch judges what is saved in files: name them with --answers.');
  if (flags.state) return openState(named, flags);
  const itemsOf = ({ handedIn }: Pick<Answers, 'handedIn'>) =>
    itemsFor(flags.onlyAnswered ? named.filter(({ id }) => handedIn.has(id)) : named, handedIn);
  if (!flags.answers) {
    const items = itemsOf({ handedIn: await recordedIn(course) });
    if (!items.some(({ answer }) => answer))
      throw new BadUsage('Your progress holds an answer to none of the exercises asked for.', {
        next: 'Answers are recorded as exercises are solved: rediscover learn',
      });
    return openItems(items, course, flags);
  }
  const paths = flags.answers;
  const ids = exercisesOf(course).map(({ id }) => id);
  const read = () =>
    readAnswers(paths, { ids, input: process.stdin, allowOutside: flags.allowOutside ?? false });
  const saves = flags.watch && new (await import('./check-watch.ts')).Saves(paths);
  const answers = await read();
  if (saves) saves.follow(answers.files);
  const items = itemsOf(answers);
  if (!items.some(({ answer, mistakes }) => answer ?? mistakes))
    throw new BadUsage(`${paths.join(', ')} answers none of the exercises asked for.`, {
      next: 'A section begins with a line like: == strings/session-ttl',
    });
  const judging = await openItems(items, course, flags);
  if (!saves) return judging;
  const watch: Judging['watch'] = async (results, show) => {
    const { watchAnswers } = await import('./check-watch.ts');
    return watchAnswers({ saves, read, itemsOf, judge: judging.judge, show }, answers, results);
  };
  return { ...judging, watch };
}

async function openItems(items: readonly Item[], course: Course, flags: CheckFlags) {
  const check = await openCheck(items, course, flags);
  return {
    redis: check.redis,
    exercises: items.map(({ exercise }) => exercise),
    results: () => check.results(items),
    judge: (some: readonly Item[]) => check.results(some),
    close: () => check.close(),
  };
}

/** What was recorded as exercises were solved; of those that were solved before there was a record, nothing. */
async function recordedIn(course: Course): Promise<Map<string, HandedIn>> {
  const progress = await readProgress(course, { onWarning: say });
  if (progress.warning) say(progress.warning);
  const at = { file: progressFile(), line: 1, column: 1 };
  return new Map(
    exercisesOf(course).flatMap(({ id }) => {
      const { answer } = progress.markOf(id) ?? {};
      return answer ? [[id, { at, answer: answerFrom(answer, at.file), mistakes: [] }] as const] : [];
    }),
  );
}

async function openState(exercises: Exercise[], flags: CheckFlags): Promise<Judging> {
  const redis = namedServer(flags);
  if (redis === undefined)
    throw new BadUsage('--state judges what is on a server of yours: it has to be named.', {
      next: 'Name it with --redis redis://host:port, and its database with --db.',
    });
  const { hints, showSolutions = false } = flags;
  const { StateCheck } = await import('../engine/state-check.ts');
  const state = await StateCheck.open({
    ...flags,
    redis,
    telling: { hints, solutions: showSolutions },
    aside: () => openAside(flags),
  });
  return {
    redis: state.redis,
    exercises,
    results: () => state.results(exercises),
    close: () => state.close(),
  };
}

async function openCheck(items: readonly Item[], course: Course, flags: CheckFlags): Promise<Check> {
  const { db, tlsCa, tlsCert, tlsKey, tlsServername, hints, showSolutions = false, python } = flags;
  const redis = namedServer(flags);
  const trusted = !runsScenarios(items) || (await isTrusted(course, flags.course, flags, 'scenarios'));
  const program = redis === undefined ? await findProgram(flags) : undefined;
  // A server of the user's has one database for us.
  const asked = redis === undefined ? flags.jobs : 1;
  return Check.open({
    sandbox: {
      redis: redis ?? null,
      db,
      tlsCa,
      tlsCert,
      tlsKey,
      tlsServername,
      typed: process.argv.slice(2),
      program,
    },
    limit: flags.timeout * 1000,
    trusted,
    python,
    telling: { hints, solutions: showSolutions },
    worlds: hasWorlds(items),
    jobs: jobsFor(items, asked, availableParallelism()),
  });
}

/** The reporter of standard output. */
async function shownBy(format: Format, bar: ProgressBar): Promise<Reporter> {
  const make = await reporters[format]();
  const reporter = make((text) => bar.above(() => process.stdout.write(text)), process.stdout);
  // Errors in JSON are written where all commands write theirs.
  return format === 'json' ? { ...reporter, fatal() {} } : reporter;
}

function endingOf(results: readonly Result[], { minScore }: CheckFlags): Ending {
  const total = totalOf(results);
  const least = minScore && pointsOf(minScore, total.max);
  const counts: Ending['counts'] = {};
  for (const { status } of results) counts[status] = (counts[status] ?? 0) + 1;
  return { ...total, counts, exitCode: exitCodeOf(results, least), ...(least !== undefined && { least }) };
}

function pointsOf(least: Least, max: number): number {
  return 'points' in least ? least.points : Math.round(least.percent * max) / 100;
}
