import { z } from 'zod';
import { filled, lines } from '../fields.ts';
import { error, type Problem } from '../problem.ts';
import { entry, type YamlMap } from '../yaml-tree.ts';
import { strings } from '../yaml-values.ts';
import { type CheckBase, why } from './kind.ts';

/** What the learner typed after `.answer`. */
export interface AnswerCheck extends CheckBase {
  kind: 'answer';
  /** The right answers; compared without case, quotes and surplus white space, numbers as numbers. */
  answers: string[];
  /** Where present, the answer is one of these, chosen from a menu. Contains the right ones. */
  choices?: string[];
}

export const schema = z
  .strictObject({
    answer: lines.describe('What the learner types after .answer: the right text, or a list of right ones.'),
    choices: z
      .array(filled)
      .min(2)
      .optional()
      .describe('The answers to choose from, the right ones among them.'),
    why,
  })
  .describe('What the learner answers in words.');

export function read(node: YamlMap, base: CheckBase): AnswerCheck {
  const choices = entry(node, 'choices');
  return {
    kind: 'answer',
    ...base,
    answers: strings(entry(node, 'answer')!),
    ...(choices && { choices: strings(choices) }),
  };
}

export function problems({ answers, choices }: AnswerCheck, node: YamlMap): Problem[] {
  const same = (one: string, other: string): boolean =>
    one.trim().toLowerCase() === other.trim().toLowerCase();
  const strange = choices ? answers.filter((answer) => !choices.some((choice) => same(choice, answer))) : [];
  return strange.map((answer) =>
    error(entry(node, 'choices')!.at, `The choices do not contain the answer "${answer}".`, 'add it to them'),
  );
}
