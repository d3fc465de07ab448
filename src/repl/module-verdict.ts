import { failuresOf, messagesOf, type Verdict } from '../checks/verdict.ts';
import { drawSchedule } from '../ui/schedule.ts';
import { visible } from '../ui/visible.ts';
import type { Screen } from './screen.ts';

/** Lines of a module's own output that are shown. */
const PRINTED = 10;

/** What keeps a module from passing: the first case that does not hold, with its schedule, and how many there are. */
export function showFailure(screen: Screen, verdict: Verdict): void {
  const [first] = messagesOf(verdict);
  if (first !== undefined) screen.line(screen.wrapped(`Not yet: ${first}`));
  showSchedule(screen, verdict);
  showOutput(screen, verdict);
  const failed = failuresOf(verdict).length;
  const { length } = verdict.checks;
  const count = `${length - failed} of ${length} ${length === 1 ? 'case holds' : 'cases hold'}`;
  const replay = verdict.schedule ? ', .replay goes through the schedule' : '';
  screen.note(`${count}; .check tells of each${replay}.`);
}

/** Of every case, whether it holds, and why not. */
export function showCases(screen: Screen, verdict: Verdict): void {
  const { bad, good, sign } = screen.theme;
  const said = new Set<string>();
  for (const { status, property = '', message } of verdict.checks) {
    const head = status === 'passed' ? good(sign.passed) : bad(sign.failed);
    screen.line(screen.wrapped(visible(property), { head: `${head} ` }));
    if (status === 'passed' || said.has(message)) continue;
    // What keeps all of them from holding is said once.
    said.add(message);
    screen.line(screen.wrapped(message).replace(/^/gm, '  '));
    if (verdict.schedule?.title === property) showSchedule(screen, verdict);
  }
  showOutput(screen, verdict);
}

function showSchedule(screen: Screen, { schedule: story }: Verdict): void {
  if (!story) return;
  const { theme, width } = screen;
  screen.line(drawSchedule(story.schedule, { theme, width: width - 2 }).replace(/^/gm, '  '));
}

function showOutput(screen: Screen, { output = [] }: Verdict): void {
  if (output.length === 0) return;
  screen.note(`It printed${output.length > PRINTED ? `, last of ${output.length} lines` : ''}:`);
  for (const line of output.slice(-PRINTED)) screen.line(`  ${visible(line)}`);
}
