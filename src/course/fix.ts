import { randomBytes } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Document, isMap, isScalar, isSeq, parseDocument, type Scalar, YAMLSeq } from 'yaml';
import { ExitCode, Failure } from '../failure.ts';
import { exerciseIds } from './lint.ts';
import { COURSE_FILE, readCourse, stringsAt } from './load.ts';

/**
 * Lists new exercises in course.yaml, each after the one that it follows in the lessons; comments stay. Touches nothing
 * else: an id that is gone is for the author to decide. Returns the ids it added.
 */
export async function fixCourse(dir: string): Promise<string[]> {
  const draft = await readCourse(dir);
  const { source, tree, lessons } = draft;
  if (!source || !tree || draft.problems.some(({ at }) => at.file === COURSE_FILE)) return [];
  const listed = stringsAt(tree, 'exercises').map(({ name }) => name);
  const order = [...exerciseIds(lessons).keys()];
  const added = order.filter((id) => !listed.includes(id));
  if (added.length === 0) return [];

  const document = parseDocument(source.text, { version: '1.2', schema: 'core' });
  let list = document.get('exercises');
  if (!isSeq(list)) {
    list = new YAMLSeq();
    document.set('exercises', list);
  }
  const ids = list as YAMLSeq;
  for (const id of added) {
    const before = order.slice(0, order.indexOf(id)).findLast((other) => listed.includes(other));
    const at = before === undefined ? 0 : listed.indexOf(before) + 1;
    listed.splice(at, 0, id);
    ids.items.splice(at, 0, document.createNode(id));
  }
  const path = join(dir, COURSE_FILE);
  const crlf = (await readFile(path, 'utf8')).includes('\r\n');
  const text = withList(source.text, document);
  await replaceFile(path, crlf ? text.replaceAll('\n', '\r\n') : text);
  return added;
}

/** The text with the list of the document in it; all around stays as it was, to the byte. */
function withList(text: string, document: Document.Parsed): string {
  const before = listRange(parseDocument(text));
  const fresh = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    indentSeq: !/^exercises:.*\n(?:\s*#.*\n)*-/m.test(text),
  });
  const after = listRange(parseDocument(fresh))!;
  const list = fresh.slice(...after);
  if (before) return text.slice(0, before[0]) + list + text.slice(before[1]);
  return `${text}${text.endsWith('\n') ? '' : '\n'}${list}`;
}

function listRange(document: Document.Parsed): [number, number] | undefined {
  const pairs = isMap(document.contents) ? document.contents.items : [];
  const pair = pairs.find(({ key }) => isScalar(key) && key.value === 'exercises');
  const from = (pair?.key as Scalar | undefined)?.range?.[0];
  const to = (pair?.value as YAMLSeq | undefined)?.range?.[2];
  return from === undefined || to === undefined ? undefined : [from, to];
}

/** Whole or not at all, also when we are interrupted. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await writeFile(fresh, text, { flag: 'wx' });
    await rename(fresh, path);
  } catch (cause) {
    await rm(fresh, { force: true });
    const { code } = cause as NodeJS.ErrnoException;
    throw new Failure(`${path} cannot be written (${code}).`, {
      exitCode: ExitCode.usage,
      next: 'Make it writable, or add the ids yourself.',
      cause,
    });
  }
}
