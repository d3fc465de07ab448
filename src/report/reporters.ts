import type { Output } from '../ui/theme.ts';
import { humanReport } from './human.ts';
import { jsonReport } from './json.ts';
import type { Report } from './report.ts';

/** By the name that `--format` knows. Each answers the whole text, line feed included. */
export const reporters: Record<'human' | 'json', (report: Report, output?: Output) => string> = {
  human: humanReport,
  json: jsonReport,
};
