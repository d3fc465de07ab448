import type { Row, Schedule } from '../code/schedule.ts';
import { commandLines } from './command-lines.ts';
import { glance } from './duration.ts';
import { drawLanes, type Happening } from './lanes.ts';
import type { Style, Theme } from './theme.ts';
import { shorteningTokens } from './tokens.ts';
import { visible } from './visible.ts';
import { wrapRuns } from './wrap.ts';

/** Arguments of a command that are shown. */
const ARGUMENTS = 20;

export interface ScheduleOptions {
  theme: Theme;
  /** Columns of the window. */
  width: number;
  /** Names stand before the lines, however much room there is. */
  inline?: boolean;
}

/** A table of what happened: a column for each actor and a row for each command; where the promise broke, that below it. */
export function drawSchedule(schedule: Schedule, options: ScheduleOptions): string {
  const { head, rows } = scheduleRows(schedule, options);
  return [...(head ? [head] : []), ...rows].join('\n');
}

/** The same in pieces: the names over the columns, empty where there are no columns, and each row, of one line or more. */
export function scheduleRows(
  schedule: Schedule,
  { theme, width, inline = false }: ScheduleOptions,
): { head: string; rows: string[] } {
  const { actors, rows } = schedule;
  const styles = [theme.command, theme.warn, theme.number];
  const styleOf = (actor: string) => styles[actors.indexOf(actor) % styles.length] ?? theme.plain;
  const short = shortening(schedule, theme);
  let clock = 0;
  const happenings = rows.map((row) => {
    const passed = 'now' in row ? row.now - clock : 0;
    clock += passed;
    return [happeningOf(row, passed, { theme, short, styleOf }), ...broken(row, theme)];
  });
  const { head, drawn } = drawLanes(
    actors.map((name) => visible(name)),
    happenings.flat(),
    { theme, width, inline },
  );
  return { head, rows: happenings.map(({ length }) => drawn.splice(0, length).join('\n')) };
}

/** Shortens what was made by chance, alike in all of a schedule. */
export function shortening({ rows }: Schedule, { sign }: Theme): (text: string) => string {
  const texts = rows.flatMap((row) =>
    ('args' in row ? row.args : []).concat('reply' in row ? row.reply : []),
  );
  return shorteningTokens(texts, sign.more);
}

interface Look {
  theme: Theme;
  short(text: string): string;
  styleOf(actor: string): Style;
}

function happeningOf(row: Row, passed: number, { theme, short, styleOf }: Look): Happening {
  switch (row.kind) {
    case 'command':
    case 'lost': {
      const words = row.args.slice(0, ARGUMENTS).map((arg) => wordOf(short(arg)));
      if (row.args.length > ARGUMENTS) words.push(theme.sign.more);
      const answer = row.kind === 'command' ? `-> ${visible(short(row.reply))}` : LOST[row.what];
      const style = styleOf(row.actor);
      const lines = (room: number) => commandLines(words, answer, room, theme.sign.more);
      return { by: visible(row.actor), style, lines };
    }
    case 'mark':
      return { by: visible(row.actor), style: styleOf(row.actor), lines: wrapped(`(${row.words})`, theme) };
    case 'dies':
      return { by: visible(row.actor), style: theme.bad, lines: () => ['dies'] };
    case 'expires':
      return { style: theme.dim, lines: wrapped(`~ ${short(row.key)} expires ~`, theme) };
    case 'time':
      return {
        style: theme.dim,
        lines: wrapped(`~ time passes: ${passed < 1000 ? `${passed} ms` : glance(passed)} ~`, theme),
      };
  }
}

const LOST = { command: '-> never arrives', reply: '-> the reply is lost' };

function broken({ broke, ...row }: Row, theme: Theme): Happening[] {
  if (broke === undefined) return [];
  const lines = (room: number) =>
    wrapped(broke, theme)(Math.max(1, room - 2)).map((line, at) => (at === 0 ? '^ ' : '  ') + line);
  return [{ ...('actor' in row && { by: visible(row.actor) }), style: theme.bad, lines, wide: true }];
}

/** An argument as it is where it is one word, else in quotes; of what is written over lines, as scripts are, in one. */
function wordOf(arg: string): string {
  if (arg !== '' && !/\s/.test(arg)) return visible(arg);
  const quote = arg.includes('"') ? "'" : '"';
  return visible(`${quote}${arg.trim().replace(/\s*\n\s*/g, ' ')}${quote}`);
}

function wrapped(text: string, { plain: style }: Theme): (room: number) => string[] {
  return (room) => wrapRuns([{ text: visible(text), style }], room);
}
