import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptFor, shells } from './completion.ts';

/**
 * The scripts in real shells, where there are such, with a program that notes what it is asked and answers what it is
 * told to.
 */
const folder = mkdtempSync(join(tmpdir(), 'rediscover completion-'));
const asked = join(folder, 'asked');
const answer = join(folder, 'answer');

beforeAll(() => {
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'cwd', 'a folder'), { recursive: true });
  writeFileSync(join(folder, 'cwd', 'a file.txt'), '');
  const program = join(folder, 'bin', 'rediscover');
  writeFileSync(program, '#!/bin/sh\nfor word; do printf "[%s]" "$word"; done > "$ASKED"\ncat "$ANSWER"\n');
  chmodSync(program, 0o755);
  for (const shell of shells) writeFileSync(join(folder, shell), scriptFor(shell));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const has = Object.fromEntries(
  shells.map((shell) => [shell, spawnSync(shell, ['-c', 'exit 0']).status === 0]),
);

/** Runs `script` in a shell that has read the completion, and returns its lines; the program answers `lines`. */
function inShell(shell: string, script: string, lines: string[]): string[] {
  writeFileSync(answer, lines.map((line) => `${line}\n`).join(''));
  const options = { bash: ['--norc', '--noprofile'], zsh: ['-f'], fish: ['--no-config'] }[shell] ?? [];
  const ran = spawnSync(shell, [...options, '-c', script], {
    cwd: join(folder, 'cwd'),
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      HOME: folder,
      ASKED: asked,
      ANSWER: answer,
      SCRIPT: join(folder, shell),
    },
  });
  expect(ran.stderr).toBe('');
  return ran.stdout.split('\n').slice(0, -1);
}

function words(): string {
  return readFileSync(asked, 'utf8');
}

describe.skipIf(!has.bash)('in bash', () => {
  const complete = (words: string[], lines: string[]) =>
    inShell(
      'bash',
      `source "$SCRIPT"; complete -p rediscover >/dev/null || exit 1
       COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
       _rediscover rediscover; for reply in "\${COMPREPLY[@]}"; do echo "$reply"; done`,
      lines,
    );

  it('hands over the words up to the one that is typed, and takes the candidates', () => {
    expect(complete(['rediscover', 'check', '--format', ''], ['human\tfor people', 'json'])).toEqual([
      'human',
      'json',
    ]);
    expect(words()).toBe('[__complete][--][check][--format][]');
  });

  it('leaves files and folders to the shell, spaces and all', () => {
    expect(complete(['rediscover', 'check', '-a', 'a'], [':files']).sort()).toEqual([
      'a file.txt',
      'a folder',
    ]);
    expect(complete(['rediscover', 'course', 'lint', ''], [':folders'])).toEqual(['a folder']);
    expect(complete(['rediscover', 'check', '--answers', '='], [':folders'])).toEqual(['a folder']);
  });

  it('neither expands nor runs what a candidate holds', () => {
    expect(complete(['rediscover', ''], ['*', '$(echo ran)', '`echo ran`'])).toEqual([
      '*',
      '$(echo ran)',
      '`echo ran`',
    ]);
  });

  it('is silent where there is nothing', () => {
    expect(complete(['rediscover', 'x'], [])).toEqual([]);
  });
});

describe.skipIf(!has.zsh)('in zsh', () => {
  const complete = (words: string[], lines: string[]) =>
    inShell(
      'zsh',
      `compdef() { [[ "$*" == "_rediscover rediscover" ]] || exit 1 }
       _describe() { print -rl -- "\${(@P)2}" }; _files() { print -r -- "files $*" }
       source "$SCRIPT"; words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}; _rediscover; exit 0`,
      lines,
    );

  it('hands over the words up to the one that is typed, and takes the candidates with their descriptions', () => {
    expect(complete(['rediscover', 'check', '--format', ''], ['human\tfor: people', 'a:b\tc'])).toEqual([
      'human:for: people',
      'a\\:b:c',
    ]);
    expect(words()).toBe('[__complete][--][check][--format][]');
  });

  it('leaves files and folders to the shell', () => {
    expect(complete(['rediscover', 'check', '-a', ''], [':files'])).toEqual(['files ']);
    expect(complete(['rediscover', 'course', 'lint', ''], [':folders'])).toEqual(['files -/']);
  });
});

describe.skipIf(!has.fish)('in fish', () => {
  const complete = (line: string, lines: string[]) =>
    inShell('fish', `source $SCRIPT; complete -C '${line}'`, lines).map((line) => line.split('\t')[0]);

  it('hands over the words up to the one that is typed, and takes the candidates', () => {
    expect(complete('rediscover check --format ', ['human\tfor people', 'json'])).toEqual(['human', 'json']);
    expect(words()).toBe('[__complete][--][check][--format][]');
  });

  it('leaves files and folders to the shell', () => {
    expect(complete('rediscover check -a a', [':files'])).toEqual(['a file.txt', 'a folder/']);
    expect(complete('rediscover course lint ', [':folders'])).toEqual(['a folder/']);
  });
});

it('refuses a shell that it has no script for, and says which there are', () => {
  expect(() => scriptFor('tcsh')).toThrow(
    expect.objectContaining({ exitCode: 2, next: expect.stringContaining('fish') }),
  );
  expect(() => scriptFor('constructor')).toThrow();
});
