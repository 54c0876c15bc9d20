/** What makes a method impossible for a request: what holds for every method, and what its row adds. */
import { text, type Text } from '../../common/text.ts';
import type { Design, DesignRequest, Factor } from './contract.ts';
import { conditionOrder, impossibleLevels } from './conditions.ts';
import { nothingVaried } from './designed.ts';
import { countOf, isRange, textOf } from './values.ts';

const quoted = (name: string): string => JSON.stringify(name);

/** Ranges that hold nothing, names that stand twice. */
function wrongFactors(factors: readonly Factor[]): readonly Text[] {
  const empty = factors.filter((factor) => isRange(factor) && factor.integer && countOf(factor) === 0);
  const logarithm = factors.filter(
    (factor) => isRange(factor) && factor.scale === 'log' && !((factor.range[0] ?? 0) > 0),
  );
  const twice = factors.filter(({ name }, index) => factors.findIndex((other) => other.name === name) < index);
  const repeated = factors.filter(
    (factor) => !isRange(factor) && new Set(factor.levels.map(textOf)).size < factor.levels.length,
  );
  return [
    ...empty.map(({ name }) =>
      text(`The range of ${quoted(name)} holds no whole number.`, `${quoted(name)} 的区间内没有整数。`),
    ),
    ...logarithm.map(({ name }) =>
      text(
        `The range of ${quoted(name)} must be above 0 on a log scale.`,
        `${quoted(name)} 用对数尺度时，区间须大于 0。`,
      ),
    ),
    ...twice.map(({ name }) =>
      text(`Two factors have the name ${quoted(name)}.`, `有两个因素都名为 ${quoted(name)}。`),
    ),
    ...repeated.map(({ name }) =>
      text(`The factor ${quoted(name)} has the same level twice.`, `因素 ${quoted(name)} 有重复的水平。`),
    ),
  ];
}

/** Conditions on nothing, in a circle, on a range of real numbers, or on levels that the other factor does not have. */
function wrongConditions(factors: readonly Factor[]): readonly Text[] {
  const byName = new Map(factors.map((factor) => [factor.name, factor]));
  const conditions = factors.flatMap(({ name, when }) =>
    [...(when?.keys() ?? [])].map((other) => [name, other] as const),
  );
  const { loop } = conditionOrder(factors);
  const unknown = conditions.filter(([, other]) => !byName.has(other));
  const real = conditions.filter(([, other]) => countOf(byName.get(other) ?? none) === Infinity);
  return [
    ...unknown.map(([name, other]) =>
      text(
        `The condition of ${quoted(name)} names ${quoted(other)}, which is no factor.`,
        `${quoted(name)} 的条件提到 ${quoted(other)}，但没有这个因素。`,
      ),
    ),
    ...real.map(([name, other]) =>
      text(
        `The condition of ${quoted(name)} needs ${quoted(other)} to have levels; it is a range of real numbers.`,
        `${quoted(name)} 的条件要求 ${quoted(other)} 有水平；而它是实数区间。`,
      ),
    ),
    ...impossibleLevels(factors).map(([name, other, level]) =>
      text(
        `The condition of ${quoted(name)} waits for ${textOf(level)}, which is no value of ${quoted(other)}.`,
        `${quoted(name)} 的条件等待 ${textOf(level)}，但 ${quoted(other)} 没有这个取值。`,
      ),
    ),
    ...(loop.length === 0
      ? []
      : [
          text(
            `The conditions of ${loop.map(quoted).join(', ')} wait for one another.`,
            `${loop.map(quoted).join('、')} 的条件互相等待。`,
          ),
        ]),
  ];
}

const none: Factor = { name: '', path: '', levels: [] };

/**
 * Why a method cannot do what is asked, in words; empty if it can. Ask before `settings` or `next`, which take a request
 * without problems for granted.
 */
export function problemsOf(method: string, design: Design, request: DesignRequest): readonly Text[] {
  const runs =
    design.runs === 'needed' && request.runs === null
      ? [
          text(
            `\`${method}\` needs the number of settings: write \`runs\`.`,
            `\`${method}\` 需要设置个数：请写明 \`runs\`。`,
          ),
        ]
      : [];
  const { factors } = request;
  const general =
    design.takes === 'weights'
      ? []
      : [...nothingVaried(factors), ...wrongFactors(factors), ...wrongConditions(factors)];
  // What a method says of factors holds only once they make sense.
  return [...runs, ...general, ...(general.length > 0 ? [] : design.problems(request))];
}
