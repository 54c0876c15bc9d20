/** The base (the first level of every factor), then each other level of one factor with all others at the base. */
import { text } from '../../common/text.ts';
import type { Factor, PlannedDesign, Setting } from './contract.ts';
import { applies, chosen } from './conditions.ts';
import { designed, rangesWithoutLevels } from './designed.ts';
import { isRange } from './values.ts';

function settings(factors: readonly Factor[]): readonly Setting[] {
  const levels = (factor: Factor) => (isRange(factor) ? [] : factor.levels);
  const base = chosen(factors, (factor) => levels(factor)[0] ?? null);
  const others = factors.flatMap((varied) =>
    levels(varied)
      .slice(1)
      .map((level) => chosen(factors, (factor) => (factor === varied ? level : (levels(factor)[0] ?? null)))),
  );
  return [base, ...others];
}

export const oneAtATime: PlannedDesign = {
  title: text('One factor at a time', '逐一变化因素'),
  runs: 'none',
  takes: 'levels',
  sequential: false,
  problems: ({ factors }) => rangesWithoutLevels(factors, 'one-at-a-time'),
  settings: ({ factors }) => {
    const all = settings(factors);
    const base = all[0] ?? new Map<string, never>();
    const never = factors.filter((factor) => !applies(factor, base));
    return designed(factors, all, {
      notes: never.map(({ name }) =>
        text(
          `The factor ${JSON.stringify(name)} is not varied by itself: its condition does not hold at the base (the first levels).`,
          `因素 ${JSON.stringify(name)} 不会单独变化：其条件在基准（各因素的第一个水平）处不成立。`,
        ),
      ),
    });
  },
};
