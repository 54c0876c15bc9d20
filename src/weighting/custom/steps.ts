/** Made-up steps that a strategy is tried on: ordinary, conflicting, dependent and badly scaled gradients. */
import { text, type Text } from '../../common/text.ts';
import { keyed } from '../../numbers/random.ts';
import { diagonal, gramOf } from '../../numbers/linear.ts';
import type { StepStatistics } from '../contract.ts';

export interface Trial {
  readonly what: Text;
  /** A few steps one after the other, on the same tasks unless said otherwise. */
  readonly steps: readonly Trying[];
}

export interface Trying {
  readonly statistics: StepStatistics;
  /** The task gradients behind the statistics [T][D]. */
  readonly rows: readonly (readonly number[])[];
}

const width = 12;
const stepsOfTrial = 4;

export const taskNames = (count: number): string[] => Array.from({ length: count }, (_, index) => `task ${index + 1}`);

/** Statistics of a step with these losses and gradients; equal spec weights unless others are given. */
export function trying(
  step: number,
  tasks: readonly string[],
  losses: readonly number[],
  rows: readonly (readonly number[])[],
  weights: readonly number[] = tasks.map(() => 1),
): Trying {
  const gram = gramOf(rows);
  const norms = diagonal(gram).map((square) => Math.sqrt(square));
  return { rows, statistics: { step, epoch: 0, tasks, losses, weights, norms, gram } };
}

type Make = (random: ReturnType<typeof keyed>, count: number) => number[][];

const gauss: Make = (random, count) =>
  Array.from({ length: count }, () => Array.from({ length: width }, () => random.normal()));

/** The kinds of gradients, one row each. */
const kinds: readonly (readonly [what: Text, make: Make])[] = [
  [text('independent', '独立'), gauss],
  [
    text('conflicting', '相互冲突'),
    (random, count) => {
      const rows = gauss(random, count);
      const [first = []] = rows;
      return rows.map((row, i) => (i === 0 ? row : row.map((value, k) => value - 1.5 * (first[k] ?? 0))));
    },
  ],
  [
    text('identical', '相同'),
    (random, count) => {
      const [row = []] = gauss(random, 1);
      return Array.from({ length: count }, () => row);
    },
  ],
  [
    text('opposite', '方向相反'),
    (random, count) => {
      const rows = gauss(random, count);
      return rows.map((row, i) => (i % 2 === 0 ? row : (rows[i - 1] ?? row).map((value) => -value)));
    },
  ],
  [
    text('of sizes from 1e-10 to 1e15', '大小从 1e-10 到 1e15'),
    (random, count) =>
      gauss(random, count).map((row) => {
        const size = 10 ** random.uniform(-10, 15);
        return row.map((value) => value * size);
      }),
  ],
];

/** All trials: every kind of gradients with 2, 3 and 7 tasks, four steps each. Losses fall and differ in size. */
export function trials(seed: number): Trial[] {
  return [2, 3, 7].flatMap((count) =>
    kinds.map(([what, make], place): Trial => {
      const random = keyed(seed, 'strategy-test', count, place);
      const sizes = Array.from({ length: count }, () => 10 ** random.uniform(-1, 1));
      const steps = Array.from({ length: stepsOfTrial }, (_, step) => {
        const losses = sizes.map((size) => size * (1 + random.uniform()) * 0.9 ** step);
        return trying(step, taskNames(count), losses, make(random, count));
      });
      return { what: text(`${what.en} gradients of ${count} tasks`, `${count} 个任务的梯度（${what.zh}）`), steps };
    }),
  );
}

/** The same steps with the tasks in another order. */
export function permuted({ what, steps }: Trial, order: readonly number[]): Trial {
  const pick = <Value>(values: readonly Value[]): Value[] => order.map((index) => values[index] as Value);
  return {
    what,
    steps: steps.map(({ statistics, rows }) => {
      const { step, tasks, losses, weights } = statistics;
      return trying(step, pick(tasks), pick(losses), pick(rows), pick(weights));
    }),
  };
}

/** The same steps with all losses and gradients multiplied. */
export function multiplied({ what, steps }: Trial, factor: number): Trial {
  return {
    what,
    steps: steps.map(({ statistics: { step, tasks, losses }, rows }) =>
      trying(
        step,
        tasks,
        losses.map((loss) => loss * factor),
        rows.map((row) => row.map((value) => value * factor)),
      ),
    ),
  };
}

/** The same steps, in which another task is absent each time. */
export function withAbsent({ what, steps }: Trial): Trial {
  return {
    what,
    steps: steps.map(({ statistics, rows }, place) => {
      const absent = place % statistics.tasks.length;
      const rest = <Value>(values: readonly Value[]): Value[] => values.filter((_, index) => index !== absent);
      const { step, tasks, losses } = statistics;
      return trying(step, rest(tasks), rest(losses), rest(rows));
    }),
  };
}
