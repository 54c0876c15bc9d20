import * as path from 'node:path';
import { orderedText, parseOrdered, type OrderedValue } from '../../runs/json.ts';
import { dataOption, jsonOption, memoryOption, placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { say, t } from '../language.ts';
import { memoryOf } from '../places.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { runPlace, trainedRun } from '../run-directory.ts';
import { resultLines, type TaskLine } from '../training-view.ts';
import { loadWorker } from '../worker-bundle.ts';

export const verb: Verb = {
  loadsEngine: true,
  usage: 'evaluate RUN [--split test] [--data FILE] [--memory SIZE] [--json]',
  help: { en: 'Losses and metrics of a trained run.', zh: '计算已训练模型的损失与指标。' },
  options: {
    split: { type: 'string', value: 'train|validation|test', help: { en: 'which split', zh: '数据划分' } },
    data: dataOption,
    json: jsonOption,
    ...memoryOption,
    ...placeOptions,
  },
  words: [1, 1],
  run: evaluate,
};

/** `mtl evaluate`: losses and metrics of a split, or of another labeled file. */
async function evaluate(args: Arguments): Promise<number> {
  const run = trainedRun(args.word(0));
  const given = args.oneOf('split', ['train', 'validation', 'test']);
  const data = args.text('data');
  // The test split unless something else is asked for; another file is evaluated whole.
  const split = given ?? (data === undefined ? 'test' : undefined);
  const { summary, warnings } = await loadWorker().evaluateRun(run, {
    ...runPlace(args, run),
    ...memoryOf(args),
    ...(split === undefined ? {} : { split }),
    ...(data === undefined ? {} : { data: path.resolve(data) }),
  });
  for (const warning of warnings) printProgress(`${t('warning: ', '警告：')}${plain(say(warning))}`);
  const text = orderedText(summary);
  if (args.flag('json')) printResult(text);
  else for (const line of resultTable(split ?? data ?? '', parseOrdered(text))) printResult(line);
  return 0;
}

function resultTable(what: string, result: OrderedValue): readonly string[] {
  const named = (value: OrderedValue | undefined): ReadonlyMap<string, OrderedValue> =>
    value instanceof Map ? value : new Map<string, OrderedValue>();
  const losses = named(named(result).get('losses'));
  const metrics = named(named(result).get('metrics'));
  const tasks = [...losses].map(([task, loss]): TaskLine => ({
    task,
    loss: numberOf(loss),
    metrics: [...named(metrics.get(task))].map(([name, value]) => [name, numberOf(value)] as const),
  }));
  const n = named(result).get('n');
  const count = typeof n === 'number' ? t(` (${n} samples)`, `（${n} 个样本）`) : '';
  return resultLines(`${what}${count}`, tasks);
}

function numberOf(value: OrderedValue): TaskLine['loss'] {
  if (typeof value === 'number' || value === null) return value;
  return value === 'NaN' || value === 'Infinity' || value === '-Infinity' ? value : null;
}
