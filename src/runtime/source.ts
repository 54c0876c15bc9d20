/** TensorFlow that is on this machine already: a wheel, a folder, or the one of a Python environment. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Platform } from './platforms.ts';
import { runProgram } from './process.ts';
import { RuntimeError } from './error.ts';

export type Local =
  /** A folder of wheels, or of the one wheel. */
  | { readonly kind: 'wheels'; readonly folder: string }
  /** The two libraries, by name, and the folder of their headers, where there is one. */
  | { readonly kind: 'libraries'; readonly folder: string; readonly from: string; readonly headers: string | null };

const where = `
import importlib.util
found = importlib.util.find_spec('tensorflow')
print(found.submodule_search_locations[0] if found else '')
`;

type Libraries = Platform['libraries'];

/**
 * What was named with --from: a `.whl`, a folder with wheels, a folder with TensorFlow's libraries (or one above it, as
 * `site-packages`), a Python interpreter that has TensorFlow, or the folder of its environment.
 * @throws RuntimeError `source`, `cancelled`
 */
export async function localSource(
  named: string,
  cwd: string,
  { libraries }: Pick<Platform, 'libraries'>,
  signal?: AbortSignal,
): Promise<Local> {
  const file = path.resolve(named);
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) throw unusable(named, 'there is no such file or folder', '没有该文件或文件夹');
  if (stat.isFile() && file.endsWith('.whl')) return { kind: 'wheels', folder: path.dirname(file) };
  if (stat.isFile()) return ofInterpreter(file, cwd, libraries, signal);
  const folder = folderWithLibraries(file, libraries);
  if (folder !== null) return librariesIn(folder, file);
  const interpreter = ['bin/python3', 'bin/python']
    .map((name) => path.join(file, name))
    .find((at) => fs.existsSync(at));
  if (interpreter !== undefined) return ofInterpreter(interpreter, cwd, libraries, signal);
  if (fs.readdirSync(file).some((name) => name.endsWith('.whl'))) return { kind: 'wheels', folder: file };
  throw unusable(
    named,
    `it holds neither TensorFlow's wheels nor ${libraries.join(' and ')}, and is no Python environment`,
    `其中既没有 TensorFlow 的 wheel，也没有 ${libraries.join(' 和 ')}，也不是 Python 环境`,
  );
}

function folderWithLibraries(folder: string, libraries: Libraries): string | null {
  const candidates = [folder, path.join(folder, 'tensorflow'), path.join(folder, 'deps', 'lib')];
  const has = (at: string): boolean => libraries.every((name) => fs.existsSync(path.join(at, name)));
  return candidates.find(has) ?? null;
}

/** Headers lie in the package `tensorflow`, beside the `lib` of a C library, or above the `deps/lib` of a runtime. */
function librariesIn(folder: string, from: string): Local {
  const candidates = ['include', '../include', '../../include'].map((name) => path.join(folder, name));
  const headers = candidates.find((at) => fs.existsSync(path.join(at, 'tensorflow', 'c', 'c_api.h'))) ?? null;
  return { kind: 'libraries', folder, from, headers };
}

async function ofInterpreter(file: string, cwd: string, libraries: Libraries, signal?: AbortSignal): Promise<Local> {
  // Not -I: the environment that the person named may hold its packages in the user's folder.
  const ran = await runProgram(file, ['-c', where], { cwd, signal, timeoutMs: 60_000 }).catch((error: unknown) => {
    if (error instanceof RuntimeError) throw error;
    return null;
  });
  if (ran?.code !== 0)
    throw unusable(file, 'it is no Python interpreter that can be started', '无法作为 Python 解释器启动');
  const found = ran.stdout.trim();
  const folder = found === '' ? null : folderWithLibraries(found, libraries);
  if (folder !== null) return librariesIn(folder, file);
  throw unusable(
    file,
    found === ''
      ? 'that Python has no tensorflow'
      : `the tensorflow of that Python has no ${libraries[0]} (2.13 or newer has it)`,
    found === '' ? '该 Python 中没有 tensorflow' : `该 Python 的 tensorflow 没有 ${libraries[0]}（需 2.13 或更新版本）`,
  );
}

function unusable(named: string, en: string, zh: string): RuntimeError {
  return new RuntimeError('source', `--from "${named}" cannot be used: ${en}.`, `无法使用 --from “${named}”：${zh}。`);
}
