import { basename } from 'node:path';
import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { FATAL_NAME, fatalText } from './fatal-text.ts';
import { headingOf } from './heading.ts';
import { humanReporter } from './human.ts';
import type { MakeReporter } from './reporter.ts';
import { errorCommand, inert } from './workflow-command.ts';

/** What a step shows of its annotations: https://docs.github.com/en/actions/reference/limits. */
const MOST = 10;

/** The log of a GitHub workflow: what people read, and an annotation for each of the first ten that did not pass. */
export const githubReporter: MakeReporter = (write) => {
  const human = humanReporter((text) => write(inert(text)));
  let wrong = 0;
  let annotated = 0;
  /** The last that has room waits for the end: what stops it all would not be shown behind it. */
  let waiting: Result | undefined;
  const annotate = (result: Result) => {
    annotated++;
    write(annotationOf(result));
  };
  const tellOfMore = () => {
    const more = wrong - annotated;
    if (more > 0)
      write(`${more} more have no annotation: --report markdown=$GITHUB_STEP_SUMMARY tells of all.\n`);
  };
  return {
    ...human,
    result(result) {
      human.result(result);
      if (result.status === 'passed' || result.status === 'skipped') return;
      wrong++;
      if (wrong < MOST) annotate(result);
      else waiting ??= result;
    },
    end(ending) {
      if (waiting) annotate(waiting);
      human.end(ending);
      tellOfMore();
    },
    fatal(fatal) {
      write(errorCommand(FATAL_NAME, fatalText(fatal)));
      tellOfMore();
    },
  };
};

function annotationOf(result: Result): string {
  const { status, message, next } = result;
  const said =
    status === 'error'
      ? [`This could not be judged: ${message}`, ...(next === undefined ? [] : [next])]
      : [message];
  return errorCommand(headingOf(result), visible(said.join('\n'), 'lines'), placeOf(result));
}

/** The line of the module that is to blame, where that is known; else where the answer stands. */
function placeOf({ at, checks }: Result): Result['at'] {
  if (!at) return undefined;
  for (const { fact } of checks) {
    if (fact?.code !== 'case-failed' || !fact.place) continue;
    const { file, line } = fact.place;
    if (basename(at.file) === file) return { file: at.file, line, column: 1 };
  }
  return at;
}
