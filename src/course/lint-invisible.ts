import type { Problem } from './course.ts';
import type { LessonDraft } from './lesson.ts';
import type { Prose } from './lint-prose.ts';
import { nodesIn, offsets } from './markdown.ts';
import { error } from './problem.ts';
import { codePoint, type Source } from './source.ts';
import type { YamlNode } from './yaml-tree.ts';

/** Without width or look anywhere: a screen shows them as escapes. Joiners count where they join nothing. */
const UNSEEN =
  /[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2060-\u2065\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffc\ufffe\uffff]|[\u{e0000}-\u{e01ef}]+|(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}])[\u200c\u200d]|(?<=[\0-\x7f])[\u200c\u200d]/gu;
/** Taken for an ordinary space, which is well in prose and wrong in what a server gets. */
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;

const NAMES: Record<string, string> = {
  '\u00a0': 'no-break space',
  '\u00ad': 'soft hyphen',
  '\u200b': 'zero-width space',
  '\u200c': 'zero-width non-joiner',
  '\u200d': 'zero-width joiner',
  '\u200e': 'left-to-right mark',
  '\u200f': 'right-to-left mark',
  '\u202f': 'narrow no-break space',
  '\u2060': 'word joiner',
  '\u3000': 'ideographic space',
  '\ufeff': 'byte order mark',
};
/** Reported of one file. */
const MOST = 20;

interface Span {
  start: number;
  end: number;
  /** How a character is written on purpose there. */
  escape?: (character: string) => string;
}

/** Characters that nobody sees: in the whole lesson and, where they pass for a space, in code, demos and values. */
export function invisibleInLesson(draft: LessonDraft, prose: Prose): Problem[] {
  return invisible(draft.source, exactSpans(draft, prose));
}

/** The same of a file without code. */
export function invisible(source: Source, exact: Span[] = []): Problem[] {
  const spanAt = (offset: number) => exact.find(({ start, end }) => offset >= start && offset < end);
  const unseen = [...source.text.matchAll(UNSEEN)].map((found) => ({ ...found, space: false }));
  const spaces = [...source.text.matchAll(SPACES)].map((found) => ({ ...found, space: true }));
  return [...unseen, ...spaces.filter(({ index }) => spanAt(index))]
    .sort((a, b) => a.index - b.index)
    .slice(0, MOST)
    .map(({ 0: character, index, space }) => {
      const name = NAMES[character] ?? (space ? 'wide space' : 'invisible character');
      const looks = space ? 'looks like an ordinary space' : 'nobody sees';
      const meant = spanAt(index)?.escape?.(character);
      return error(
        source.at(index),
        `There is ${/^[aeiou]/.test(name) ? 'an' : 'a'} ${name} here (${codePoint(character)}), which ${looks}.`,
        `${space ? 'type an ordinary one' : 'delete it'}${meant ? `, or write ${meant} where it is meant` : ''}`,
      );
    });
}

function exactSpans({ lesson, trees, source }: LessonDraft, { root }: Prose): Span[] {
  const spans: Span[] = [];
  for (const node of nodesIn(root)) {
    const { start, end } = offsets(node);
    if (node.type === 'inlineCode') spans.push({ start, end });
    if (node.type !== 'code') continue;
    const line = source.at(start).line;
    const exercise = lesson.steps.find((step) => step.exercise?.at.line === line)?.exercise;
    if (!exercise) spans.push({ start, end, ...(node.lang === 'redis' && { escape: redisEscape }) });
    else spans.push(...valuesOf(trees.get(exercise), { start, end, escape: yamlEscape }, source));
  }
  return spans;
}

/** Fields of an exercise that are prose. */
const WORDS = new Set(['hints', 'because', 'why']);

/** The parts of a YAML block that are no prose. */
function valuesOf(node: YamlNode | undefined, span: Span, source: Source): Span[] {
  if (!node || node.kind === 'scalar') return [span];
  const parts =
    node.kind === 'list' ? node.items.map((value) => ({ name: '', at: value.at, value })) : node.entries;
  const starts = parts.map(({ at }) => source.offset(at));
  const inner = parts.flatMap(({ name, value }, index) => {
    const part = { ...span, start: starts[index]!, end: starts[index + 1] ?? span.end };
    return WORDS.has(name) ? [] : valuesOf(value, part, source);
  });
  return [{ ...span, end: starts[0] ?? span.end }, ...inner];
}

function redisEscape(character: string): string {
  return `"${[...Buffer.from(character)].map((byte) => `\\x${byte.toString(16)}`).join('')}"`;
}

function yamlEscape(character: string): string {
  const code = character.codePointAt(0)!.toString(16);
  return `"${code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`}"`;
}
