/** The tables of a comparison. */
import { spreadNotes } from '../../common/spread-notes.ts';
import { counted, type Text, text } from '../../common/text.ts';
import type { Comparison, ComparisonArm, Delta, FactorView, Interaction } from '../comparison/contract.ts';
import { intervalText, percent, pText, shortNumber, signedNumber, timeText, valueText } from '../comparison/numbers.ts';
import type { Measure } from '../contract.ts';
import {
  bold,
  cell,
  deltaOf,
  hypothesisText,
  quoted,
  resultText,
  said,
  same,
  sentences,
  splitText,
  verdictText,
} from './cells.ts';
import type { ReportCell, ReportTable } from './contract.ts';

/** Arms on one task: mean, interval, difference, verdict. Bold where the difference is decided. */
export function taskTable(comparison: Comparison, { task, metric, higherIsBetter, margin }: Measure): ReportTable {
  const { arms, baseline, level } = comparison;
  const arrow = higherIsBetter ? '↑' : '↓';
  const at = percent(level);
  return {
    title: same(`${task} · ${metric} ${arrow}`),
    columns: [
      text('arm', '实验组'),
      text('verdict', '结论'),
      same('n'),
      text('mean', '均值'),
      text(`${at} interval`, `${at} 区间`),
      comparison.paired ? text('pairs', '配对数') : text('runs compared', '比较的运行数'),
      text('Δ to baseline', '与基线之差 Δ'),
      text(`${at} interval of Δ`, `Δ 的 ${at} 区间`),
      text('for the family', '全族区间'),
      same('p'),
      text('adjusted p', '校正后 p'),
      text('sign-flip p', '符号翻转 p'),
    ],
    words: 2,
    rows: arms.flatMap((arm) => {
      const own = arm.measures.find((one) => one.task === task);
      if (own === undefined) return [];
      const decided = own.delta?.verdict === 'helps';
      const isBaseline = arm.id === baseline;
      return [
        [
          cell(arm.id),
          isBaseline ? said(text('baseline', '基线')) : verdictCell(own.delta, own.reason),
          cell(countText(own)),
          bold(cell(valueText(own.mean)), decided),
          cell(intervalText(own.interval)),
          ...deltaCells(own.delta, decided),
        ],
      ];
    }),
    ...taskNote(comparison, task, margin),
  };
}

function taskNote(
  { arms, paired, overlap }: Comparison,
  task: string,
  margin: number | null,
): { readonly note?: Text } {
  const byRanks = arms.filter((arm) => typeof deltaOf(arm, task)?.rankP === 'number').map(({ id }) => id);
  const [names, ratio] = [quoted(byRanks), shortNumber(overlap)];
  const notes = [
    ...(margin === null ? [] : [text(`Margin: ${shortNumber(margin)}.`, `界值：${shortNumber(margin)}。`)]),
    ...(paired ? [] : [text("Unpaired: Welch's t.", '非配对：Welch t 检验。')]),
    ...(overlap === 0
      ? []
      : [
          text(
            `Training sets overlap: intervals, p and adjusted p allow for it (n_test/n_train = ${ratio}), the sign-flip test does not.`,
            `训练集相互重叠：区间、p 与校正后 p 已计入（n_test/n_train = ${ratio}），符号翻转检验未计入。`,
          ),
        ]),
    ...(byRanks.length === 0
      ? []
      : [text(`p by ranks, since runs failed: ${names.en}.`, `因有运行失败而由秩检验得出 p 的有 ${names.zh}。`)]),
  ];
  return notes.length === 0 ? {} : { note: sentences(notes) };
}

/** `5`, or `4 / 5` where values are missing. */
const countText = ({ n, cells }: { readonly n: number; readonly cells: readonly unknown[] }): string =>
  n === cells.length ? String(n) : `${n} / ${cells.length}`;

function verdictCell(delta: Delta | null, reason: Text | null): ReportCell {
  if (delta === null) return said(reason ?? same('–'));
  const word = verdictText[delta.verdict];
  return said(delta.disagreement ? text(`${word.en} (tests disagree)`, `${word.zh}（检验不一致）`) : word);
}

function deltaCells(delta: Delta | null, decided: boolean): readonly ReportCell[] {
  if (delta === null) return Array.from({ length: 7 }, () => cell('–'));
  const { n, mean, interval, familyInterval, correctedP, adjustedP, signFlipP } = delta;
  return [
    cell(String(n)),
    bold(cell(mean === null ? '–' : signedNumber(mean)), decided),
    cell(intervalText(interval, signedNumber)),
    cell(intervalText(familyInterval, signedNumber)),
    cell(pText(correctedP)),
    cell(pText(adjustedP)),
    cell(pText(signFlipP)),
  ];
}

/** What there is of each arm: seeds, failures, Δm, rank, costs. */
export function armsTable({ arms, baseline, level }: Comparison): ReportTable {
  const at = percent(level);
  return {
    title: text('Arms', '实验组'),
    columns: [
      text('arm', '实验组'),
      text('judged on', '评价于'),
      text('seeds', '种子'),
      text('failed', '失败'),
      text('not ended', '未结束'),
      same('Δm'),
      text(`${at} interval`, `${at} 区间`),
      text('mean rank', '平均名次'),
      text('parameters', '参数'),
      text('time a replicate', '每次重复用时'),
      text('time an epoch', '每轮用时'),
    ],
    words: 2,
    rows: arms.map((arm) => [
      cell(arm.id === baseline ? `${arm.id} *` : arm.id),
      said(arm.confirmed ? splitText[arm.split] : exploredText),
      cell(String(arm.n)),
      cell(String(arm.failed)),
      cell(String(arm.missing)),
      cell(arm.deltaM?.mean === null || arm.deltaM === null ? '–' : shareText(arm.deltaM.mean)),
      cell(intervalText(arm.deltaM?.interval ?? null, shareText)),
      cell(valueText(arm.meanRank)),
      cell(arm.parameters === null ? '–' : String(arm.parameters)),
      cell(timeText(arm.costs.seconds)),
      cell(timeText(arm.costs.secondsPerEpoch)),
    ]),
    note: deltaMNote(arms),
  };
}

const exploredText = text('validation split, explored', '验证集（仅探索）');

/** `+1.2 %`. */
const shareText = (share: number): string => `${signedNumber(100 * share)} %`;

function deltaMNote(arms: readonly ComparisonArm[]): Text {
  const about = text('* baseline. Δm: positive = better.', '* 基线。Δm 为正表示更好。');
  const points = [...new Set(arms.flatMap(({ deltaM }) => deltaM?.skillPoints ?? []))];
  const skill = text(` In points of skill: ${points.join(', ')}.`, `以技能分计：${points.join('、')}。`);
  const reasons = arms.flatMap(({ id, deltaM }) =>
    deltaM?.reason === null || deltaM === null
      ? []
      : [text(` ${id}: ${deltaM.reason.en}`, `${id}：${deltaM.reason.zh}`)],
  );
  const all = [about, ...(points.length === 0 ? [] : [skill]), ...reasons];
  return text(all.map(({ en }) => en).join(''), all.map(({ zh }) => zh).join(''));
}

export function hypothesesTable({ hypotheses }: Comparison): ReportTable {
  return {
    title: text('Hypotheses', '假设'),
    columns: [
      text('hypothesis', '假设'),
      text('claim', '主张'),
      text('result', '结果'),
      text('reason', '理由'),
      same('n'),
      text('Δ', 'Δ'),
      text('interval', '区间'),
      same('p'),
      text('adjusted p', '校正后 p'),
      text('margin', '界值'),
    ],
    words: 4,
    rows: hypotheses.map((one) => [
      cell(one.id),
      said(hypothesisText(one)),
      bold(said(resultText[one.result]), one.result !== 'undecided'),
      said(one.reason),
      cell(String(one.n)),
      cell(one.mean === null ? '–' : signedNumber(one.mean)),
      cell(intervalText(one.interval, signedNumber)),
      cell(pText(one.p)),
      cell(pText(one.adjustedP)),
      cell(valueText(one.margin)),
    ]),
  };
}

/** With `family: "all"`: which arms are better on every task. */
export function claimsTable({ claims }: Comparison): ReportTable | null {
  if (claims.length === 0) return null;
  return {
    title: text('Better on every task at once (intersection–union)', '在所有任务上同时更好（交并检验）'),
    columns: [
      text('arm', '实验组'),
      text('result', '结果'),
      text('reason', '理由'),
      text('largest p', '最大 p'),
      text('adjusted over arms', '组间校正后 p'),
    ],
    words: 3,
    rows: claims.map(({ arm, p, adjustedP, holds, reason }) => [
      cell(arm),
      bold(said(holds ? text('holds', '成立') : text('undecided', '未定')), holds),
      said(reason),
      cell(pText(p)),
      cell(pText(adjustedP)),
    ]),
    note: text(
      'No task is corrected for another, since every one must hold.',
      '要求每个任务都成立，因此任务之间不作校正。',
    ),
  };
}

export function paretoTable({ pareto, measures }: Comparison): ReportTable | null {
  if (pareto === null) return null;
  const { front } = pareto;
  const names = (ids: readonly string[]): string => (ids.length === 0 ? '–' : ids.join(', '));
  return {
    title: text('Pareto front', '帕累托前沿'),
    columns: [
      text('arm', '实验组'),
      text('on the front', '在前沿上'),
      text('behind (by means)', '落后于（按均值）'),
      text('dominated by (decided)', '被支配（已判定）'),
      ...measures.map(({ task, metric }) => same(`${task} ${metric}`)),
    ],
    words: 4,
    rows: pareto.points.map(({ id, means, intervals, behind, dominatedBy }) => [
      cell(id),
      said(front.includes(id) ? text('yes', '是') : text('no', '否')),
      cell(names(behind)),
      bold(cell(names(dominatedBy)), dominatedBy.length > 0),
      ...means.map((mean, index) => cell(`${shortNumber(mean)} ${intervalText(intervals[index] ?? null)}`)),
    ]),
  };
}

/** Parts of the spread between runs; null where no arm has two. */
export function varianceTable({ variance }: Comparison): ReportTable | null {
  if (variance.length === 0) return null;
  return {
    title: text('Where the spread between runs comes from', '运行之间的差异来自何处'),
    columns: [
      text('task', '任务'),
      text('part', '来源'),
      text('share', '占比'),
      text('variance', '方差'),
      text('standard deviation', '标准差'),
      text('arms × splits × seeds', '实验组 × 划分 × 种子'),
    ],
    words: 2,
    rows: variance.flatMap(({ task, metric, parts, arms, splits, seeds }) =>
      parts.map(({ name, variance: value, share, raw }) => [
        cell(`${task} ${metric}`),
        said(name),
        cell(share === null ? '–' : percent(share)),
        cell(raw < 0 ? `0 (${shortNumber(raw)})` : shortNumber(value)),
        cell(shortNumber(Math.sqrt(value))),
        cell(`${arms} × ${splits} × ${seeds}`),
      ]),
    ),
    note: sentences(spreadNotes(variance)),
  };
}

export function factorTables(view: FactorView): readonly ReportTable[] {
  const { task, effects, levels, split, runs } = view;
  const at = splitText[split];
  return [
    {
      title: text(`${task}: effects (${at.en}, ${counted(runs, 'run')})`, `${task}：效应（${at.zh}，${runs} 次运行）`),
      columns: [text('term', '项'), text('df', '自由度'), same('η²'), text('partial η²', '偏 η²')],
      words: 1,
      rows: effects.map(({ factors, df, etaSquared, partialEtaSquared }) => [
        cell(factors.join(' × ')),
        cell(String(df)),
        cell(valueText(df === 0 ? null : etaSquared)),
        cell(valueText(df === 0 ? null : partialEtaSquared)),
      ]),
      note: text('Descriptive; no verdict comes from it.', '仅为描述，不据此下结论。'),
    },
    {
      title: text(`${task}: means of levels`, `${task}：各水平均值`),
      columns: [text('factor', '因素'), text('level', '水平'), text('runs', '运行数'), text('mean', '均值')],
      words: 2,
      rows: levels.map(({ factor, level, runs: count, mean }) => [
        cell(factor),
        cell(level),
        cell(String(count)),
        cell(shortNumber(mean)),
      ]),
    },
    ...view.interactions.map((interaction) => interactionTable(task, interaction)),
  ];
}

/** Means by the levels of two factors; a combination without runs stands there as such. */
function interactionTable(task: string, { factors: [first, second], cells }: Interaction): ReportTable {
  return {
    title: text(`${task}: means by ${first} and ${second}`, `${task}：按 ${first} 与 ${second} 的均值`),
    columns: [
      ...[same(first), same(second)],
      ...[text('runs', '运行数'), text('mean', '均值'), text('interval', '区间')],
    ],
    words: 2,
    rows: cells.map(({ levels: [one, other], runs, mean, interval }) => [
      ...[cell(one), cell(other), cell(String(runs))],
      ...[cell(valueText(mean)), cell(intervalText(interval))],
    ]),
  };
}

export function correlationTable({ correlation }: Comparison): ReportTable | null {
  if (correlation === null) return null;
  const { tasks, pooled } = correlation;
  return {
    title: text('Correlation between tasks over seeds, within arms', '组内各任务在种子之间的相关'),
    columns: [text('task', '任务'), ...tasks.map(same)],
    words: 1,
    rows: tasks.map((task, i) => [cell(task), ...(pooled.r[i] ?? []).map((r) => cell(valueText(r)))]),
  };
}

export function differencesTable({ differences }: Comparison): ReportTable {
  return {
    title: text('What differs between the arms', '实验组之间的差别'),
    columns: [text('key', '键'), ...differences.arms.map(same)],
    words: 1 + differences.arms.length,
    rows: differences.differences.map(({ pointer, values }) => [
      cell(pointer),
      ...values.map((value) => cell(value ?? '–')),
    ]),
  };
}

export function failuresTable({ failures }: Comparison): ReportTable {
  return {
    title: text('Failures', '失败'),
    columns: [
      text('arm', '实验组'),
      text('seed', '种子'),
      text('task', '任务'),
      text('kind', '类型'),
      text('reason', '原因'),
    ],
    words: 5,
    rows: failures.map(({ arm, seed, task, failure, reason }) => [
      cell(arm),
      cell(String(seed)),
      cell(task ?? '–'),
      said(failureText[failure]),
      said(reason ?? same('–')),
    ]),
  };
}

const failureText = {
  nan: text('no finite numbers', '出现非有限数'),
  crash: text('failed', '失败'),
  killed: text('killed', '进程被终止'),
  'data-changed': text('data changed', '数据已改变'),
  pruned: text('pruned', '被剪枝'),
} as const;
