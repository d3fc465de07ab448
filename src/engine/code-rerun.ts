import type { SeenCommand } from '../checks/evidence/evidence.ts';
import type { CodeAnswer } from '../course/course.ts';
import { isSetUp } from '../redis/gate.ts';
import { commandName } from '../redis/session.ts';
import { CodeFailed, type Company, mostTelling, type Pause, type Rerun } from './rerun.ts';
import type { Stage } from './stage.ts';

/** What a program hears from then on that ends on the way: nothing of it is done. */
const ENDED = Buffer.from('-ERR the program has ended\r\n');

/** Code, run again: what it does may depend on what it finds. Pauses are made at the relay's gate. */
export class CodeRerun implements Rerun {
  readonly isCode = true;
  readonly #code: CodeAnswer;
  readonly gaps: readonly number[];

  /** `commands` are those that it ran the first time: others can get in between any two. */
  constructor(code: CodeAnswer, commands: readonly SeenCommand[]) {
    this.#code = code;
    const done = commands.filter(({ args, other }) => !other && !isSetUp(args));
    this.gaps = mostTelling(
      Array.from({ length: done.length + 1 }, (_, at) => at),
      done,
    );
  }

  async run(stage: Stage, { others, onCommand, onMessage }: Company, pause?: Pause): Promise<void> {
    const rig = await stage.rig();
    const { relay } = rig;
    const left = [...(pause?.at ?? [])];
    let sent = 0;
    let ended = false;
    relay.onMessage = (message) => {
      if (!ended) onMessage(message);
      others.came(message);
    };
    relay.onCommand = ({ sent: time, ...command }) => {
      others.answered(command);
      // What its library says of itself is no part of the story.
      if (!ended && !(isSetUp(command.args) && commandName(command.args) === 'CLIENT'))
        onCommand({ ...command, time });
    };
    relay.holds = undefined;
    relay.gate = async (held) => {
      await others.before(held);
      while (!ended && left[0] === sent) ended = (await pause!.act(left.shift()!)) === 'end';
      sent++;
      return ended ? { answer: ENDED } : 'forward';
    };
    try {
      const ran = await rig.run(this.#code);
      // It ran fewer commands here than elsewhere: what was to come in between comes behind.
      while (!ended && left.length > 0) ended = (await pause!.act(left.shift()!)) === 'end';
      if (!ended && ran.kind !== 'done') throw new CodeFailed(ran.message);
    } finally {
      await rig.leave();
      relay.gate = undefined;
    }
  }
}
