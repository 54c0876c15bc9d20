/** Processes that outlive the one that starts them: trainers, and drivers of experiments. */
import { spawn } from 'node:child_process';
import { systemCode } from '../common/told-error.ts';

export interface DetachedProcess {
  /** Absolute path of the script. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** Where it works. */
  readonly directory: string;
  /** Handle of the file that takes its stdout and stderr. */
  readonly log: number;
  /** Arguments for node itself, before the script (a loader, in tests). */
  readonly nodeArguments: readonly string[];
  /** Variables to add to the cleaned environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What is thrown where the system does not start it. */
  readonly refused: (reason: string) => Error;
}

/** How a process ended; both null where it was never begun. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export interface Spawned {
  readonly pid: number;
  /** Resolves when the process ends while this one lives (waiting for it does not keep this one alive); never rejects. */
  readonly exited: Promise<ProcessExit>;
}

/**
 * Starts a script with this node, in a process group of its own.
 *
 * @throws what `refused` makes of the system's code
 */
export async function spawnDetached(asked: DetachedProcess): Promise<Spawned> {
  const child = spawn(process.execPath, [...asked.nodeArguments, asked.program, ...asked.arguments], {
    cwd: asked.directory,
    detached: true,
    windowsHide: true,
    stdio: ['ignore', asked.log, asked.log],
    env: { ...cleanEnvironment(process.env), ...asked.env },
  });
  const exited = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  const spawned = await new Promise<Error | null>((resolve) => {
    child.once('spawn', () => resolve(null));
    child.once('error', resolve);
  });
  if (spawned !== null || child.pid === undefined) throw asked.refused(systemCode(spawned));
  // The launcher may end while the process goes on.
  child.unref();
  return { pid: child.pid, exited };
}

/**
 * A copy of an environment for a process of ours: without what would change how node runs or tie it to a window, and with
 * `ELECTRON_RUN_AS_NODE` where this program is Electron.
 */
export function cleanEnvironment(env: NodeJS.ProcessEnv, electron = 'electron' in process.versions): NodeJS.ProcessEnv {
  const clean = Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^(NODE_OPTIONS|NODE_CHANNEL_.*|NODE_UNIQUE_ID|VSCODE_.*|ELECTRON_.*)$/i.test(name),
    ),
  );
  return electron ? { ...clean, ELECTRON_RUN_AS_NODE: '1' } : clean;
}

/** Kills a detached process and all it has started: its process group, or its tree on Windows. */
export function killTree(pid: number): void {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore', windowsHide: true }).once('error', () => {
      killOne(pid);
    });
    return;
  }
  // No such group: it was not started detached. Then the process alone.
  if (!killOne(-pid)) killOne(pid);
}

function killOne(target: number): boolean {
  try {
    return process.kill(target, 'SIGKILL');
  } catch {
    return false;
  }
}
