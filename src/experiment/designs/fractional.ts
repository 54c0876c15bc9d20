/** Regular two-level fractions as a method: how many runs, and what is then confounded. */
import { text, type Text } from '../../common/text.ts';
import type { DesignRequest, Factor, PlannedDesign } from './contract.ts';
import { settingAt } from './conditions.ts';
import { designed, rangesWithoutLevels } from './designed.ts';
import { fractionOf, fractionRows, runsOfFractions, type Fraction } from './fractions.ts';
import { isRange } from './values.ts';

const mostFactors = 15;

/** Runs as written; otherwise the fewest for which no main effect is confounded with a two-factor interaction. */
function runsFor(factors: number, runs: number | null): number | null {
  if (runs !== null) return fractionOf(factors, runs) === null ? null : runs;
  const clear = runsOfFractions(factors).filter((count) => (fractionOf(factors, count)?.resolution ?? Infinity) >= 4);
  return clear[0] ?? null;
}

const named = (factors: readonly Factor[], effect: readonly number[]): string =>
  effect.map((index) => factors[index]?.name ?? '').join('×');

/** At most so many lines of aliases are told; all of them are in `Fraction.aliases`. */
const mostTold = 12;

function notesOf(factors: readonly Factor[], { runs, resolution, aliases }: Fraction): readonly Text[] {
  if (resolution === null)
    return [text(`All ${runs} combinations: nothing is confounded.`, `全部 ${runs} 种组合：没有混杂。`)];
  const roman = ['III', 'IV', 'V', 'VI', 'VII'][resolution - 3] ?? String(resolution);
  const meanings = [
    text('main effects are confounded with two-factor interactions', '主效应与两因素交互作用混杂'),
    text(
      'main effects are clear of two-factor interactions, which are confounded with one another',
      '主效应不与两因素交互作用混杂，但两因素交互作用之间互相混杂',
    ),
    text('main effects and two-factor interactions are clear of one another', '主效应与两因素交互作用互不混杂'),
  ];
  const meaning = meanings[Math.min(resolution, 5) - 3] ?? text('', '');
  const lines = aliases
    .slice(0, mostTold)
    .map((effects) => effects.map((effect) => named(factors, effect)).join(' = '));
  const rest = aliases.length - lines.length;
  return [
    text(`Resolution ${roman}: ${meaning.en}.`, `分辨度 ${roman}：${meaning.zh}。`),
    ...(lines.length === 0
      ? []
      : [
          text(
            `Cannot be told apart: ${lines.join('; ')}${rest > 0 ? `; and ${rest} sets more` : ''}.`,
            `无法区分：${lines.join('；')}${rest > 0 ? `；另有 ${rest} 组` : ''}。`,
          ),
        ]),
  ];
}

function problems({ factors, runs }: DesignRequest): readonly Text[] {
  const ranges = rangesWithoutLevels(factors, 'fractional');
  const others = factors.flatMap((factor) =>
    isRange(factor) || factor.levels.length === 2
      ? []
      : [
          text(
            `The factor ${JSON.stringify(factor.name)} has ${factor.levels.length} levels; \`fractional\` takes exactly two. Keep its extremes, or use \`grid\`.`,
            `因素 ${JSON.stringify(factor.name)} 有 ${factor.levels.length} 个水平；\`fractional\` 恰好需要两个。请只保留两端，或使用 \`grid\`。`,
          ),
        ],
  );
  const conditional = factors
    .filter(({ when }) => when !== undefined && when.size > 0)
    .map(({ name }) =>
      text(
        `The factor ${JSON.stringify(name)} has a condition (\`when\`); a fraction needs every factor in every run. Take the condition out, or use \`grid\`.`,
        `因素 ${JSON.stringify(name)} 带有条件（\`when\`）；部分因子设计要求每次运行都包含每个因素。请去掉条件，或使用 \`grid\`。`,
      ),
    );
  const size = runsFor(factors.length, runs) === null ? [wrongSize(factors.length, runs)] : [];
  return [...ranges, ...others, ...conditional, ...size];
}

function wrongSize(factors: number, runs: number | null): Text {
  const possible = runsOfFractions(factors).join(', ');
  if (possible === '')
    return text(
      `Fractions are known here for up to ${mostFactors} factors; there are ${factors}.`,
      `此处的部分因子设计最多支持 ${mostFactors} 个因素，现有 ${factors} 个。`,
    );
  const shown = runs ?? 'null';
  return text(
    `There is no fraction of ${factors} factors in ${shown} runs; write \`runs\` as one of ${possible}.`,
    `没有 ${factors} 个因素、${shown} 次运行的部分因子设计；请将 \`runs\` 写为 ${possible.replaceAll(', ', '、')} 之一。`,
  );
}

export const fractional: PlannedDesign = {
  title: text('Two-level fraction', '两水平部分因子设计'),
  runs: 'optional',
  takes: 'levels',
  sequential: false,
  problems,
  settings: ({ factors, runs: written }) => {
    const runs = runsFor(factors.length, written);
    const fraction = runs === null ? null : fractionOf(factors.length, runs);
    if (fraction === null) throw new RangeError(wrongSize(factors.length, written).en);
    const settings = fractionRows(factors.length, fraction.runs).map((row) =>
      settingAt(
        factors,
        row.map((high) => (high + 0.5) / 2),
      ),
    );
    return designed(factors, settings, { fraction, notes: notesOf(factors, fraction) });
  },
};
