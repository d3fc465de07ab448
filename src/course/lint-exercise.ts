import { checkKind } from './checks/registry.ts';
import type { Answer, Exercise, Step } from './course.ts';
import { error, type Position, type Problem, warning } from './problem.ts';
import { entry, type YamlNode } from './yaml-tree.ts';
import { itemsOf } from './yaml-values.ts';

/** What makes an exercise poor or pointless, though it is well formed. */
export function* exerciseProblems(
  step: Step,
  exercise: Exercise,
  tree: YamlNode | undefined,
): Generator<Problem> {
  const field = (name: string): Position => entry(tree, name)?.at ?? exercise.at;
  const { hints, reject, solution, accept, checks } = exercise;

  if (!isList(entry(tree, 'hints'))) {
    // Not to be counted.
  } else if (hints.length === 0) {
    yield error(exercise.at, 'This exercise has no hints.', 'write three, from a direction to nearly there');
  } else if (hints.length < 3) {
    yield warning(
      field('hints'),
      `There ${are(hints.length, 'hint')}; three lead from a direction to nearly there.`,
    );
  }
  if (reject.length < 3 && isList(entry(tree, 'reject'))) {
    const some = reject.length === 0 ? 'are no near misses' : are(reject.length, 'near miss');
    yield warning(
      field('reject'),
      `There ${some}; three show that wrong answers get their reason.`,
      'add slips that people really make to "reject"',
    );
  }
  if (exercise.module) {
    if (tree) yield* cutTexts(tree);
    return;
  }
  const shown = step.blocks.flatMap((block) => (block.kind === 'demo' ? block.lines : []));
  const commands = solution.lines.filter(({ text }) => !text.startsWith('.'));
  const demonstrated = new Set(shown.map(({ text }) => text));
  if (commands.length > 0 && commands.every(({ text }) => demonstrated.has(text))) {
    yield warning(
      solution.at,
      "The solution stands in this step's demo: copying it passes.",
      'use other names and numbers',
    );
  }
  const right = new Map<string, string>([[textOf(solution), 'the solution']]);
  for (const answer of accept) {
    const known = right.get(textOf(answer));
    if (known) yield warning(answer.at, `This answer is the same as ${known}.`, 'leave it out');
    else right.set(textOf(answer), `an answer to accept (line ${answer.at.line})`);
  }
  const wrong = new Map<string, number>();
  for (const { try: attempt } of reject) {
    const text = textOf(attempt);
    const known = right.get(text);
    if (known) yield error(attempt.at, `This near miss is the same as ${known}.`);
    const earlier = wrong.get(text);
    if (earlier !== undefined)
      yield warning(attempt.at, `This near miss is the same as that of line ${earlier}.`, 'leave it out');
    else wrong.set(text, attempt.at.line);
  }

  const written = itemsOf(entry(tree, 'checks'));
  const elsewhere = itemsOf(entry(tree, 'worlds')).map((world) => entry(world, 'checks'));
  const nodes = [...written, ...elsewhere.flatMap((node) => (node?.kind === 'map' ? [node] : itemsOf(node)))];
  for (const check of [...checks, ...exercise.worlds.flatMap((world) => world.checks)]) {
    // Checks that could not be read are not among them: their places tell which is which.
    const node = nodes.find(({ at }) => at === check.at);
    yield* checkKind(check.kind).lint?.(check, node) ?? [];
  }

  const asks = written.some((check) => entry(check, 'answer'));
  for (const answer of [solution, ...accept]) {
    const answers = answer.lines.some(({ text }) => /^\.answer(\s|$)/.test(text));
    if (asks && !answers && answer.lines.length > 0) {
      yield error(
        answer.at,
        'A check wants an answer in words, and this gives none.',
        'add a line ".answer TEXT"',
      );
    }
    if (!asks && answers)
      yield error(answer.at, 'No check looks at what .answer gives.', 'add a check "answer"');
  }
  if (tree) yield* cutTexts(tree);
}

/** Whether a list is absent or a list; what else it is has been reported. */
function isList(node: YamlNode | undefined): boolean {
  return node === undefined || node.kind === 'list';
}

/** Values that ` # ` cuts off, which YAML does without a word. */
function* cutTexts(node: YamlNode): Generator<Problem> {
  if (node.kind === 'list') for (const item of node.items) yield* cutTexts(item);
  else if (node.kind === 'map') for (const { value } of node.entries) yield* cutTexts(value);
  else if (node.cutAt && typeof node.value === 'string') {
    yield warning(
      node.cutAt,
      'From " #" on this is a comment in YAML, not part of the text.',
      'quote the whole text, or give the comment a line of its own',
    );
  }
}

function textOf(answer: Answer): string {
  return answer.kind === 'code' ? answer.source : answer.lines.map(({ text }) => text).join('\n');
}

function are(n: number, noun: string): string {
  return n === 1 ? `is one ${noun}` : `are ${n} ${noun.replace(/s$/, 'se')}s`;
}
