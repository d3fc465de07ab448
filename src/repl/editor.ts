import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { which } from '../sandbox/path.ts';

type Env = Record<string, string | undefined>;

/** Where the user names none: the first that there is. */
const USUAL = ['nano', 'vim', 'vi', 'notepad', 'notepad.exe'];
/** Editors with a window of their own: the terminal is free while they are open, if nobody waits for them. */
const WINDOWS = /^(code|code-insiders|codium|vscodium|cursor|windsurf|zed|zeditor|subl|mate|bbedit)(\.\w+)?$/;

/** What `$VISUAL` or `$EDITOR` says, as a shell takes it, or a usual editor in PATH; undefined where there is none. */
export function editorIn(env: Env): string | undefined {
  const named = [env.VISUAL, env.EDITOR].find((text) => text?.trim());
  if (named === undefined) return USUAL.find((name) => which(name, { env }));
  const [program = '', ...flags] = named.trim().split(/\s+/);
  if (!WINDOWS.test(basename(program))) return named;
  return [program, ...flags.filter((flag) => !/^(-w|--wait)$/.test(flag))].join(' ');
}

/** Opens the file at this terminal until the editor ends; rejects where it can't be started or ends with an error. */
export async function edit(editor: string, file: string): Promise<void> {
  const isWindows = process.platform === 'win32';
  const child = isWindows
    ? spawn(`${editor} "${file}"`, { stdio: 'inherit', shell: true })
    : spawn('/bin/sh', ['-c', `${editor} "$@"`, editor, file], { stdio: 'inherit' });
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(code === 127 ? 'it is not there' : `it ended with ${signal ?? code}`));
    });
  });
}
