import type { Position } from '../course/course.ts';
import { visible } from '../ui/visible.ts';

/**
 * What the runner of a GitHub workflow obeys in a step's output:
 * https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions. Escaped as `@actions/core` does,
 * https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts.
 */
export function errorCommand(title: string, text: string, at?: Position): string {
  const where = at ? `file=${property(at.file)},line=${at.line},col=${at.column},` : '';
  return `::error ${where}title=${property(title)}::${data(text)}\n`;
}

/**
 * The text with nothing left in it that the runner obeys: what stands behind `::` at the beginning of a line, and behind
 * `##[` anywhere, https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs.
 */
export function inert(text: string): string {
  return text.replace(/^(\s*):(?=:)/gm, '$1\\x3a').replaceAll('##[', '##\\x5b');
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(visible(text)).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
