/**
 * Makes a run directory and starts the process that works on it. The trainer outlives the window or terminal that
 * started it; from then on all speak through the directory.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isHere, startTicks } from '../files/process-mark.ts';
import { createAttempt, endAttempt } from './attempts.ts';
import type { Attempt, AttemptOptions } from './attempts.ts';
import { request } from './control.ts';
import { killTree, spawnDetached, type ProcessExit } from './detached.ts';
import { systemCode } from '../common/told-error.ts';
import { RunError } from './error.ts';
import { writeForkCheckpoint } from './checkpoints.ts';
import { writeFingerprints } from './fingerprints.ts';
import type { NewFork } from './fork/from.ts';
import { openForAppending } from '../files/plain.ts';
import { modulesOf, writeFrozen, writeRunRecord } from './frozen.ts';
import type { RunRecord } from './frozen.ts';
import { formatVersion, isRun, makeRunsFolder, newRunId, runPaths, runsFolder, unwritable } from './layout.ts';
import { refuseLeadingOut, refuseLinkedRun, refuseLinks } from './links.ts';
import { aliveError, liveHolder } from './lock.ts';

export interface NewRun {
  /** The spec's text as written. */
  readonly text: string;
  /** Its resolved long form, `set` applied: Maps or plain objects. */
  readonly resolved: unknown;
  readonly set?: readonly string[];
  /** Absolute path of the spec. */
  readonly specFile: string;
  /** Absolute path of the folder that the spec's paths may not leave. */
  readonly root: string;
  /** Shown to people; the directory's name is made of it. */
  readonly name: string;
  /** Exactly this directory (new or empty); default `.mtl/runs/<time>-<slug>-<4 hex>` beside the spec. */
  readonly directory?: string;
  /** Where default directories are made instead of `.mtl/runs` (a folder that cannot be written; a setting). */
  readonly folder?: string;
  readonly parent?: RunRecord['parent'];
  /** The run goes on from a checkpoint of another one. */
  readonly fork?: NewFork;
}

/**
 * Makes the directory of a new run. `run.json` is written last: a directory without it is no run.
 *
 * @returns its absolute path
 * @throws RunError `exists`, `link`, `unwritable`
 */
export function createRun(run: NewRun): string {
  const directory = run.directory === undefined ? makeDefaultFolder(run) : makeGivenFolder(path.resolve(run.directory));
  try {
    fs.mkdirSync(runPaths(directory).attempts, { recursive: true });
    writeFrozen(directory, { text: run.text, set: run.set ?? [], resolved: run.resolved });
    const modules = modulesOf(run.resolved, run.specFile);
    if (run.fork) takeAlong(directory, run.fork, relative(run.root, run.specFile));
    writeRunRecord(directory, {
      v: 1,
      id: path.basename(directory),
      name: run.name,
      created: Date.now(),
      format: formatVersion,
      root: relative(directory, run.root),
      spec: relative(run.root, run.specFile),
      parent: run.parent ?? null,
      ...(run.fork ? { fork: run.fork.record } : {}),
      ...(modules.length === 0 ? {} : { modules }),
    });
  } catch (error) {
    throw unwritable(directory, error);
  }
  return directory;
}

/** The checkpoint, and what it was trained on: the first start is compared with that like any later one. */
function takeAlong(directory: string, { record, files, specName, fingerprints }: NewFork, ownName: string): void {
  writeForkCheckpoint(directory, record.step, files);
  if (!fingerprints) return;
  // Both name files from their spec; its place below the root may be another one here.
  const [was, is] = [path.posix.dirname(specName), path.posix.dirname(ownName)];
  const moved = fingerprints.files.map((mark) => ({
    ...mark,
    path: path.isAbsolute(mark.path) ? mark.path : path.posix.join(is, path.posix.relative(was, mark.path)),
  }));
  writeFingerprints(directory, { ...fingerprints, files: moved });
}

function makeDefaultFolder(run: NewRun): string {
  const folder = run.folder ?? runsFolder(run.specFile);
  if (run.folder === undefined) refuseLeadingOut(folder, [path.dirname(run.specFile), run.root]);
  makeRunsFolder(folder);
  for (;;) {
    const directory = path.join(folder, newRunId(run.name));
    try {
      fs.mkdirSync(directory);
      return directory;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw unwritable(folder, error);
    }
  }
}

function makeGivenFolder(directory: string): string {
  const name = path.basename(directory);
  refuseLinkedRun(directory);
  const holder = liveHolder(directory);
  if (holder) throw aliveError(holder.pid);
  try {
    fs.mkdirSync(directory, { recursive: true });
    if (fs.readdirSync(directory).length === 0) return directory;
  } catch (error) {
    throw unwritable(directory, error);
  }
  throw isRun(directory)
    ? new RunError(
        'exists',
        `"${name}" holds a run already. Give --resume to go on with it, or another directory.`,
        `“${name}”中已有运行。用 --resume 继续，或另选目录。`,
      )
    : new RunError(
        'exists',
        `The directory "${name}" is not empty. Give an empty or a new one.`,
        `目录“${name}”不为空。请给出空目录或新目录。`,
      );
}

/** A relative path with `/`: files of a run never hold absolute paths, which would name a user. */
function relative(from: string, to: string): string {
  return path.relative(from, to).split(path.sep).join('/');
}

export interface LaunchOptions extends Omit<AttemptOptions, 'root'> {
  /** Absolute path of `trainer.cjs`. */
  readonly trainerFile: string;
  readonly resume: boolean;
  /** Absolute path of the folder that the spec's paths may not leave. */
  readonly root: string;
  /** Name to version of the launcher's side, for `attempts/<n>.json`. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Arguments for node itself, before the trainer's file (a loader, in tests). */
  readonly nodeArguments?: readonly string[];
  /** Variables to add; default none. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Exit extends ProcessExit {
  /** Why not even its death could be written down: a full disk, which will have been its cause. */
  readonly unwritable?: RunError;
}

export interface Launched {
  readonly directory: string;
  readonly pid: number;
  readonly attempt: number;
  /** For requests before the trainer holds the lock. */
  readonly token: string;
  /** Resolves when the process ends while this one lives (waiting for it does not keep this one alive); never rejects. */
  readonly exited: Promise<Exit>;
}

/**
 * Starts `trainerFile --run DIR --attempt N [--resume]`, detached, with its output in `log.txt`.
 *
 * @throws RunError `alive` when a process works on it, `link`, `unwritable`, `spawn`
 */
export async function launch(directory: string, options: LaunchOptions): Promise<Launched> {
  refuseLinks(directory);
  const holder = liveHolder(directory);
  if (holder) throw aliveError(holder.pid);
  const attempt = createAttempt(
    directory,
    { ...options, root: relative(directory, options.root) },
    { node: process.versions.node, ...options.versions },
  );
  const log = openLog(directory);
  try {
    return await start(directory, attempt, options, log);
  } catch (error) {
    endAttempt(directory, attempt.attempt, {
      status: 'refused',
      message: 'it could not be started',
      zh: '无法启动',
    });
    throw error;
  } finally {
    fs.closeSync(log);
  }
}

function openLog(directory: string): number {
  try {
    return openForAppending(runPaths(directory).log);
  } catch (error) {
    throw unwritable(directory, error);
  }
}

async function start(directory: string, attempt: Attempt, options: LaunchOptions, log: number): Promise<Launched> {
  const { pid, exited } = await spawnDetached({
    program: options.trainerFile,
    arguments: ['--run', directory, '--attempt', String(attempt.attempt), ...(options.resume ? ['--resume'] : [])],
    ...{ directory, log },
    nodeArguments: options.nodeArguments ?? [],
    env: options.env ?? {},
    refused: (reason) =>
      new RunError(
        'spawn',
        `The training process could not be started (${reason}). Reinstall the extension if this stays.`,
        `无法启动训练进程（${reason}）。若问题持续，请重新安装扩展。`,
      ),
  });
  const noted = exited.then((exit): Exit => {
    // Only this process learns how the trainer died; it is written down for all others.
    const problem = noteDeath(directory, attempt.attempt, exit);
    return { ...exit, ...(problem ? { unwritable: problem } : {}) };
  });
  return { directory, pid, attempt: attempt.attempt, token: attempt.token, exited: noted };
}

function noteDeath(directory: string, attempt: number, exit: Exit): RunError | null {
  try {
    endAttempt(directory, attempt, { status: 'died', code: exit.code, signal: exit.signal });
    return null;
  } catch (error) {
    // Of a directory that was deleted nobody will ask.
    return fs.existsSync(directory) ? unwritable(directory, error) : null;
  }
}

/**
 * Stops a run: asks, waits, and after the grace period kills its process tree.
 *
 * @returns `stopped` (by itself) or `killed`; `absent` when nobody works on it; `remote` when it works on another host
 *   and has not stopped within the grace period
 */
export async function stopRun(
  directory: string,
  options: { readonly by?: string; readonly grace?: number } = {},
): Promise<'stopped' | 'killed' | 'absent' | 'remote'> {
  const holder = liveHolder(directory);
  if (!holder) return 'absent';
  request(directory, 'stop', { by: options.by ?? 'control', token: holder.token });
  const until = performance.now() + (options.grace ?? 30_000);
  while (performance.now() < until) {
    if (liveHolder(directory)?.token !== holder.token) return 'stopped';
    await sleep(100);
  }
  return killRun(directory) ? 'killed' : 'remote';
}

/** Kills the process tree that works on a run, if it is on this host; true when there was one. */
export function killRun(directory: string): boolean {
  const holder = liveHolder(directory);
  // The start time is compared once more, so that a foreign process with a recycled pid is never hit.
  if (!holder || !isHere(holder) || startTicks(holder.pid) !== holder.ticks) return false;
  killTree(holder.pid);
  return true;
}
