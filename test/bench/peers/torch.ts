/**
 * A Python with PyTorch: the one that MTL_BENCH_PYTHON names, else a virtual environment of the benchmark's own in the
 * person's cache folder, filled by their own pip, whose configuration (PIP_INDEX_URL and so on) says where from. On Linux
 * the build that an index offers may be the one for GPUs; only its CPU code is timed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

export interface Python {
  readonly command: string;
  readonly version: string;
}

/** The interpreter, or in words why there is none. */
export async function pythonWithTorch(): Promise<Python | string> {
  const named = process.env['MTL_BENCH_PYTHON'];
  if (named !== undefined) {
    const version = await torchOf(named);
    return version === null
      ? `MTL_BENCH_PYTHON names ${named}, which has no torch and numpy`
      : { command: named, version };
  }
  const folder = path.join(
    process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'),
    'mtl-workbench/bench-pytorch',
  );
  const command =
    process.platform === 'win32' ? path.join(folder, 'Scripts/python.exe') : path.join(folder, 'bin/python');
  const present = await torchOf(command);
  if (present !== null) return { command, version: present };
  console.log(`PyTorch is installed into ${folder} (several hundred megabytes, once) …`);
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  const system = process.platform === 'win32' ? 'python' : 'python3';
  if ((await run(system, ['-m', 'venv', folder], 'inherit')).code !== 0)
    return `${system} cannot make a virtual environment`;
  const pip = await run(command, ['-m', 'pip', 'install', '--only-binary=:all:', 'torch', 'numpy'], 'inherit');
  if (pip.code !== 0) return 'pip could not install torch and numpy; what it said is above';
  const version = await torchOf(command);
  return version === null ? 'the PyTorch that pip installed cannot be imported' : { command, version };
}

/** Version of torch, null where it cannot be imported. */
async function torchOf(python: string): Promise<string | null> {
  const { code, output } = await run(python, ['-c', 'import torch, numpy; print(torch.__version__)'], 'ignore');
  return code === 0 ? output.trim() : null;
}

async function run(
  command: string,
  args: readonly string[],
  errors: 'inherit' | 'ignore',
): Promise<{ code: number; output: string }> {
  const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', errors] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code: code ?? 1, output };
  } catch {
    return { code: 1, output: '' };
  }
}
