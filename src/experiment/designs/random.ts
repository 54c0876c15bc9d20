/**
 * Independent uniform draws: on a log scale uniform in the logarithm, every level equally likely. Each factor has its own
 * stream, so that one factor more changes no values of the others. A setting that was drawn already is drawn again, and
 * counted.
 */
import { text } from '../../common/text.ts';
import { keyed } from '../../numbers/random.ts';
import type { PlannedDesign, Setting } from './contract.ts';
import { chosen, combinations, settingText } from './conditions.ts';
import { designed, tooMany } from './designed.ts';
import { valueOf } from './values.ts';

/** So many draws for every setting that is wanted, before those that conditions make rare are given up. */
const patience = 1000;

export const random: PlannedDesign = {
  title: text('Random search', '随机搜索'),
  runs: 'needed',
  takes: 'ranges',
  sequential: false,
  problems: (request) => tooMany(request, combinations(request.factors)),
  settings: ({ factors, runs, seed }) => {
    const wanted = runs ?? 0;
    const streams = new Map(factors.map((factor) => [factor, keyed(seed, 'design', 'random', factor.name)]));
    const found = new Map<string, Setting>();
    let draws = 0;
    for (; found.size < wanted && draws < patience * wanted; draws += 1) {
      // Every factor draws, whether it applies or not: what one draws changes no other.
      const units = new Map([...streams].map(([factor, stream]) => [factor, stream.uniform()]));
      const setting = chosen(factors, (factor) => valueOf(factor, units.get(factor) ?? 0));
      const written = settingText(setting);
      if (!found.has(written)) found.set(written, setting);
    }
    const missing = wanted - found.size;
    const notes = [
      text(
        `Only ${found.size} different settings came up in ${draws} draws; ${missing} fewer than asked for. Use \`grid\` for all of them.`,
        `${draws} 次抽取只得到 ${found.size} 个不同的设置，比要求的少 ${missing} 个。要取全部设置请使用 \`grid\`。`,
      ),
    ];
    return designed(factors, [...found.values()], {
      merged: draws - found.size,
      notes: missing > 0 ? notes : [],
    });
  },
};
