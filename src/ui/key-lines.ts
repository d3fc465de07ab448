import type { KeyLine } from '../code/schedule.ts';
import { glance } from './duration.ts';
import type { Theme } from './theme.ts';
import { visible } from './visible.ts';
import { cutRuns } from './wrap.ts';

export interface KeyLinesOptions {
  theme: Theme;
  width: number;
  /** Shortens what was made by chance. */
  short: (text: string) => string;
}

/** All keys there are, a line each, with the signs of what changed: `+ lock:report  string "8dbb…"  expires in 10s`. */
export function drawKeyLines(
  before: readonly KeyLine[],
  now: readonly KeyLine[],
  { theme, width, short }: KeyLinesOptions,
): string {
  const gone = before.filter(({ key }) => !now.some((one) => one.key === key));
  const lines = [
    ...now.map((line) => ({
      line,
      sign: signOf(
        line,
        before.find(({ key }) => key === line.key),
      ),
    })),
    ...gone.map(({ key }) => ({ line: { key, value: 'is gone' }, sign: '-' as const })),
  ];
  if (lines.length === 0) return theme.dim('  no keys');
  const styles = { '+': theme.added, '~': theme.changed, '-': theme.removed, ' ': theme.dim };
  return lines
    .map(({ line: { key, value, pttl }, sign }: { line: KeyLine; sign: keyof typeof styles }) =>
      cutRuns(
        [
          { text: `${sign} `, style: styles[sign] },
          { text: visible(short(key)), style: sign === ' ' ? theme.dim : theme.key },
          { text: `  ${visible(short(value))}`, style: styles[sign] },
          { text: pttl === undefined ? '' : `  expires in ${glance(pttl)}`, style: theme.dim },
        ],
        width,
        theme,
      ),
    )
    .join('\n');
}

/** An expiry that runs down changes nothing. */
function signOf(now: KeyLine, before: KeyLine | undefined): '+' | '~' | ' ' {
  if (!before) return '+';
  const renewed = (now.pttl ?? 0) > (before.pttl ?? 0);
  const kept = (now.pttl === undefined) === (before.pttl === undefined);
  return now.value === before.value && kept && !renewed ? ' ' : '~';
}
