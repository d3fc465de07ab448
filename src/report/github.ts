import { basename } from 'node:path';
import type { Result } from '../engine/result.ts';
import { visible } from '../ui/visible.ts';
import { fatalText } from './fatal-text.ts';
import { headingOf } from './heading.ts';
import { humanReporter } from './human.ts';
import type { MakeReporter } from './reporter.ts';

/** What a step shows of its annotations: https://docs.github.com/en/actions/reference/limits. */
const MOST = 10;

/**
 * The log of a GitHub workflow: what people read, and an annotation for each of the first ten that did not pass.
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions; escaped as `@actions/core` does,
 * https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts, which is more than is needed for one line.
 */
export const githubReporter: MakeReporter = (write) => {
  const human = humanReporter((text) => write(inert(text)));
  let wrong = 0;
  return {
    ...human,
    result(result) {
      human.result(result);
      if (result.status === 'passed' || result.status === 'skipped') return;
      if (++wrong <= MOST) write(annotationOf(result));
    },
    end(ending) {
      human.end(ending);
      if (wrong > MOST)
        write(
          `${wrong - MOST} more have no annotation: --report markdown=$GITHUB_STEP_SUMMARY tells of all.\n`,
        );
    },
    fatal(fatal) {
      write(`::error title=${property('rediscover check')}::${data(fatalText(fatal))}\n`);
    },
  };
};

function annotationOf(result: Result): string {
  const place = placeOf(result);
  const where = place ? `file=${property(place.file)},line=${place.line},col=${place.column},` : '';
  return `::error ${where}title=${property(headingOf(result))}::${data(visible(result.message, 'lines'))}\n`;
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

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(visible(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');
}

/** The runner obeys what stands behind `::` at the beginning of a line, and behind `##[` anywhere. */
function inert(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1\\x3a').replaceAll('##[', '##\\x5b');
}
