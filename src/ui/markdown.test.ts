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
    expect(await drawn('<ada@example.org>', 60)).toBe('ada@example.org');
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

  it('draws tables, aligned, with styles in their cells', async () => {
    const markdown = '| Command | Time |\n|:--|--:|\n| `GET` | 1 ms |\n| *none* | 10 ms |';
    expect(await drawn(markdown)).toBe(
      [
        '┌─────────┬───────┐',
        '│ Command │  Time │',
        '├─────────┼───────┤',
        '│ `GET`   │  1 ms │',
        '│ none    │ 10 ms │',
        '└─────────┴───────┘',
      ].join('\n'),
    );
    expect(await drawn('|a|\n|:-:|\n|`bcd`|', 40, coloured)).toBe(
      '┌─────┐\n│  \x1b[1ma\x1b[22m  │\n├─────┤\n│ \x1b[36mbcd\x1b[39m │\n└─────┘',
    );
  });

  it('draws tables in plain ASCII where there is nothing else', async () => {
    expect(await drawn('|a|b|\n|-|-|\n|c|', 40, dumb)).toBe(
      '+---+---+\n| a | b |\n+---+---+\n| c |   |\n+---+---+',
    );
  });

  const commands = [
    '| Command | What it does | Since |',
    '|:---|---|--:|',
    '| GETDEL | reads a value and deletes it in one step | 6.2 |',
    '| 取得 | 値を読み取り、同時に削除します 👨‍👩‍👧 🫠 | 6.2 |',
  ].join('\n');

  it('wraps the cells of a table to the window, also wide characters', async () => {
    expect(await drawn(commands, 80)).toBe(
      [
        '┌─────────┬──────────────────────────────────────────┬───────┐',
        '│ Command │ What it does                             │ Since │',
        '├─────────┼──────────────────────────────────────────┼───────┤',
        '│ GETDEL  │ reads a value and deletes it in one step │   6.2 │',
        '│ 取得    │ 値を読み取り、同時に削除します 👨‍👩‍👧 🫠     │   6.2 │',
        '└─────────┴──────────────────────────────────────────┴───────┘',
      ].join('\n'),
    );
    expect(await drawn(commands, 40)).toBe(
      [
        '┌─────────┬────────────────────┬───────┐',
        '│ Command │ What it does       │ Since │',
        '├─────────┼────────────────────┼───────┤',
        '│ GETDEL  │ reads a value and  │   6.2 │',
        '│         │ deletes it in one  │       │',
        '│         │ step               │       │',
        '├─────────┼────────────────────┼───────┤',
        '│ 取得    │ 値を読み取り、同時 │   6.2 │',
        '│         │ に削除します 👨‍👩‍👧 🫠 │       │',
        '└─────────┴────────────────────┴───────┘',
      ].join('\n'),
    );
  });

  it('draws each cell by itself where the window has no room for columns', async () => {
    expect(await drawn(commands, 20)).toBe(
      [
        'Command: GETDEL',
        'What it does: reads',
        'a value and deletes',
        'it in one step',
        'Since: 6.2',
        '',
        'Command: 取得',
        'What it does: 値を読',
        'み取り、同時に削除し',
        'ます 👨‍👩‍👧 🫠',
        'Since: 6.2',
      ].join('\n'),
    );
    expect(await drawn('| One | Two | Three |\n|---|---|---|', 8)).toBe('One\nTwo\nThree');
  });

  it('strikes words through, or stands them between tildes where nothing can', async () => {
    expect(await drawn('Use ~~SETEX~~ SET.', 40, coloured)).toBe('Use \x1b[9mSETEX\x1b[29m SET.');
    expect(await drawn('Use ~~SETEX~~ SET.')).toBe('Use ~SETEX~ SET.');
  });

  it('draws the boxes of a task list', async () => {
    expect(await drawn('- [x] one two three\n- [ ] four\n- five\n\n1. [ ] six', 14)).toBe(
      '[x] one two\n    three\n[ ] four\n• five\n\n1. [ ] six',
    );
  });

  it('numbers footnotes as they are met, and shows them at the end', async () => {
    const markdown =
      'One[^b], two[^a], one[^b].\n\n[^a]: First, see[^c].\n[^b]: Second.\n\n    More.\n[^c]: Third.\n[^d]: None.';
    expect(await drawn(markdown)).toBe(
      'One[1], two[2], one[1].\n\n[1] Second.\n\n    More.\n\n[2] First, see[3].\n\n[3] Third.',
    );
  });

  it('shows what a picture shows and where it is, and leaves as typed what refers to nothing', async () => {
    expect(await drawn('Before ![a ring][r] after.\n\n[r]: ring.png "A ring"', 60)).toBe(
      'Before a ring (ring.png "A ring") after.',
    );
    expect(await drawn('![](ring.png) [one][two] ![three][] [^four]', 60)).toBe(
      'picture (ring.png) [one][two] ![three][] [^four]',
    );
  });

  it('shows HTML as text', async () => {
    expect(await drawn('a <b>c</b><!-- d -->\n\n<div>\n*e*</div>\n\n| f |\n|-|\n| <br> |')).toBe(
      'a <b>c</b>\n\n<div> *e*</div>\n\n┌──────┐\n│ f    │\n├──────┤\n│ <br> │\n└──────┘',
    );
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
    expect(await renderMarkdown(bare(tree), 40, plain)).toBe(await renderMarkdown(tree, 40, plain));
  });

  it('never passes the width, whatever the prose', async () => {
    const unit = fc.constantFrom(
      ...'ab  \n*_`[]()>-1.#日~<',
      'word ',
      '👍',
      '| ',
      '\n|-|-|\n',
      '[^1]',
      '\n[^1]: ',
    );
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

  it('draws every word, whatever it stands in, within the width', async () => {
    const word = fc.nat(999).map((n) => `w${n}`);
    const around = fc.constantFrom(
      ...[
        'x',
        '*x*',
        '**x**',
        '~~x~~',
        '`x`',
        '[x](u)',
        '![x](u)',
        '[x][d]',
        '![x][d]',
        'x[^f]',
        '<x>',
        '日本x',
      ],
    );
    const text = fc
      .array(
        fc.tuple(around, word).map(([frame, inner]) => frame.replace('x', inner)),
        {
          minLength: 1,
          maxLength: 6,
        },
      )
      .map((parts) => parts.join(' '));
    const rows = fc
      .array(fc.array(text, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 3 })
      .map(([head, ...rest]) =>
        [head!, ['-', ':-:', '-:'], ...rest].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
      );
    const block = fc.oneof(
      text,
      rows,
      ...['# x', '- x\n- x', '1. [ ] x\n   - [x] x', '> x\n>\n> - x'].map((frame) =>
        fc.array(text, { minLength: 2, maxLength: 2 }).map((texts) => {
          const left = [...texts];
          return frame.replace(/(?<!\[)x/g, () => left.shift() ?? '');
        }),
      ),
    );
    const markdown = fc
      .array(block, { minLength: 1, maxLength: 4 })
      .map((all) => `${all.join('\n\n')}\n\n[d]: u\n[^f]: note\n`);
    await fc.assert(
      fc.asyncProperty(markdown, fc.integer({ min: 20, max: 90 }), async (source, width) => {
        const shown = await drawn(source, width);
        for (const line of shown.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(width);
        for (const [found] of source.matchAll(/w\d+/g)) expect(shown).toContain(found);
      }),
    );
  });
});
