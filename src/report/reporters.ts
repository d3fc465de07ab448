import type { MakeReporter } from './reporter.ts';

/** Of standard output, the first by default; all of them may be files too, but for what is for a workflow's log. */
export const FORMATS = ['human', 'json', 'tap', 'github'] as const;
export type Format = (typeof FORMATS)[number];

const FILES = [
  'json',
  'tap',
  'junit',
  'ctrf',
  'exercism',
  'check50',
  'gradescope',
  'github-classroom',
  'markdown',
  'csv',
] as const;
export type ReportKind = Format | (typeof FILES)[number];
/** What `--report KIND=FILE` knows. */
export const REPORT_KINDS: readonly ReportKind[] = FILES;

/** Every reporter, by the name that flags know it by; each is loaded when it is asked for. */
export const reporters: Record<ReportKind, () => Promise<MakeReporter>> = {
  human: async () => (await import('./human.ts')).humanReporter,
  json: async () => (await import('./json.ts')).jsonReporter,
  tap: async () => (await import('./tap.ts')).tapReporter,
  github: async () => (await import('./github.ts')).githubReporter,
  junit: async () => (await import('./junit.ts')).junitReporter,
  ctrf: async () => (await import('./ctrf.ts')).ctrfReporter,
  exercism: async () => (await import('./exercism.ts')).exercismReporter,
  check50: async () => (await import('./check50.ts')).check50Reporter,
  gradescope: async () => (await import('./gradescope.ts')).gradescopeReporter,
  'github-classroom': async () => (await import('./github-classroom.ts')).githubClassroomReporter,
  markdown: async () => (await import('./markdown.ts')).markdownReporter,
  csv: async () => (await import('./csv.ts')).csvReporter,
};
