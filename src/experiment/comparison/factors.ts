/** Main effects and interactions where arms are settings of factors. */
import type { Json } from '../../common/checks.ts';
import { counted, text } from '../../common/text.ts';
import { factorial, type FactorialRun } from '../statistics/factorial.ts';
import { momentsOf } from '../statistics/moments.ts';
import { nadeauBengio } from '../statistics/paired-t.ts';
import type { FactorView, Interaction, SplitName } from './contract.ts';
import type { Contest, ContestArm } from './contest.ts';

/** More levels than this are a range that was walked, not levels: a mean for each says nothing. */
const mostLevels = 12;
/** With more factors than this the pairs are more than anybody reads, or than runs can tell apart. */
const mostPaired = 6;

/** Level of a factor that an arm does not have (`when`). */
const absent = '–';

export const levelText = (level: Json): string => (typeof level === 'string' ? level : JSON.stringify(level));

/** One view a task; none without arms that a design of factors made. */
export function factorsOf(contest: Contest): readonly FactorView[] {
  const made = contest.arms.filter(({ point }) => point.size > 0);
  const names = [...new Set(made.flatMap(({ point }) => [...point.keys()]))];
  const levelOf = (arm: ContestArm, factor: string): string => {
    const level = arm.point.get(factor);
    return level === undefined ? absent : levelText(level);
  };
  const levels = (factor: string): number => new Set(made.map((arm) => levelOf(arm, factor))).size;
  const used = names.filter((factor) => levels(factor) > 1 && levels(factor) <= mostLevels);
  const walked = names.filter((factor) => levels(factor) > mostLevels);
  if (made.length < 2 || used.length === 0) return [];
  const split: SplitName = made[0]?.split ?? 'test';
  return contest.measures.map(({ task }) => {
    const cells = made.flatMap((arm) => (arm.rows.get(task) ?? []).map((cell) => ({ arm, cell })));
    const runs = cells.flatMap(({ arm, cell }): FactorialRun[] =>
      cell.value === null
        ? []
        : [{ levels: Object.fromEntries(used.map((factor) => [factor, levelOf(arm, factor)])), value: cell.value }],
    );
    const paired = used.length > 1 && used.length <= mostPaired;
    const { effects, levelMeans } = factorial(runs, paired);
    const without = cells.length - runs.length;
    const remarks = [
      ...(without > 0
        ? [
            text(
              `${counted(without, 'run')} without a value ${without === 1 ? 'is' : 'are'} left out.`,
              `略去 ${without} 次没有值的运行。`,
            ),
          ]
        : []),
      ...(walked.length > 0
        ? [
            text(
              `Not shown are factors of more than ${mostLevels} levels: ${walked.join(', ')}.`,
              `未列出水平数超过 ${mostLevels} 的因素：${walked.join('、')}。`,
            ),
          ]
        : []),
      ...(used.length > mostPaired
        ? [text(`With ${used.length} factors no interactions are shown.`, `共 ${used.length} 个因素，不列出交互作用。`)]
        : []),
    ];
    return {
      ...{ task, split, runs: runs.length },
      effects: effects.map(({ factors, df, etaSquared, partialEtaSquared }) => ({
        ...{ factors, df, etaSquared, partialEtaSquared },
      })),
      levels: levelMeans.map(({ factor, level, runs: count, mean }) => ({
        ...{ factor, level: String(level), runs: count, mean },
      })),
      interactions: paired ? interactionsOf(contest, used, runs) : [],
      remark:
        remarks.length === 0 ? null : text(remarks.map(({ en }) => en).join(' '), remarks.map(({ zh }) => zh).join('')),
    };
  });
}

/** Cell means of every two factors; a combination that nobody has run is there, without a mean. */
function interactionsOf(
  { overlap, analysis }: Contest,
  factors: readonly string[],
  runs: readonly FactorialRun[],
): readonly Interaction[] {
  const levelsOf = (factor: string): string[] => [...new Set(runs.map(({ levels }) => String(levels[factor])))];
  return factors.flatMap((first, place) =>
    factors.slice(place + 1).map((second): Interaction => ({
      factors: [first, second],
      cells: levelsOf(first).flatMap((a) =>
        levelsOf(second).map((b) => {
          const own = runs.filter(({ levels }) => levels[first] === a && levels[second] === b);
          const values = own.map(({ value }) => value);
          const { interval } = nadeauBengio(values, overlap, analysis.level);
          return { levels: [a, b] as const, runs: values.length, mean: momentsOf(values).mean, interval };
        }),
      ),
    })),
  );
}
