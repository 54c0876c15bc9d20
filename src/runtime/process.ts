/** Programs that are run to their end: argument arrays, never a shell; canceled with all that they started. */
import { spawn } from 'node:child_process';
import { canceled, refuseWhenCanceled } from './error.ts';

export interface Ran {
  /** Exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** No program that is run here has more to say that matters. */
const mostText = 1 << 20;

/**
 * @returns what it said; a program that cannot be started rejects with the system's error
 * @throws RuntimeError `cancelled`
 */
export function runProgram(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  refuseWhenCanceled(options.signal);
  return new Promise((resolve, reject) => {
    // Its own process group, so that canceling ends what it started, too.
    const group = process.platform !== 'win32';
    const child = spawn(command, [...args], {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: group,
      windowsHide: true,
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout = (stdout + text).slice(-mostText)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr = (stderr + text).slice(-mostText)));
    const kill = (): void => {
      try {
        if (group && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // Gone already.
      }
    };
    const timer = options.timeoutMs === undefined ? undefined : setTimeout(kill, options.timeoutMs);
    options.signal?.addEventListener('abort', kill, { once: true });
    const done = (): void => {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', kill);
    };
    child.once('error', (error) => {
      done();
      reject(error);
    });
    child.once('close', (code, signal) => {
      done();
      if (options.signal?.aborted === true) reject(canceled());
      else resolve({ code, signal, stdout, stderr });
    });
  });
}
