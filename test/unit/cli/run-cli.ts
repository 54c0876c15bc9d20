/** Starts the command line, as a person would. */
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../src/cli/main.ts', import.meta.url));
const built = process.env['MTL_TEST_CLI'];

/**
 * What Node is given before a verb: the bundle that a suite was told to take (a start takes half the time), else the source, of
 * which it can be recorded what runs.
 */
export const program: readonly string[] =
  built === undefined ? ['--import', import.meta.resolve('tsx'), main] : [built];

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function mtl(
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: Record<string, string> } = {},
): Promise<Outcome> {
  const { LC_ALL: _all, LC_MESSAGES: _messages, ...rest } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, ...args], {
      cwd: options.cwd ?? process.cwd(),
      // What is installed on the machine is no part of these tests.
      env: { ...rest, MTL_RUNTIME_DIR: path.join(os.tmpdir(), 'mtl-no-runtime'), LANG: 'en_US.UTF-8', ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Header and rows for {@link spec}. */
export const table = `a,b,kind,y\n${Array.from({ length: 240 }, (_, row) => `${row},${row % 7},${row % 2 ? 'odd' : 'even'},${row * 2}`).join('\n')}\n`;

export const spec = `{
  // 两个任务
  "data": { "source": "table.csv", "inputs": { "in": { "type": "number", "from": ["a", "b"] } } },
  "network": { "trunk": { "input": "in", "layers": [{ "type": "dense", "units": 4 }] } },
  "tasks": {
    "10": { "type": "classification", "target": "kind", "input": "trunk" },
    "2": { "type": "regression", "target": "y", "input": "trunk" }
  },
  "weights": { "10": 0.5, "2": 0.5 }
}
`;
