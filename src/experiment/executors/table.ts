/** The executors: a row each. */
import { text } from '../../common/text.ts';
import { ExperimentError } from '../error.ts';
import type { Executor, ExecutorKinds, ExecutorName } from './contract.ts';
import { localExecutor } from './local.ts';

export const executors: { readonly [Name in ExecutorName]: (settings: ExecutorKinds[Name]) => Executor } = {
  local: localExecutor,
};

/** @throws ExperimentError `executor` for a name that is none */
export function executorName(asked: string): ExecutorName {
  if (Object.hasOwn(executors, asked)) return asked as ExecutorName;
  const known = Object.keys(executors).join(', ');
  throw new ExperimentError(
    'executor',
    text(
      `There is no executor "${asked}" here. Known are: ${known}. Leave --executor and "executor" out to run on this machine.`,
      `没有名为“${asked}”的执行器。可用的有：${known}。不写 --executor 和 "executor" 即在本机运行。`,
    ),
  );
}
