import type { Line } from './line.ts';
import { error, type Position, type Problem } from './problem.ts';
import { unseenIn } from './source.ts';
import type { YamlNode } from './yaml-tree.ts';

/** Reads text that will be shown on a terminal or run; control characters that YAML escapes make are reported. */
export class TextReader {
  readonly problems: Problem[];

  constructor(problems: Problem[]) {
    this.problems = problems;
  }

  string(node: YamlNode | undefined): string {
    if (node?.kind !== 'scalar' || typeof node.value !== 'string') return '';
    const unseen = unseenIn(node.value);
    if (unseen) {
      this.report(
        node.at,
        `An escape makes a control character here (${unseen}).`,
        'in a command, write it in Redis\'s own quotes, as "\\x1b"',
      );
    }
    return node.value;
  }

  /** Command lines: one a line of a block, else one a text. */
  lines(node: YamlNode | undefined): Line[] {
    if (node?.kind === 'list') return node.items.flatMap((item) => this.lines(item));
    if (node?.kind !== 'scalar') return [];
    const value = this.string(node);
    if (node.lines) return node.lines.map(trimmed).filter(({ text }) => text !== '');
    if (value.trim().includes('\n')) {
      this.report(
        node.at,
        'A quoted command line holds a line break.',
        'use a block (|) for several lines, or write \\\\n for a break inside a value',
      );
    }
    return value.trim() === '' ? [] : [{ text: value.trim(), at: node.at }];
  }

  report(at: Position, message: string, hint?: string): void {
    this.problems.push(error(at, message, hint));
  }
}

export function trimmed(line: Line): Line {
  const text = line.text.trim();
  const indent = line.text.length - line.text.trimStart().length;
  return { text, at: { ...line.at, column: line.at.column + indent } };
}
