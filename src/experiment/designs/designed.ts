/** What the methods share: the result with its repetitions merged and told, and problems that several have. */
import { text, type Text } from '../../common/text.ts';
import type { Designed, DesignRequest, Factor, Setting } from './contract.ts';
import { withoutRepetitions } from './conditions.ts';
import { isRange } from './values.ts';

const mergedNote = (merged: number): Text =>
  text(
    `${merged} of the settings that the method chose were the same as earlier ones and are run once.`,
    `该方法选出的设置中有 ${merged} 个与先前的相同，只运行一次。`,
  );

/** Settings of factors, without repetitions; how many there were is counted and said. */
export function designed(
  factors: readonly Factor[],
  settings: readonly Setting[],
  more: Pick<Designed, 'fraction'> & { readonly notes?: readonly Text[]; readonly merged?: number } = {},
): Designed {
  const { notes = [], merged: before = 0, ...own } = more;
  const distinct = withoutRepetitions(settings);
  const merged = before + distinct.merged;
  return {
    settings: distinct.settings,
    merged,
    paths: new Map(factors.map(({ name, path }) => [name, path])),
    notes: [...notes, ...(merged > 0 ? [mergedNote(merged)] : [])],
    ...own,
  };
}

/** More runs than there are settings. `count` is what `combinations` found; null is more than anybody runs. */
export function tooMany({ runs }: DesignRequest, count: number | null): readonly Text[] {
  if (runs === null || count === null || runs <= count) return [];
  return [
    text(
      `${runs} runs are asked for, but the factors have only ${count} different settings. Use \`grid\`, or at most ${count} runs.`,
      `要求 ${runs} 次运行，但各因素只有 ${count} 种不同的设置。请使用 \`grid\`，或至多 ${count} 次运行。`,
    ),
  ];
}

/** Ranges, for methods that need levels. */
export function rangesWithoutLevels(factors: readonly Factor[], method: string): readonly Text[] {
  return factors
    .filter(isRange)
    .map(({ name }) =>
      text(
        `The factor ${JSON.stringify(name)} is a range; \`${method}\` needs the values themselves. Write \`levels\` in place of \`range\`.`,
        `因素 ${JSON.stringify(name)} 是一个区间；\`${method}\` 需要具体取值。请用 \`levels\` 代替 \`range\`。`,
      ),
    );
}

/** A method that can only vary factors was given none. */
export const nothingVaried = (factors: readonly Factor[]): readonly Text[] =>
  factors.length > 0
    ? []
    : [text('There is nothing to vary: `factors` is empty.', '没有可变化的因素：`factors` 为空。')];
