import { patternWords } from '../../course/pattern.ts';
import { enumerate, showName } from './show.ts';

/** Words of commands that are neither a key nor a value. */
const OPTIONS = new Set(
  `EX PX EXAT PXAT NX XX GT LT CH INCR GET KEEPTTL PERSIST REV BYSCORE BYLEX LIMIT WITHSCORES WITHSCORE WITHVALUES
   MATCH COUNT TYPE STORE ASC DESC ALPHA BEFORE AFTER LEFT RIGHT WEIGHTS AGGREGATE REPLACE MAXLEN MINID RANK IDX LEN
   BLOCK STREAMS GROUP NOACK MKSTREAM ASYNC SYNC BYTE BIT`.split(/\s+/),
);
/** The word after these is part of the command's name. */
const CONTAINERS = new Set(
  'OBJECT CLIENT CONFIG ACL XGROUP XINFO SCRIPT FUNCTION MEMORY COMMAND LATENCY SLOWLOG PUBSUB DEBUG'.split(
    ' ',
  ),
);

/** The command that the first of these patterns stands for, as a person would say it, without key and value: `SET with NX`. */
export function commandInWords(patterns: readonly string[]): string {
  // Patterns whose command's name is spelled out are what is meant; the others only widen them.
  const pattern = patterns.find((one) => !/^\s*\S*[*?]/.test(one)) ?? patterns[0] ?? '';
  const [name = '', ...words] = patternWords(pattern.toUpperCase());
  if (/[*?]/.test(name)) {
    const [part] = name.split(/[*?]+/).sort((a, b) => b.length - a.length);
    return part ? `a command with ${showName(part)} in its name` : 'another command';
  }
  const command = CONTAINERS.has(name) && words.length > 0 ? `${name} ${words.shift()}` : name;
  const options = words.filter((word) => OPTIONS.has(word));
  const shown = command.split(' ').map(showName).join(' ');
  return options.length > 0 ? `${shown} with ${enumerate(options)}` : shown;
}
