/** Checks of the response surface that the comparison's page evaluates. */
import { count, flag, list, number, object, oneOf, orNull, satisfying, text, type Check } from '../common/checks.ts';
import { text as both } from '../common/text.ts';
import type { WeightSurface } from '../experiment/surface/contract.ts';

const sentence = object({ en: text, zh: text });
const numbers = list(number);
const degree = satisfying(both('1 or 2', '1 或 2'), (value): value is 1 | 2 => value === 1 || value === 2);

const model = object({
  ...{ degree, terms: list(list(count)), coefficients: numbers, inverse: list(numbers) },
  ...{ sd: number, df: count, quantile: number, reach: number, leftOutError: number, meanError: number },
});

export const weightSurface: Check<WeightSurface> = object({
  ...{ tasks: list(text), current: numbers, total: number, level: number },
  points: list(object({ shares: numbers, arms: list(text), runs: count, means: list(orNull(number)) })),
  responses: list(
    object({
      ...{ task: text, metric: text, higherIsBetter: flag, runs: count },
      ...{ model: orNull(model), remark: orNull(sentence) },
    }),
  ),
  arm: orNull(oneOf('weights', 'strategy')),
  remarks: list(sentence),
});
