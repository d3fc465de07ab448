import { Command, Option } from 'commander';
import { describe, expect, it } from 'vitest';
import { smallCourse } from '../../test/setup/small-course.ts';
import { candidates } from './complete.ts';

const program = new Command('rediscover').version('1');
program
  .command('learn', { isDefault: true })
  .description('go on')
  .argument('[lesson[/exercise]]')
  .option('--redis <url>', 'server');
program.command('list').option('--json', 'as JSON').option('--course <dir>', 'course');
const progress = program.command('progress').option('--json', 'as JSON');
progress.command('reset').argument('[lesson]').option('-y, --yes', 'do not\task');
program
  .command('check')
  .argument('[ids...]')
  .option('-a, --answers <file>', 'answers')
  .option('--course <dir>', 'course')
  .addOption(new Option('-f, --format <format>', 'format').choices(['human', 'json']));
program.command('completion').argument('<shell>');
program.command('__complete', { hidden: true }).argument('[words...]');

const course = smallCourse({ strings: ['first', 'session-ttl'], keys: ['gone', '$(reboot)'] });
let asked: (string | undefined)[] = [];

/** The words that may stand in the place of the last one. */
async function offered(...words: string[]): Promise<string[]> {
  asked = [];
  const found = await candidates(words, program, async (folder) => {
    asked.push(folder);
    return folder === undefined ? course : smallCourse({ mine: ['own'] });
  });
  return found.map(({ value }) => value);
}

describe('completion', () => {
  it('knows the commands, but not the hidden ones', async () => {
    expect(await offered('')).toEqual(['learn', 'list', 'progress', 'check', 'completion', 'help']);
    expect(await offered('li')).toEqual(['list']);
    expect(await offered('help', 'ch')).toEqual(['check']);
    expect(await offered('progress', '')).toEqual(['reset', 'help']);
    expect(await offered('list', '')).toEqual([]);
  });

  it('knows the flags of the command that is typed', async () => {
    expect(await offered('check', '-')).toEqual(['--answers', '--course', '--format', '--help']);
    expect(await offered('progress', 'reset', '--')).toEqual(['--yes', '--help']);
    expect(await offered('--v')).toEqual(['--version']);
  });

  it('knows what a flag may be given', async () => {
    expect(await offered('check', '--format', '')).toEqual(['human', 'json']);
    expect(await offered('check', '-f', 'j')).toEqual(['json']);
    expect(await offered('check', '--format=j')).toEqual(['--format=json']);
    expect(await offered('check', '--answers', 'x')).toEqual([':files']);
    expect(await offered('check', '--course', '')).toEqual([':folders']);
    expect(await offered('learn', '--redis', '')).toEqual([]);
    expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('understands the three words that bash makes of --format=json', async () => {
    expect(await offered('check', '--format', '=', 'j')).toEqual(['json']);
    expect(await offered('check', '--format', '=')).toEqual(['human', 'json']);
  });

  it('knows lessons and exercises where one may stand', async () => {
    expect(await offered('learn', '')).toEqual([
      'strings',
      'keys',
      'strings/first',
      'strings/session-ttl',
      'keys/gone',
    ]);
    expect(await offered('strings/s')).toEqual(['strings/session-ttl']);
    expect(await offered('learn', 'strings', '')).toEqual([]);
    expect(await offered('progress', 'reset', '')).toEqual(['strings', 'keys']);
    expect(await offered('check', '-a', 'file', 'strings/first', 'strings/')).toEqual([
      'strings/session-ttl',
    ]);
    expect(await offered('check', '--', 'k')).toEqual(['keys', 'keys/gone']);
  });

  it('looks into the course that the line names, and into none where no id may stand', async () => {
    expect(await offered('check', '--course', 'my', '')).toEqual(['mine', 'mine/own']);
    expect(asked).toEqual(['my']);
    expect(await offered('check', '--course=my', 'm')).toEqual(['mine', 'mine/own']);
    await offered('check', '--');
    expect(asked).toEqual([]);
  });

  it('offers nothing that a shell would run', async () => {
    expect(await offered('keys/')).toEqual(['keys/gone']);
  });

  it('keeps a description on one line, behind one tab', async () => {
    const found = await candidates(['progress', 'reset', '--y'], program, async () => course);
    expect(found).toEqual([{ value: '--yes', about: 'do not ask' }]);
  });
});
