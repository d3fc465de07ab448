import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { bare } from '../course/prose.ts';
import { parseMarkdown, renderMarkdown } from './markdown.ts';
import { themeFor } from './theme.ts';

const plain = themeFor({}, {});
const coloured = themeFor({}, { FORCE_COLOR: '1' });
const dumb = themeFor({}, { TERM: 'dumb' });

async function drawn(markdown: string, width = 40, theme = plain): Promise<string> {
  return renderMarkdown(await parseMarkdown(markdown), width, theme);
}

describe('prose on a terminal', () => {
  it('wraps paragraphs to the width and parts them by one empty line', async () => {
    expect(await drawn('Two visitors press\n"like" in the same instant.\n\n\nOne like is gone.', 20)).toBe(
      'Two visitors press\n"like" in the same\ninstant.\n\nOne like is gone.',
    );
  });

  it('styles emphasis, strong words and code, one inside the other', async () => {
    expect(await drawn('**Your turn.** Use *no* `SET k v`.', 60, coloured)).toBe(
      '\x1b[1mYour turn.\x1b[22m Use \x1b[3mno\x1b[23m \x1b[36mSET k v\x1b[39m.',
    );
    expect(await drawn('**a *b***', 60, coloured)).toBe('\x1b[1ma \x1b[22m\x1b[1m\x1b[3mb\x1b[23m\x1b[22m');
  });

  it('keeps the backticks of code where colours can’t tell it from words', async () => {
    expect(await drawn('Use `INCR` *here*.')).toBe('Use `INCR` here.');
  });

  it('does not break a command at its spaces unless it is wider than the window', async () => {
    expect(await drawn('Then type `SET key value EX 10` once.', 27)).toBe(
      'Then type\n`SET key value EX 10` once.',
    );
    expect(await drawn('Type `SET session:abc user_data EX 10` now.', 20)).toBe(
      'Type `SET\nsession:abc\nuser_data EX 10`\nnow.',
    );
  });

  it('keeps marks together with the words they follow', async () => {
    expect(await drawn('aaaa bbbb `cccc`, dddd', 14)).toBe('aaaa bbbb\n`cccc`, dddd');
    expect(await drawn('aaaa bbbb *cccc*. dddd', 14)).toBe('aaaa bbbb\ncccc. dddd');
  });

  it('draws lists, nested and numbered, with their lines hanging', async () => {
    const markdown = '- one two three four\n- five\n  1. six\n  2. seven\n\n9. nine\n10. ten';
    expect(await drawn(markdown, 16)).toBe(
      '• one two three\n  four\n• five\n  1. six\n  2. seven\n\n 9. nine\n10. ten',
    );
    expect(await drawn('- one\n- two', 16, dumb)).toBe('- one\n- two');
  });

  it('keeps the air of a loose list', async () => {
    expect(await drawn('- one\n\n- two\n\n  more')).toBe('• one\n\n• two\n\n  more');
  });

  it('shows where a link leads, once', async () => {
    expect(await drawn('See [the docs](https://redis.io/x).', 60)).toBe('See the docs (https://redis.io/x).');
    expect(await drawn('<https://redis.io>', 60)).toBe('https://redis.io');
    expect(await drawn('[docs][d] ![a picture](p.png)\n\n[d]: https://redis.io/y', 60)).toBe(
      'docs (https://redis.io/y) a picture (p.png)',
    );
  });

  it('draws quotes, headings, rules and hard breaks', async () => {
    expect(await drawn('> one two\n> three', 9)).toBe('│ one two\n│ three');
    expect(await drawn('# Keys\n\ntext', 40, coloured)).toBe('\x1b[1m\x1b[36mKeys\x1b[39m\x1b[22m\n\ntext');
    expect(await drawn('a\n\n---\n\nb', 5)).toBe('a\n\n─────\n\nb');
    expect(await drawn('one\\\ntwo')).toBe('one\ntwo');
  });

  it('keeps the spaces and lines of code blocks', async () => {
    expect(await drawn('```js\nif (a) {\n  b();\n\n}\n```')).toBe('  if (a) {\n    b();\n\n  }');
  });

  it('breaks long lines of code at the width', async () => {
    const lines = (
      await drawn('```\nconst answer = await client.set("session:xyz", "user_data");\n```', 30)
    ).split('\n');
    expect(lines.join(' ').replace(/ +/g, ' ')).toContain('client.set("session:xyz", "user_data");');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(30);
  });

  it('leaves the rows of a pipe table on lines of their own', async () => {
    expect(await drawn('| a | b |\n|---|---|\n| `1` | 2 |')).toBe('| a | b |\n|---|---|\n| `1` | 2 |');
  });

  it('decodes entities and hides comments', async () => {
    expect(await drawn('a &amp; b &copy;<!-- c -->\n\n<!-- d -->\n\n<b>e</b>')).toBe('a & b ©\n\n<b>e</b>');
  });

  it('measures wide characters and breaks between ideographs', async () => {
    expect(await drawn('日本語の文章です。終わり', 10)).toBe('日本語の文\n章です。終\nわり');
    expect(await drawn('👍 👍 👍', 5)).toBe('👍 👍\n👍');
  });

  it('lets no escape code through, neither as a byte nor as an entity', async () => {
    const drawnText = await drawn(
      'a\x1b[2Jb &#27;[31m &#x202e;x `\x9b1m`\n\n```\n\x1b]0;t\x07\n```\n\n[x](http://e/\u202e)',
    );
    expect(drawnText).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(drawnText).toContain('\\x1b[2J');
  });

  it('survives being stored as JSON', async () => {
    const tree = await parseMarkdown('- a `b` [c](d)\n');
    expect(JSON.stringify(bare(tree))).not.toContain('position');
    expect(renderMarkdown(bare(tree), 40, plain)).toBe(renderMarkdown(tree, 40, plain));
  });

  it('never passes the width, whatever the prose', async () => {
    const unit = fc.constantFrom(...'ab  \n*_`[]()>-1.#日', 'word ', '👍', '| ');
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit, maxLength: 60 }),
        fc.integer({ min: 20, max: 60 }),
        async (text, width) => {
          for (const line of (await drawn(text, width)).split('\n')) {
            expect(stringWidth(line)).toBeLessThanOrEqual(width);
          }
        },
      ),
    );
  });
});
