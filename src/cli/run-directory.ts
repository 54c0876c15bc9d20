import * as fs from 'node:fs';
import * as path from 'node:path';
import { readRunRecord } from '../runs/frozen.ts';
import { modelFolder } from '../runs/checkpoints.ts';
import { CliError } from './error.ts';

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
