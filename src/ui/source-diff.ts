import type { Style, Theme } from './theme.ts';
import { visible } from './visible.ts';

/** What was changed in a text, as a unified diff; empty where nothing was. */
export async function drawSourceDiff(before: string, now: string, theme: Theme): Promise<string> {
  if (before === now) return '';
  const { structuredPatch } = await import('diff');
  const { hunks } = structuredPatch('', '', before, now, '', '', { context: 3 });
  const styles: Record<string, Style> = { '+': theme.added, '-': theme.removed, '\\': theme.dim };
  return hunks
    .flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
      theme.dim(`@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`),
      ...lines.map((line) => (styles[line[0]!] ?? theme.plain)(visible(line, 'lines'))),
    ])
    .join('\n');
}
