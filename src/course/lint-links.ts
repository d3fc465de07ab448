import { access, readdir } from 'node:fs/promises';
import { join, posix } from 'node:path';
import type { Problem } from './course.ts';
import type { Prose } from './lint-prose.ts';
import { nodesIn, offsets, wordsOf } from './markdown.ts';
import { error } from './problem.ts';
import { closest } from './suggest.ts';

/** What a lesson's links may lead to. */
export interface Surroundings {
  /** The course's folder, in which all lessons stand. */
  dir: string;
  /** The lesson's own file. */
  file: string;
  /** Names of headings, as in `#a-heading`, by the file of the lesson. */
  headings: Map<string, Set<string>>;
}

/** Links and pictures that lead nowhere within the course. Addresses on the web are not asked. */
export async function* linkProblems({ root, at }: Prose, around: Surroundings): AsyncGenerator<Problem> {
  for (const node of nodesIn(root)) {
    if (node.type !== 'link' && node.type !== 'image' && node.type !== 'definition') continue;
    // `[note]: <> (words)` is how some write a comment.
    if (node.type === 'definition' && node.url === '') continue;
    const fault = await faultOf(node.url, around);
    if (fault) yield error(at(offsets(node).start), fault.message, fault.hint);
  }
}

async function faultOf(
  url: string,
  { dir, file, headings }: Surroundings,
): Promise<{ message: string; hint?: string } | undefined> {
  if (url === '') return { message: 'This link leads nowhere.', hint: 'put an address between the brackets' };
  if (/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(url)) return undefined;
  const [, address, anchor] = url.match(/^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/s)!;
  const path = posix.normalize(decoded(address!));
  if (path.startsWith('/') || path.startsWith('..')) {
    return {
      message: `${quoted(url)} leads outside the course's folder.`,
      hint: 'put the file into it, or give an address on the web',
    };
  }
  if (address !== '' && !(await isThere(join(dir, path)))) {
    const near = closest(posix.basename(path), await namesIn(join(dir, posix.dirname(path))));
    return {
      message: `There is no file ${quoted(decoded(address!))} in the course's folder.`,
      ...(near && { hint: `did you mean ${quoted(posix.join(posix.dirname(path), near))}?` }),
    };
  }
  const target = address === '' ? file : path;
  const names = headings.get(target);
  const name = decoded(anchor ?? '');
  if (!names || name === '' || names.has(name)) return undefined;
  const near = closest(name, names);
  return {
    message: `${target === file ? 'This lesson' : target} has no heading ${quoted(`#${name}`)}.`,
    ...(near && { hint: `did you mean ${quoted(`#${near}`)}?` }),
  };
}

/** What headings are called in links, as code-hosting sites have it: `## Two words!` is `#two-words`. */
export function headingNames({ root }: Prose): Set<string> {
  const names = new Set<string>();
  for (const node of nodesIn(root)) {
    if (node.type !== 'heading') continue;
    const words = wordsOf(node).trim().toLowerCase();
    const name = words.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    let unique = name;
    for (let count = 1; names.has(unique); count++) unique = `${name}-${count}`;
    names.add(unique);
  }
  return names;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function quoted(text: string): string {
  return `"${text}"`;
}
