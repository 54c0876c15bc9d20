/** One sentence, or a few, for each view of a comparison. */
import { counted, type Text, text } from '../../common/text.ts';
import type { Comparison, Delta, FactorView } from '../comparison/contract.ts';
import { percent, pText, shortNumber, signedNumber } from '../comparison/numbers.ts';
import type { Measure } from '../contract.ts';
import { deltaOf, isPilot, listed, pilotSeeds, quoted, sentences, verdictText } from './cells.ts';

/** All tasks of all arms in a sentence. */
export function overallSummary(comparison: Comparison): Text {
  const { arms, baseline, measures } = comparison;
  const verdicts = arms
    .filter(({ id }) => id !== baseline)
    .flatMap((arm) => measures.flatMap(({ task }) => deltaOf(arm, task)?.verdict ?? []));
  const parts = [...new Set(verdicts)].map((verdict) => {
    const count = verdicts.filter((one) => one === verdict).length;
    return { count, ...verdictText[verdict] };
  });
  if (parts.length === 0) {
    return text(`There is nothing to compare with "${baseline}".`, `没有可与“${baseline}”比较的内容。`);
  }
  const en = parts.map((part) => `${part.count} × ${part.en}`).join(', ');
  const zh = parts.map((part) => `${part.zh} ${part.count} 项`).join('，');
  const pilot = isPilot(comparison)
    ? text(` With ${pilotSeeds} seeds or fewer this is a pilot.`, `种子不超过 ${pilotSeeds} 个，属于预试验。`)
    : text('', '');
  return text(
    `Beside "${baseline}", over ${verdicts.length} comparisons: ${en}.${pilot.en}`,
    `与“${baseline}”相比，共 ${verdicts.length} 项比较：${zh}。${pilot.zh}`,
  );
}

/** What a forest plot of a task says. */
export function taskSummary({ arms, baseline }: Comparison, { task, metric, higherIsBetter }: Measure): Text {
  const direction = higherIsBetter ? text('higher is better', '越高越好') : text('lower is better', '越低越好');
  const parts = arms.flatMap((arm) => {
    const delta = arm.id === baseline ? null : deltaOf(arm, task);
    return delta === null ? [] : [verdictSentence(arm.id, delta)];
  });
  const all = sentences(parts);
  const none = text('No arm can be compared here.', '此处没有可比较的实验组。');
  const { en, zh } = parts.length === 0 ? none : all;
  return text(`${task} (${metric}, ${direction.en}): ${en}`, `${task}（${metric}，${direction.zh}）：${zh}`);
}

function verdictSentence(id: string, delta: Delta): Text {
  const { verdict, mean, adjustedP, reason } = delta;
  const numbers = mean === null ? '–' : signedNumber(mean);
  const p = adjustedP === null ? '' : `, p ${pText(adjustedP)}`;
  const name = verdictText[verdict];
  if (verdict !== 'undecided') {
    return text(`"${id}" ${name.en} (${numbers}${p}).`, `“${id}”${name.zh}（${numbers}${p.replace(', ', '，')}）。`);
  }
  const why = reason ?? text('', '');
  return text(
    `"${id}" is undecided (${numbers}${p}): ${why.en}`,
    `“${id}”未定（${numbers}${p.replace(', ', '，')}）：${why.zh}`,
  );
}

/** Null for a single task. */
export function paretoSummary({ pareto, arms }: Comparison): Text | null {
  if (pareto === null) return null;
  const { front, points, leftOut } = pareto;
  const beaten = points.filter(({ dominatedBy }) => dominatedBy.length > 0).map(({ id }) => id);
  const [names, lost, without] = [quoted(front), quoted(beaten), quoted(leftOut)];
  if (points.length === 0) return text('No arm has a mean for every task.', '没有一个实验组在每个任务上都有均值。');
  return sentences([
    text(
      `On the front by their means: ${names.en} of ${counted(arms.length, 'arm')}.`,
      `${arms.length} 个实验组中，按均值位于前沿的有 ${names.zh}。`,
    ),
    beaten.length === 0
      ? text('Of no arm is it decided that it is dominated.', '没有一个实验组可判定为被支配。')
      : text(`Decided to be dominated: ${lost.en}.`, `可判定为被支配的有 ${lost.zh}。`),
    ...(leftOut.length === 0
      ? []
      : [text(`Not placed, since values are missing: ${without.en}.`, `因缺少值而未列入的有 ${without.zh}。`)]),
  ]);
}

export function factorSummary({ task, effects, remark }: FactorView): Text {
  const known = effects.filter(({ etaSquared, df }) => etaSquared !== null && df > 0);
  const [largest] = known.toSorted((a, b) => (b.etaSquared ?? 0) - (a.etaSquared ?? 0));
  const confounded = effects.filter(({ df }) => df === 0).map(({ factors }) => factors.join(' × '));
  const main =
    largest === undefined
      ? text(`${task}: nothing can be said of the factors.`, `${task}：无法说明各因素的作用。`)
      : text(
          `${task}: ${largest.factors.join(' × ')} explains most, ${percent(largest.etaSquared ?? 0)} of the variance.`,
          `${task}：${largest.factors.join(' × ')} 解释最多，占方差的 ${percent(largest.etaSquared ?? 0)}。`,
        );
  const mixed = listed(confounded);
  return sentences([
    main,
    ...(confounded.length === 0 ? [] : [text(`Confounded with others: ${mixed.en}.`, `与其他项混杂：${mixed.zh}。`)]),
    ...(remark === null ? [] : [remark]),
  ]);
}

/** Null for a single task. */
export function correlationSummary({ correlation }: Comparison): Text | null {
  if (correlation === null) return null;
  const { tasks, pooled } = correlation;
  const pairs = tasks.flatMap((a, i) =>
    tasks.slice(i + 1).map((b, k) => ({ a, b, r: pooled.r[i]?.[i + 1 + k] ?? null })),
  );
  const [strongest] = pairs
    .flatMap(({ a, b, r }) => (r === null ? [] : [{ a, b, r }]))
    .toSorted((one, two) => Math.abs(two.r) - Math.abs(one.r));
  if (strongest === undefined) {
    return text('Too few seeds to tell whether tasks go together.', '种子太少，无法判断任务之间是否相关。');
  }
  const { a, b, r } = strongest;
  const [together, zh] = r > 0 ? ['rise and fall together', '同升同降'] : ['go against each other', '此消彼长'];
  return text(
    `Over seeds within arms ${a} and ${b} ${together} most (r = ${shortNumber(r)}, ${counted(pooled.n, 'run')}, higher = better).`,
    `在组内不同种子之间，${a} 与 ${b} 最为${zh}（r = ${shortNumber(r)}，${pooled.n} 次运行，越高越好）。`,
  );
}

/** Null where nothing is claimed. */
export function hypothesesSummary({ hypotheses }: Comparison): Text | null {
  if (hypotheses.length === 0) return null;
  const count = (result: string): number => hypotheses.filter((one) => one.result === result).length;
  const [yes, no, open] = [count('supported'), count('refuted'), count('undecided')];
  return text(
    `Of ${counted(hypotheses.length, 'hypothesis', 'hypotheses')} ${yes} supported, ${no} refuted, ${open} undecided.`,
    `${hypotheses.length} 个假设中，成立 ${yes} 个，不成立 ${no} 个，未定 ${open} 个。`,
  );
}

/** Null with `family: "any"`. */
export function claimsSummary({ claims }: Comparison): Text | null {
  if (claims.length === 0) return null;
  const holding = claims.filter(({ holds }) => holds).map(({ arm }) => arm);
  if (holding.length === 0) {
    return text('No arm is shown to be better on every task at once.', '没有一个实验组可判定为在所有任务上同时更好。');
  }
  const names = quoted(holding);
  return text(`Better on every task at once: ${names.en}.`, `在所有任务上同时更好：${names.zh}。`);
}

/** With `family: "all"` the hypotheses are one claim; its p is the largest of theirs, where all hold. Null otherwise. */
export function togetherOf({ family, hypotheses }: Pick<Comparison, 'family' | 'hypotheses'>): {
  readonly holds: boolean;
  readonly p: number | null;
} | null {
  if (family !== 'all' || hypotheses.length === 0) return null;
  const holds = hypotheses.every(({ result }) => result === 'supported');
  return { holds, p: holds ? Math.max(...hypotheses.map(({ adjustedP }) => adjustedP ?? 1)) : null };
}

/** Null with `family: "any"`, and where nothing is claimed. */
export function togetherSummary(comparison: Pick<Comparison, 'family' | 'hypotheses'>): Text | null {
  const together = togetherOf(comparison);
  if (together === null) return null;
  if (together.holds) {
    const p = pText(together.p);
    return text(
      `All hypotheses together hold (intersection–union, largest p ${p}).`,
      `全部假设一并成立（交并检验，最大 p ${p}）。`,
    );
  }
  const open = listed(comparison.hypotheses.filter(({ result }) => result !== 'supported').map(({ id }) => id));
  return text(
    `The hypotheses do not hold all together; not supported: ${open.en}.`,
    `全部假设不能一并成立；未成立的有 ${open.zh}。`,
  );
}

export function failuresSummary({ failures, arms }: Comparison): Text {
  const [missing, runs] = [arms.reduce((total, arm) => total + arm.missing, 0), failures.length];
  if (runs === 0 && missing === 0) return text('Every run has ended well.', '所有运行均正常结束。');
  return text(
    `${counted(runs, 'run failed or was', 'runs failed or were')} pruned; ${counted(missing, 'replicate has', 'replicates have')} not ended.`,
    `${runs} 次运行失败或被剪枝；${missing} 个重复尚未结束。`,
  );
}

/** Null where nobody counts, or the first look is the only one. */
export function looksSummary({ looks }: Pick<Comparison, 'looks'>): Text | null {
  if (looks === null) return null;
  if (looks.problem !== null) return looks.problem;
  if (looks.count <= looks.declared) return null;
  return text(
    `The test split has been looked at ${counted(looks.count, 'time')} with different results; declared: ${looks.declared}. What was decided after looking is no longer at the stated level.`,
    `测试集已在结果不同的情况下被查看 ${looks.count} 次，而声明的查看次数为 ${looks.declared}。查看之后作出的判断不再具有所述的置信水平。`,
  );
}
