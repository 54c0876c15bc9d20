import * as fs from 'node:fs';
import * as path from 'node:path';
import { findRoot } from '../data/paths.ts';
import { latestAttempt } from '../runs/attempts.ts';
import { modelFolder } from '../runs/checkpoints.ts';
import { readRunRecord, specFileOf } from '../runs/frozen.ts';
import type { Arguments } from './arguments.ts';
import { CliError } from './error.ts';
import { placeOf, type Place } from './places.ts';

/**
 * The absolute directory of a run that a person named.
 *
 * @throws CliError when there is none, RunError when it is no run of ours
 */
export function runDirectory(word: string): string {
  const directory = path.resolve(word);
  if (!fs.statSync(directory, { throwIfNoEntry: false })?.isDirectory()) {
    throw new CliError(
      `There is no run directory "${word}". "mtl runs list" shows those under this folder.`,
      `没有运行目录“${word}”。“mtl runs list”可列出当前文件夹下的运行。`,
    );
  }
  readRunRecord(directory);
  return directory;
}

/** @throws CliError when the run has no model yet */
export function trainedRun(word: string): string {
  const directory = runDirectory(word);
  if (modelFolder(directory) !== null) return directory;
  throw new CliError(
    `The run "${word}" has no model yet: its first epoch has not ended. Resume it or wait.`,
    `运行“${word}”尚无模型：第一轮还未结束。请继续训练或稍候。`,
  );
}

/**
 * The root of a run's data. A run directory may be a stranger's, so what it says of its root is believed only where the
 * rule for specs (nearest folder with `.git`, else the spec's own) gives the same for a spec that is really there.
 *
 * @throws CliError when it cannot be told and `--root` was not given
 */
export function runPlace(args: Arguments, directory: string): Place {
  const specFile = specFileOf(directory, readRunRecord(directory));
  if (args.text('root') !== undefined) return placeOf(args, specFile);
  const written = latestAttempt(directory)?.root;
  const exists = fs.statSync(specFile, { throwIfNoEntry: false })?.isFile() === true && /\.json$/i.test(specFile);
  const root = findRoot(specFile);
  if (exists && (written === undefined || path.resolve(directory, written) === root)) {
    return { root, allowOutside: args.flag('allow-outside') };
  }
  const folder = path.relative('.', path.dirname(specFile)) || '.';
  throw new CliError(
    `The folder that this run's data belong to cannot be told for certain. Say it: --root DIR (was it ${folder}?).`,
    `无法确定此运行数据所属的文件夹。请用 --root DIR 指定（是否为 ${folder}？）。`,
  );
}
