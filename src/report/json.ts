import type { ScheduleStory } from '../checks/verdict.ts';
import { replyText } from '../checks/words/reply.ts';
import { showName } from '../checks/words/show.ts';
import type { WorldStory } from '../checks/world-story.ts';
import { Failure } from '../failure.ts';
import { type Report, type Result, scoreOf, statusOf, totalOf } from './report.ts';
import { safeJson } from './safe-json.ts';

/** Changes when a field goes or changes its meaning; new fields don't change it. */
export const REPORT_SCHEMA = 'rediscover.report/1';

/**
 * `{schema, course, redis, score, max, exercises: [{id, status, score, max, checks}]}`; `course` is its id. A `status` is
 * passed, failed, error (the checker could not judge: `message` says why, `next` what to do), missing (no answer) or
 * skipped (`message`).
 */
export function jsonReport({ course, redis, results }: Report): string {
  const report = {
    schema: REPORT_SCHEMA,
    course: course.id,
    redis,
    ...totalOf(results),
    exercises: results.map(exerciseOf),
  };
  return `${safeJson(report)}\n`;
}

function exerciseOf(result: Result) {
  const { exercise, verdict, skipped } = result;
  const message =
    verdict?.status === 'error' ? (verdict.error?.message ?? 'The checker could not judge.') : skipped;
  const next = verdict?.error instanceof Failure ? verdict.error.next : undefined;
  return {
    id: exercise.id,
    status: statusOf(result),
    ...scoreOf(result),
    ...(message === undefined ? {} : { message }),
    ...(next === undefined ? {} : { next }),
    checks: verdict?.checks ?? [],
    ...(verdict?.world && { world: worldOf(verdict.world) }),
    ...(verdict?.schedule && { schedule: scheduleOf(verdict.schedule) }),
    ...(verdict?.output && { output: verdict.output }),
    ...(verdict?.alone !== undefined && { alone: verdict.alone }),
  };
}

/** A row a step: what it was, and what was answered; `broke` stands in the one in which the promise broke. */
function scheduleOf({ title, tried, schedule }: ScheduleStory) {
  const { actors, rows } = schedule;
  return { case: title, tried, actors, rows };
}

/** Commands and replies as they would be typed and read. */
function worldOf({ events, ...story }: WorldStory) {
  return {
    ...story,
    events: events.map(({ by, args, reply }) => ({
      by,
      command: args.map((arg) => showName(arg)).join(' '),
      reply: replyText(reply),
    })),
  };
}
