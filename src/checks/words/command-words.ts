import { patternWords } from '../../course/pattern.ts';
import { factsOf } from '../../redis/command-facts.ts';
import { enumerate, showName } from './show.ts';

/** The command that the first of these patterns stands for, as a person would say it, without key and value: `SET with NX`. */
export function commandInWords(patterns: readonly string[]): string {
  // Patterns whose command's name is spelled out are what is meant; the others only widen them.
  const pattern = patterns.find((one) => !/^\s*\S*[*?]/.test(one)) ?? patterns[0] ?? '';
  const [name = '', ...words] = patternWords(pattern.toUpperCase());
  if (/[*?]/.test(name)) {
    const [part] = name.split(/[*?]+/).sort((a, b) => b.length - a.length);
    return part ? `a command with ${showName(part)} in its name` : 'another command';
  }
  const facts = factsOf([name, ...words]);
  const isContainer = factsOf([name])?.is.includes('container') && words.length > 0;
  const command = isContainer ? `${name} ${words.shift()}` : name;
  const options = words.filter((word) => facts && (word in facts.options || word in facts.words));
  const shown = command.split(' ').map(showName).join(' ');
  return options.length > 0 ? `${shown} with ${enumerate(options)}` : shown;
}
