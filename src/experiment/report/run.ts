/** The report of a single run: what it came to on each split, its curves, its settings. */
import { counted, type Text, text } from '../../common/text.ts';
import { readFrozen } from '../../runs/frozen.ts';
import { isOrderedMap, orderedText, type OrderedValue } from '../../runs/json.ts';
import { shortNumber, timeText } from '../comparison/numbers.ts';
import { readPlainRun, type PlainRun } from '../comparison/plain-run.ts';
import { higherIsBetter } from '../../spec/index.ts';
import type { Measure } from '../contract.ts';
import { cell, listed, said, same, sentences } from './cells.ts';
import type { Report, ReportTable, Section } from './contract.ts';
import { curveFigure, curvesOf } from './curves.ts';

type Fields = ReadonlyMap<string, OrderedValue>;

const mapOf = (value: OrderedValue | undefined): Fields => (isOrderedMap(value) ? value : new Map());
const numberText = (value: OrderedValue | undefined): string =>
  typeof value === 'number' ? shortNumber(value) : typeof value === 'string' ? value : '–';

/** @throws RunError, ComparisonError where the directory is no run that this version reads */
export function runReport(directory: string): Report {
  const run = readPlainRun(directory);
  const measures = [...run.spec.tasks].map(([task, { type, metrics }]): Measure => {
    const metric = metrics[0]?.type ?? 'loss';
    return { task, type, metric, higherIsBetter: higherIsBetter(type, metric), margin: null };
  });
  const curves = curvesOf(directory, run.name, run.spec.training.seed, measures);
  const figures = measures.flatMap((measure, index) => curveFigure(curves, measure, index) ?? []);
  const section = (id: string, title: Text, parts: Partial<Section>): Section => ({
    ...{ id, title, summary: [], tables: [], figures: [] },
    ...parts,
  });
  return {
    title: text(`Run ${run.name}`, `运行 ${run.name}`),
    sections: [
      section('result', text('Result', '结果'), { summary: [summaryOf(run)], tables: splitTables(run) }),
      section('curves', text('Learning curves', '学习曲线'), {
        summary: figures.length === 0 ? [text('No epoch has ended.', '尚无完成的轮次。')] : [],
        figures,
      }),
      section('settings', text('Settings', '设置'), { tables: [settingsTable(directory)] }),
      section('methods', text('Methods', '方法'), { summary: [methodsOf(run)] }),
    ],
  };
}

function summaryOf({ result, state, problem }: PlainRun): Text {
  if (problem !== null) return problem;
  if (result === null) return text(`The run has not ended (${state}).`, `此运行尚未结束（${state}）。`);
  const best = mapOf(result.get('best'));
  const [epochs, epoch] = [numberText(result.get('epochs')), numberText(best.get('epoch'))];
  const seconds = result.get('seconds');
  const time = timeText(typeof seconds === 'number' ? seconds : null);
  const parameters = numberText(mapOf(result.get('parameters')).get('total'));
  const [monitor, value] = [best.get('monitor'), numberText(best.get('value'))];
  const kept =
    typeof monitor === 'string'
      ? text(` Kept is epoch ${epoch} (${monitor} ${value}).`, `保留第 ${epoch} 轮（${monitor} ${value}）。`)
      : text(' Kept is the last epoch.', '保留最后一轮。');
  return text(
    `${epochs} ${epochs === '1' ? 'epoch' : 'epochs'} in ${time}, ${parameters} parameters.${kept.en}`,
    `${epochs} 轮，用时 ${time}，${parameters} 个参数。${kept.zh}`,
  );
}

function splitTables({ result, spec }: PlainRun): readonly ReportTable[] {
  const splits = mapOf(result?.get('splits'));
  return [...spec.tasks.keys()].map((task): ReportTable => {
    const metrics = [
      ...new Set([...splits.values()].flatMap((one) => [...mapOf(mapOf(mapOf(one).get('metrics')).get(task)).keys()])),
    ];
    return {
      title: same(task),
      columns: [text('split', '划分'), text('rows', '行数'), text('loss', '损失'), ...metrics.map(same)],
      words: 1,
      rows: [...splits].map(([name, one]) => {
        const fields = mapOf(one);
        const own = mapOf(mapOf(fields.get('metrics')).get(task));
        return [
          said(splitNames[name] ?? same(name)),
          cell(numberText(fields.get('n'))),
          cell(numberText(mapOf(fields.get('losses')).get(task))),
          ...metrics.map((metric) => cell(numberText(own.get(metric)))),
        ];
      }),
    };
  });
}

const splitNames: Readonly<Record<string, Text>> = {
  train: text('training', '训练集'),
  validation: text('validation', '验证集'),
  test: text('test', '测试集'),
};

/** Every leaf of the resolved long form. */
function settingsTable(directory: string): ReportTable {
  const rows: (readonly [string, string])[] = [];
  const walk = (value: OrderedValue, path: string): void => {
    const members: readonly (readonly [string | number, OrderedValue])[] = isOrderedMap(value)
      ? [...value]
      : Array.isArray(value)
        ? [...(value as readonly OrderedValue[]).entries()]
        : [];
    if (members.length === 0) rows.push([path, orderedText(value)]);
    for (const [key, member] of members) walk(member, `${path}/${key}`);
  };
  walk(readFrozen(directory).resolved, '');
  return {
    title: text('Resolved long form', '完整形式'),
    columns: [text('key', '键'), text('value', '取值')],
    words: 2,
    rows: rows.map(([key, value]) => [cell(key), cell(value)]),
  };
}

function methodsOf({ spec, engine, files, result }: PlainRun): Text {
  const samples = mapOf(result?.get('samples'));
  const counts = (['train', 'validation', 'test'] as const).map((name) => numberText(samples.get(name)));
  const [train, validation, test] = counts;
  const hashes = listed(files.map(({ path, sha256 }) => `${path} ${sha256.slice(0, 12)}`));
  const tasks = listed([...spec.tasks].map(([task, { type }]) => `${task} (${type})`));
  return sentences([
    text(
      `One network for ${counted(spec.tasks.size, 'task')} (${tasks.en}), seed ${spec.training.seed}; ${train} training, ${validation} validation and ${test} test rows. The model was kept by the validation split. One run says nothing of how much seeds differ.`,
      `一个网络训练 ${spec.tasks.size} 个任务（${tasks.zh}），随机种子 ${spec.training.seed}；训练 ${train} 行，验证 ${validation} 行，测试 ${test} 行。模型按验证集保留。单次运行不能说明种子之间的差异。`,
    ),
    ...(engine === null ? [] : [text(`Engine: ${engine}.`, `引擎：${engine}。`)]),
    ...(files.length === 0 ? [] : [text(`Data (SHA-256): ${hashes.en}.`, `数据（SHA-256）：${hashes.zh}。`)]),
  ]);
}
