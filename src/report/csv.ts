import { stringify } from 'csv-stringify/sync';
import { visible } from '../ui/visible.ts';
import { fatalText } from './fatal-text.ts';
import type { MakeReporter } from './reporter.ts';

const COLUMNS = ['id', 'title', 'status', 'score', 'max', 'file', 'line', 'message', 'next'];

/**
 * Comma-separated values, a row an exercise: https://www.rfc-editor.org/rfc/rfc4180. A cell that a spreadsheet would take for
 * a formula gets an apostrophe before it, as https://owasp.org/www-community/attacks/CSV_Injection says; csv-stringify overlooks
 * one behind blanks and line feeds, which therefore go.
 */
export const csvReporter: MakeReporter = (write) => {
  let begun = false;
  const row = (cells: (string | number | undefined)[]) => {
    if (!begun) write(lineOf(COLUMNS));
    begun = true;
    write(lineOf(cells));
  };
  return {
    start() {
      write(lineOf(COLUMNS));
      begun = true;
    },
    result({ id, title, status, score, max, at, message, next }) {
      row([id, title, status, score, max, at?.file, at?.line, message, next]);
    },
    end() {},
    fatal(fatal) {
      row(['', '', 'error', 0, 0, undefined, undefined, fatalText(fatal)]);
    },
  };
};

function lineOf(cells: (string | number | undefined)[]): string {
  const row = COLUMNS.map((_, at) => {
    const cell = cells[at];
    return typeof cell === 'string' ? visible(cell, 'lines').trimStart() : (cell ?? '');
  });
  return stringify([row], { escape_formulas: true, record_delimiter: 'windows' });
}
