import { durationText } from '../../common/duration.ts';
import { counted, text } from '../../common/text.ts';
import type { Expansion, PlannedRun } from '../../experiment/contract.ts';
import { estimateOf, type Estimate } from '../../experiment/estimate.ts';
import { expand } from '../../experiment/expand.ts';
import { powerOf, type PowerReport } from '../../experiment/power.ts';
import { orderedText } from '../../runs/json.ts';
import { toOrdered } from '../../spec/index.ts';
import { jsonOption, placeOptions, type Arguments, type Verb } from '../arguments.ts';
import { CliError } from '../error.ts';
import { checkWithExperiment, type CheckedExperiment } from '../experiments/read.ts';
import { surroundingsOf } from '../experiments/surroundings.ts';
import { language, t } from '../language.ts';
import { plain, printProgress, printResult } from '../output.ts';
import { placeOf } from '../places.ts';
import { countText, Positions, problemLines } from '../problems.ts';
import { isError, readSpecFile } from '../spec-file.ts';
import { columns } from '../width.ts';

export const verb: Verb = {
  usage: 'plan SPEC [--engine auto|native|wasm] [--json]',
  help: {
    en: 'The runs that an experiment expands to, how long they take and what they can find. Starts nothing.',
    zh: '列出实验展开的全部运行、所需时间与可发现的差异。不启动任何运行。',
  },
  options: {
    engine: { type: 'string', value: 'auto|native|wasm', help: { en: 'engine', zh: '引擎' } },
    json: jsonOption,
    ...placeOptions,
  },
  words: [1, 1],
  run: plan,
};

/** `mtl plan`: exit 0, or 2 where the design is impossible. */
async function plan(args: Arguments): Promise<number> {
  const engine = args.oneOf('engine', ['auto', 'native', 'wasm'] as const);
  const spec = readSpecFile(args.word(0));
  const place = placeOf(args, spec.file);
  const checked = await checkWithExperiment(spec, place);
  for (const line of problemLines(spec.name, new Positions(spec.text), checked.problems)) printProgress(line);
  const { design } = checked.experiment;
  if (checked.problems.some(isError)) {
    const count = countText(checked.problems);
    throw new CliError(`${spec.name} cannot be planned: ${count}.`, `${spec.name} 无法制定计划：${count}。`);
  }
  if (design === undefined) {
    throw new CliError(
      `${spec.name} has no section "experiment". Add one, for example "experiment": { "replicates": 5 }.`,
      `${spec.name} 没有 "experiment" 一节。请添加，例如 "experiment": { "replicates": 5 }。`,
    );
  }
  const surroundings = await surroundingsOf(design, { ...place, specFile: spec.file }, { engine });
  const expansion = expand(design, surroundings, new Map());
  const estimate = estimateOf(expansion, checked.machine.speed, checked.machine.parallel);
  const power = powerOf(design, expansion);
  if (args.flag('json')) printResult(planJson(expansion, estimate, power));
  else printForPeople(checked, expansion, estimate, power);
  return 0;
}

function planJson(expansion: Expansion, estimate: Estimate, power: PowerReport | null): string {
  return orderedText({
    v: 1,
    runs: expansion.runs.map(runJson),
    pending: expansion.pending,
    estimate,
    power,
    remarks: expansion.remarks,
  });
}

function runJson({ id, arm, stage, seed, role, task, variant, replicate }: PlannedRun): object {
  const settings = [...variant.settings, ...replicate.settings];
  return {
    ...{ id, arm, stage, seed, role, task },
    settings: new Map(settings.map(({ pointer, value }) => [pointer, toOrdered(value)])),
  };
}

function printForPeople(
  { experiment }: CheckedExperiment,
  { runs, pending, remarks, compared }: Expansion,
  estimate: Estimate,
  power: PowerReport | null,
): void {
  const question = experiment.design?.experiment.question;
  if (question !== undefined) printResult(plain(question));
  const rows = new Map<
    string,
    { readonly stage: string; readonly arm: string; count: number; readonly seeds: Set<number> }
  >();
  for (const { stage, arm, seed } of runs) {
    const key = JSON.stringify([stage, arm]);
    const row = rows.get(key) ?? { stage, arm, count: 0, seeds: new Set<number>() };
    row.count++;
    row.seeds.add(seed);
    rows.set(key, row);
  }
  const baseline = experiment.design?.baseline;
  printResult(
    columns(
      [
        [t('stage', '阶段'), t('arm', '实验组'), t('runs', '运行数'), t('seeds', '种子'), ''],
        ...[...rows.values()].map(({ stage, arm, count, seeds }) => [
          plain(stage),
          plain(arm),
          String(count),
          rangeText([...seeds]),
          arm === baseline ? t('baseline', '基线') : '',
        ]),
        ...pending.map(({ stage, arm, runs: most }) => [
          plain(stage),
          arm === null ? t('(found later)', '（稍后确定）') : plain(arm),
          t(`up to ${most}`, `至多 ${most}`),
          '',
          '',
        ]),
      ],
      { words: 2 },
    ).join('\n'),
  );
  for (const remark of remarks) printResult(plain(remark[language()]));
  printResult(totalText(estimate));
  if (power !== null && compared.length > 0) printResult(powerText(power));
}

/** `0–7`, or a list. */
function rangeText(seeds: readonly number[]): string {
  const sorted = seeds.toSorted((a, b) => a - b);
  const [first = 0, last = 0] = [sorted[0], sorted.at(-1)];
  const run = sorted.length > 2 && last - first === sorted.length - 1;
  return run ? `${String(first)}–${String(last)}` : sorted.map(String).join(' ');
}

function totalText({ runs, seconds, parallel }: Estimate): string {
  const time =
    seconds === null
      ? t('time unknown until a run of this spec has ended here', '本机尚无此描述文件的已完成运行，时间未知')
      : t(
          `about ${durationText(seconds).en}, ${parallel} at once`,
          `约 ${durationText(seconds).zh}，同时 ${parallel} 个`,
        );
  return t(`${counted(runs, 'run')} · ${time}`, `${runs} 次运行 · ${time}`);
}

function powerText({
  paired,
  family,
  n,
  tasks,
  comparisons,
  power,
  effective,
  overlap,
  detectable,
  target,
  needed,
}: PowerReport): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const correction = family === 'all' ? text('each by itself', '各自检验') : text('Holm', 'Holm 校正');
  const spread = paired
    ? text('the paired difference', '配对差')
    : text('an arm, unpaired (Welch)', '均值差（非配对，Welch，以组内标准差计）');
  const lines = [
    t(
      `${counted(n, 'seed')}, ${counted(tasks, 'task')}, ${counted(comparisons, 'comparison')} (${correction.en}): ${percent(power)} power at one standard deviation of ${spread.en}`,
      `${n} 个种子、${tasks} 个任务、${comparisons} 项比较（${correction.zh}）：${spread.zh}为 1 个标准差时功效 ${percent(power)}`,
    ),
  ];
  if (overlap > 0) {
    lines.push(
      t(
        `their training sets overlap (variance s²(1/n + ${overlap.toFixed(3)})): ${percent(effective)}`,
        `各次训练集相互重叠（方差 s²(1/n + ${overlap.toFixed(3)})）：${percent(effective)}`,
      ),
    );
  }
  if (detectable !== null) {
    lines.push(
      t(
        `${percent(target)} from ${detectable.toFixed(2)} standard deviations on`,
        `自 ${detectable.toFixed(2)} 个标准差起达到 ${percent(target)}`,
      ),
    );
  }
  if (needed !== null && needed > n) {
    lines.push(
      t(
        `${needed} seeds would see one standard deviation with ${percent(target)}`,
        `以 ${percent(target)} 发现 1 个标准差需 ${needed} 个种子`,
      ),
    );
  }
  return lines.join('\n');
}
