/** Full factorial: every combination of levels, the last factor changing fastest. */
import { text } from '../../common/text.ts';
import type { Factor, PlannedDesign, Setting } from './contract.ts';
import { chosen, combinations } from './conditions.ts';
import { designed, rangesWithoutLevels } from './designed.ts';
import { countOf, valueOf } from './values.ts';

/** A grid above this is a mistake in the text, not a plan. */
const mostCombinations = 100_000;

function everyCombination(factors: readonly Factor[]): Setting[] {
  const counts = factors.map(countOf);
  const total = counts.reduce((product, count) => product * count, 1);
  return Array.from({ length: total }, (_, number) => {
    let rest = number;
    const units = new Map<Factor, number>();
    for (const factor of factors.toReversed()) {
      const count = countOf(factor);
      units.set(factor, ((rest % count) + 0.5) / count);
      rest = Math.floor(rest / count);
    }
    return chosen(factors, (factor) => valueOf(factor, units.get(factor) ?? 0));
  });
}

export const grid: PlannedDesign = {
  title: text('Full grid', '全因子网格'),
  runs: 'none',
  takes: 'levels',
  sequential: false,
  problems: ({ factors }) => {
    const product = factors.reduce((total, factor) => total * countOf(factor), 1);
    const ranges = rangesWithoutLevels(factors, 'grid');
    if (ranges.length > 0 || (product <= mostCombinations && combinations(factors) !== null)) return ranges;
    return [
      text(
        `The grid has ${product} combinations; at most ${mostCombinations} are written out. Use fewer levels, \`sobol\` or \`fractional\`.`,
        `网格有 ${product} 种组合；最多展开 ${mostCombinations} 种。请减少水平，或使用 \`sobol\`、\`fractional\`。`,
      ),
    ];
  },
  settings: ({ factors }) => designed(factors, everyCombination(factors)),
};
