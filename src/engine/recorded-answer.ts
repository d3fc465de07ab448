import { type Answer, MODULE_ENDINGS, type ModuleEnding } from '../course/course.ts';

/** What solved an exercise, as progress keeps it: the lines of an answers file, or a module. */
export type RecordedAnswer = { lines: string[] } | { ending: ModuleEnding; source: string };

/** Characters that are kept of one answer: one that is longer is not kept. */
export const LONGEST = 65_536;

export function recordedModule(ending: ModuleEnding, source: string): RecordedAnswer | undefined {
  return source.length > LONGEST ? undefined : { ending, source };
}

/** To be judged again. `file` is where it was kept. */
export function answerFrom(recorded: RecordedAnswer, file: string): Answer {
  const at = { file, line: 1, column: 1 };
  if ('lines' in recorded) return { kind: 'lines', lines: recorded.lines.map((text) => ({ text, at })), at };
  const { ending, source } = recorded;
  const language = ending === 'py' ? 'python' : 'node';
  return { kind: 'code', language, source, file: `answer.${ending}`, at };
}

/** As a file that anyone may edit has it; undefined for anything else. */
export function readRecorded(value: unknown): RecordedAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { lines, ending, source } = value as Record<string, unknown>;
  if (Array.isArray(lines) && lines.every((line) => typeof line === 'string')) return { lines };
  const known = MODULE_ENDINGS.find((one) => one === ending);
  return known && typeof source === 'string' ? { ending: known, source } : undefined;
}
