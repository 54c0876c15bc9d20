import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Text } from '../common/text.ts';
import { findRoot } from '../data/paths.ts';
import { latestAttempt } from '../runs/attempts.ts';
import { modelFolder } from '../runs/checkpoints.ts';
import { readRunRecord, specFileOf } from '../runs/frozen.ts';
import { glance } from '../runs/list.ts';
import { isLive, type RunState } from '../common/run-state.ts';
import type { Arguments } from './arguments.ts';
import { CliError } from './error.ts';
import { say, t } from './language.ts';
import { printProgress } from './output.ts';
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

/**
 * The directory of a run with a model. A run that failed and has one all the same is told.
 *
 * @throws CliError when the run has no model, with the reason
 */
export function trainedRun(word: string): string {
  const directory = runDirectory(word);
  const { state, problem } = glance(directory);
  if (modelFolder(directory) === null) throw withoutModel(word, state, problem);
  if (state === 'failed' || state === 'crashed') {
    const why = problem ? say(problem) : '';
    printProgress(
      t(
        `warning: This run did not end well; its model is that of its last checkpoint. ${why}`,
        `警告：此运行未正常结束，其模型来自最近的检查点。${why}`,
      ),
    );
  }
  return directory;
}

function withoutModel(word: string, state: RunState, problem: Text | null): CliError {
  if (problem && state === 'failed') {
    return new CliError(
      `The run "${word}" failed before it had a model: ${problem.en}`,
      `运行“${word}”在得到模型之前失败：${problem.zh}`,
    );
  }
  if (problem && state === 'crashed') {
    return new CliError(
      `The run "${word}" ended before it had a model: ${problem.en}`,
      `运行“${word}”在得到模型之前已终止：${problem.zh}`,
    );
  }
  if (isLive(state)) {
    return new CliError(
      `The run "${word}" has no model yet: it has not reached its first checkpoint. Wait for that.`,
      `运行“${word}”尚无模型：还未到第一个检查点。请稍候。`,
    );
  }
  return new CliError(
    `The run "${word}" has no model yet: it was stopped before its first checkpoint, or never started. Resume it: mtl train --resume "${word}"`,
    `运行“${word}”尚无模型：它在第一个检查点之前停止，或从未启动。请继续运行：mtl train --resume "${word}"`,
  );
}

/**
 * The root of a run's data. A run directory may be a stranger's, so what it says of its root is believed only where the
 * rule for specs (nearest folder with `.git`, else the spec's own) gives the same for a spec that is really there.
 *
 * @throws CliError when it cannot be told and `--root` was not given
 */
export function runPlace(args: Arguments, directory: string): Place {
  const record = readRunRecord(directory);
  const specFile = specFileOf(directory, record);
  if (args.text('root') !== undefined) return placeOf(args, specFile);
  const written = latestAttempt(directory)?.root;
  const exists = fs.statSync(specFile, { throwIfNoEntry: false })?.isFile() === true && /\.json$/i.test(specFile);
  const root = findRoot(specFile);
  if (exists && (written === undefined || path.resolve(directory, written) === root)) {
    return { root, allowOutside: args.flag('allow-outside') };
  }
  if (!fs.existsSync(specFile)) {
    throw new CliError(
      `The project of this run cannot be found: there is no ${record.spec} where the run directory says. One of them was moved. Say where the project's folder is: --root DIR`,
      `找不到此运行所属的项目：运行目录所指的位置没有 ${record.spec}，其中之一已被移动。请用 --root DIR 指定项目文件夹。`,
    );
  }
  const folder = path.relative('.', path.dirname(specFile)) || '.';
  throw new CliError(
    `The folder that this run's data belong to cannot be told for certain. Say it: --root DIR (was it ${folder}?).`,
    `无法确定此运行数据所属的文件夹。请用 --root DIR 指定（是否为 ${folder}？）。`,
  );
}
