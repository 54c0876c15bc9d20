/** Sentences beside a verdict. */
import type { Text } from '../../common/text.ts';
import { counted, text } from '../../common/text.ts';
import type { Reason } from './contract.ts';

/** Three digits are enough to compare by. */
const short = (p: number): string => String(Number(p.toPrecision(3)));

export const explored: Text = text(
  'Only explored: confirm it with fresh seeds before it gets a verdict.',
  '仅经过探索：用新的随机种子确认之后才有结论。',
);

export const secondary: Text = text(
  'A secondary measure: its p is not adjusted, and no verdict rests on it.',
  '次要指标：p 值未经校正，不据此下结论。',
);

export const splitHeld: Text = text('…on this split and test set.', '……仅就这一划分和测试集而言。');

export const allOrNothing: Text = text(
  'Without correction: it counts only together with all primary measures of this arm.',
  '未经校正：须与该实验组的全部主要指标一并成立才算数。',
);

export const pilot = (n: number): Text =>
  text(`A pilot: ${counted(n, 'seed is', 'seeds are')} few.`, `预试验：只有 ${n} 个随机种子。`);

export const notPaired: Text = text(
  "Unpaired: the arms have seeds of their own, and the test is Welch's t.",
  '非配对：各组使用各自的随机种子，检验为 Welch t 检验。',
);

const rankTests = {
  paired: text('signed-rank test', '符号秩检验'),
  unpaired: text('rank-sum test', '秩和检验'),
};

export const failed = (arm: number, baseline: number, rule: 'worst' | 'exclude', paired: boolean): Text => {
  const test = rankTests[paired ? 'paired' : 'unpaired'];
  if (rule === 'worst') {
    return text(
      `Failed runs: ${arm} of the arm, ${baseline} of the baseline. They are the worst rank (${test.en}), there is no t interval, and “helps” is impossible.`,
      `失败的运行：实验组 ${arm} 次，基线 ${baseline} 次。它们按最差名次计（${test.zh}），没有 t 区间，也不可能得出“有益”。`,
    );
  }
  return paired
    ? text(
        `Failed runs: ${arm} of the arm, ${baseline} of the baseline. Their pairs are left out, and “helps” is impossible.`,
        `失败的运行：实验组 ${arm} 次，基线 ${baseline} 次。相应的配对不计入，也不可能得出“有益”。`,
      )
    : text(
        `Failed runs: ${arm} of the arm, ${baseline} of the baseline. They are left out, and “helps” is impossible.`,
        `失败的运行：实验组 ${arm} 次，基线 ${baseline} 次。它们不计入，也不可能得出“有益”。`,
      );
};

export const rankOverlap: Text = text(
  'The test by ranks takes runs for independent; since their training sets overlap, its p is raised before it decides.',
  '秩检验假定各次运行相互独立；由于训练集相互重叠，其 p 值先调高再用于判定。',
);

export const undefinedMetric = (count: number, paired: boolean): Text =>
  paired
    ? text(
        `The metric is undefined in ${counted(count, 'pair')}: no verdict until that is mended.`,
        `有 ${count} 对的指标没有定义：解决之前不下结论。`,
      )
    : text(
        `The metric is undefined in ${counted(count, 'run')}: no verdict until that is mended.`,
        `有 ${count} 次运行的指标没有定义：解决之前不下结论。`,
      );

export const unpaired = (seeds: number): Text =>
  text(
    `${counted(seeds, 'seed has', 'seeds have')} no partner in the other arm and ${seeds === 1 ? 'is' : 'are'} left out.`,
    `有 ${seeds} 个随机种子在另一组中没有配对，不计入。`,
  );

const missing: Readonly<Record<Reason, Text>> = {
  'no-values': text('There is no pair to compare yet.', '还没有可比较的配对。'),
  'one-value': text('There is one pair; a test needs two.', '只有一对；检验至少需要两对。'),
  'not-finite': text('A value is not finite: there is no test.', '有的值不是有限数：无法检验。'),
  'no-spread': text(
    'All differences are equal, so there is no t test: is the metric coarse, or do the seeds change nothing?',
    '所有差值都相等，无法做 t 检验：是指标太粗，还是随机种子不起作用？',
  ),
};

const missingUnpaired: Readonly<Record<Reason, Text>> = {
  ...missing,
  'no-values': text('One of the arms has no value yet.', '其中一组还没有值。'),
  'one-value': text('An arm has one value; a test needs two of each.', '有一组只有一个值；检验需要每组至少两个。'),
  'no-spread': text(
    'All values of either arm are equal, so there is no t test: is the metric coarse, or do the seeds change nothing?',
    '两组各自的值都相等，无法做 t 检验：是指标太粗，还是随机种子不起作用？',
  ),
};

export const missingTest = (reason: Reason, paired: boolean): Text => (paired ? missing : missingUnpaired)[reason];

export const disagreement = (p: number, signFlip: number, least: number, alpha: number): Text => {
  const [t, flip] = [short(p), short(signFlip)];
  if (least > alpha) {
    return text(
      `The two tests disagree: t has p = ${t}, sign-flip ${flip}; with so few pairs sign-flip cannot go below ${short(least)}.`,
      `两种检验不一致：t 检验 p = ${t}，符号翻转检验 p = ${flip}；配对这样少时，后者不可能低于 ${short(least)}。`,
    );
  }
  return text(
    `The two tests disagree: t has p = ${t}, sign-flip ${flip}.`,
    `两种检验不一致：t 检验 p = ${t}，符号翻转检验 p = ${flip}。`,
  );
};

/**
 * `more` seeds beyond those there; 0 where there are enough already, null where no number is.
 *
 * @param target the wanted power
 */
export function seedsToDecide(
  more: number | null,
  looksPlanned: boolean,
  { target, paired }: { readonly target: number; readonly paired: boolean },
): Text {
  const percent = String(Number((100 * target).toPrecision(4)));
  if (more === null) {
    return text(
      'More seeds alone would not decide: test sets are too large a share of overlapping splits for this margin.',
      '仅增加随机种子无法得出结论：相对于这一界值，相互重叠的划分中测试集占比过大。',
    );
  }
  if (more === 0) {
    return text(
      `There are seeds enough for ${percent} % power at the margin: the effect is smaller than that, or was missed by chance.`,
      `随机种子已足够在界值处达到 ${percent}% 的检验功效：效应小于界值，或只是碰巧未被发现。`,
    );
  }
  const each = paired ? text('', '') : text(' of each arm', '每组');
  if (looksPlanned) {
    return text(
      `About ${more} more seeds${each.en} would decide (${percent} % power at the margin).`,
      `约${each.zh}再加 ${more} 个随机种子可得出结论（界值处检验功效 ${percent}%）。`,
    );
  }
  return text(
    `About ${more} more seeds${each.en} would decide (${percent} % power at the margin), as a new confirming stage with fresh seeds.`,
    `约${each.zh}再加 ${more} 个随机种子可得出结论（界值处检验功效 ${percent}%），须作为新的确认阶段，使用新的随机种子。`,
  );
}
