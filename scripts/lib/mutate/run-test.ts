// One test file in a process of its own, with a time limit.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { endGroup } from '../process.mjs';

export interface Ending {
  readonly ending: 'passed' | 'failed' | 'too-long' | 'broken-off';
  readonly seconds: number;
  readonly output: string;
}

/**
 * As scripts/test.mjs runs it. The process leads a group, so that what it started goes with it; its temporary files lie in a
 * folder that goes too, since a killed test removes nothing.
 */
export async function runTest(
  folder: string,
  file: string,
  limitSeconds: number,
  { signal, environment = {} }: { signal?: AbortSignal; environment?: Readonly<Record<string, string>> } = {},
): Promise<Ending> {
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'mtl-mutate-test-'));
  const { NODE_OPTIONS: _, NODE_TEST_CONTEXT: __, NODE_V8_COVERAGE: ___, ...own } = process.env;
  const began = performance.now();
  const child = spawn(process.execPath, ['--import', 'tsx', '--import', './test/setup.mjs', file], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...own,
      TMPDIR: temporary,
      MTL_TEST_RUNTIME_DIR: own['MTL_RUNTIME_DIR'] ?? '',
      MTL_RUNTIME_DIR: path.join(temporary, 'no-runtime'),
      ...environment,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-100_000)));
  }
  let ending: Ending['ending'] | undefined;
  const end = (how: Ending['ending']): void => {
    ending ??= how;
    void endGroup(child, 500);
  };
  const timer = setTimeout(() => end('too-long'), limitSeconds * 1000);
  const stop = (): void => end('broken-off');
  if (signal?.aborted === true) stop();
  signal?.addEventListener('abort', stop, { once: true });
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  signal?.removeEventListener('abort', stop);
  await endGroup(child, 500);
  endStrays(temporary);
  fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
  ending ??= code === 0 ? 'passed' : 'failed';
  return { ending, seconds: (performance.now() - began) / 1000, output };
}

/**
 * A run leads a group of its own, and a fault can keep it from ending: what has the test's own folder for temporary files in
 * its environment was started by that test. Where there is no /proc it stays.
 */
function endStrays(temporary: string): void {
  const mark = `TMPDIR=${temporary}\0`;
  for (const name of fs.existsSync('/proc/self/environ') ? fs.readdirSync('/proc') : []) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      if (fs.readFileSync(`/proc/${name}/environ`, 'latin1').includes(mark)) process.kill(Number(name), 'SIGKILL');
    } catch {
      // Another user's, or gone.
    }
  }
}

/** Works off the items, `width` at a time, until `signal` says that no more are wanted. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && signal?.aborted !== true; item = queue.shift())
      await work(item);
  };
  await Promise.all(Array.from({ length: width }, worker));
}
