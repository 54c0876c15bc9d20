/**
 * Where everything of a run lies.
 *
 *     <spec's folder>/.mtl/.gitignore            holds `*`
 *     <spec's folder>/.mtl/runs/<time>-<slug>-<4 hex>/
 *       spec.json  run.json  fingerprints.json  attempts/<n>.json  lock  alive.json  events.ndjson  control.json
 *       leases/<id>  log.txt  checkpoints/<step>/  checkpoints/latest.json  model/  result.json
 *       notes.json                             what a person says of it
 *       events.cache                           the curves of a long events.ndjson, made by the editor; can always be made anew
 *       fork/                                  of a run that was forked: the checkpoint that it begins with
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemCode } from '../common/told-error.ts';
import { RunError } from './error.ts';

/** Version of the directory's format, in run.json. */
export const formatVersion = 1;

export interface RunPaths {
  readonly directory: string;
  readonly spec: string;
  readonly run: string;
  readonly fingerprints: string;
  readonly attempts: string;
  readonly lock: string;
  readonly alive: string;
  readonly events: string;
  readonly cache: string;
  readonly control: string;
  readonly leases: string;
  readonly log: string;
  readonly checkpoints: string;
  readonly latest: string;
  readonly fork: string;
  readonly model: string;
  readonly result: string;
  readonly notes: string;
}

export function runPaths(directory: string): RunPaths {
  const at = (...names: string[]): string => path.join(directory, ...names);
  return {
    directory,
    spec: at('spec.json'),
    run: at('run.json'),
    fingerprints: at('fingerprints.json'),
    attempts: at('attempts'),
    lock: at('lock'),
    alive: at('alive.json'),
    events: at('events.ndjson'),
    cache: at('events.cache'),
    control: at('control.json'),
    leases: at('leases'),
    log: at('log.txt'),
    checkpoints: at('checkpoints'),
    latest: at('checkpoints', 'latest.json'),
    fork: at('fork'),
    model: at('model'),
    result: at('result.json'),
    notes: at('notes.json'),
  };
}

/** Is there a run in this folder? Its `run.json` is the last thing a launcher writes when it makes one. */
export function isRun(directory: string): boolean {
  try {
    return fs.lstatSync(runPaths(directory).run).isFile();
  } catch {
    return false;
  }
}

const idPattern = /^[a-z0-9-]{1,60}$/;

export function isRunId(text: string): boolean {
  return idPattern.test(text);
}

/** The letters and digits of a name that every file system takes; `run` where none are left (a Chinese name, say). */
export function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 38)
    .replace(/^-+|-+$/g, '');
  return plain === '' ? 'run' : plain;
}

/** `<time>-<slug>-<4 hex>`: sorts by local time, at most 59 bytes. */
export function newRunId(name: string, now: Date = new Date()): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `${day}-${time}-${slug(name)}-${randomBytes(2).toString('hex')}`;
}

/** The folder of the runs of a spec: `.mtl/runs` beside it. */
export function runsFolder(specFile: string): string {
  return path.join(path.dirname(path.resolve(specFile)), '.mtl', 'runs');
}

/**
 * Makes `.mtl/runs` with its `.gitignore`.
 *
 * @throws RunError `unwritable`
 */
export function makeRunsFolder(folder: string): void {
  try {
    fs.mkdirSync(folder, { recursive: true });
    const parent = path.dirname(folder);
    if (path.basename(parent) !== '.mtl') return;
    try {
      fs.writeFileSync(path.join(parent, '.gitignore'), '*\n', { flag: 'wx' });
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  } catch (error) {
    throw unwritable(folder, error);
  }
}

/** What to say when a folder takes no files: how, and where else runs can go. */
export function unwritable(folder: string, error: unknown): RunError {
  const code = systemCode(error);
  const name = path.basename(folder);
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  return full
    ? new RunError(
        'unwritable',
        `There is no space left for the run in "${name}" (${code}). Free some space and go on; a new one can also go elsewhere with --run-dir (an experiment with --dir).`,
        `“${name}”所在磁盘空间不足（${code}）。请释放空间后继续；新的也可用 --run-dir（实验用 --dir）另选位置。`,
      )
    : new RunError(
        'unwritable',
        `The folder "${name}" for the run cannot be written${code === '' ? '' : ` (${code})`}. Choose another place with --run-dir (for an experiment: --dir), or allow writing there.`,
        `无法写入运行目录“${name}”${code === '' ? '' : `（${code}）`}。请用 --run-dir（实验用 --dir）另选位置，或开放写权限。`,
      );
}
