/** The user's Python: only its pip is used, and only to fetch. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { runProgram } from './process.ts';
import { RuntimeError } from './error.ts';

export interface Python {
  readonly command: string;
  /** Version of its pip, e.g. `23.2.1`. */
  readonly pip: string;
}

/**
 * Full path of a program, from absolute folders of PATH only: a relative entry would run what lies in the folder that
 * happens to be the current one.
 */
export function onPath(names: readonly string[], env: NodeJS.ProcessEnv = process.env): string[] {
  const folders = (env['PATH'] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const endings = process.platform === 'win32' ? ['.exe'] : [''];
  const found: string[] = [];
  for (const name of names) {
    for (const folder of folders) {
      const file = endings.map((ending) => path.join(folder, name + ending)).find(isExecutable);
      if (file !== undefined && !found.includes(file)) {
        found.push(file);
        break;
      }
    }
  }
  return found;
}

function isExecutable(file: string): boolean {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * A Python 3 with pip: the one that is named, else the first of PATH that has one.
 * @param cwd folder to work in: ours, never a workspace
 * @throws RuntimeError `no-python`, `no-pip`, `cancelled`
 */
export async function findPython(named: string | undefined, cwd: string, signal?: AbortSignal): Promise<Python> {
  const candidates = named === undefined ? onPath(['python3', 'python']) : [named];
  let withoutPip: string | undefined;
  for (const command of candidates) {
    const ran = await runProgram(command, ['-I', '-m', 'pip', '--version'], { cwd, signal }).catch((error: unknown) => {
      if (error instanceof RuntimeError) throw error;
      return null;
    });
    const pip = /^pip (\d[\w.]*)/.exec(ran?.stdout ?? '')?.[1];
    if (ran?.code === 0 && pip !== undefined) return { command, pip };
    if (ran !== null) withoutPip ??= command;
  }
  if (withoutPip !== undefined) throw noPip(withoutPip);
  throw noPython(named);
}

function noPython(named: string | undefined): RuntimeError {
  const offer = {
    en: 'Install Python 3 with pip, or name one: "mtl runtime install --python FILE", or in the editor the setting "mtl.python.path".',
    zh: '请安装带 pip 的 Python 3，或指定一个：“mtl runtime install --python FILE”，或在编辑器中设置“mtl.python.path”。',
  };
  return named === undefined
    ? new RuntimeError(
        'no-python',
        `The native engine is fetched with Python's pip, and there is no Python on the PATH. ${offer.en}`,
        `原生引擎通过 Python 的 pip 下载，而 PATH 中没有 Python。${offer.zh}`,
      )
    : new RuntimeError(
        'no-python',
        `"${named}" cannot be started as Python. ${offer.en}`,
        `无法以 Python 启动“${named}”。${offer.zh}`,
      );
}

function noPip(command: string): RuntimeError {
  return new RuntimeError(
    'no-pip',
    `${command} has no pip of its own. Install it ("${command} -m ensurepip", or your system's package python3-pip), or name another Python with --python FILE.`,
    `${command} 没有自带 pip。请安装（“${command} -m ensurepip”或系统的 python3-pip 软件包），或用 --python FILE 指定其他 Python。`,
  );
}
