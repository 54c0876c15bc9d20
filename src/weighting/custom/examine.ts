/**
 * `mtl strategy test`: examines a strategy of the user's own. Checks pass or fail; what theory asks of some strategies and
 * not of others is told as information.
 */
import { textOfError } from '../../common/told-error.ts';
import { text, type Text } from '../../common/text.ts';
import { at, dot, sum } from '../../numbers/linear.ts';
import type { Json, Strategy } from '../contract.ts';
import { moduleStrategy, type StrategyModule } from './module.ts';
import { multiplied, permuted, taskNames, trials, trying, withAbsent, type Trial, type Trying } from './steps.ts';
import type { Finding } from './findings.ts';
import { vectorChecks } from './vectors.ts';

/** Weights and states of a trial's steps. */
interface Course {
  readonly weights: readonly (readonly number[])[];
  readonly states: readonly Json[];
}

const seed = 0;

/** Numbers, and what a module itself says, are the same in both. */
const same = (words: string): Text => ({ en: words, zh: words });

/** Runs all steps of a trial from the beginning. */
function run(module: StrategyModule, { steps }: Trial, through: (state: Json) => Json = (state) => state): Course {
  const tasks = [...new Set(steps.flatMap(({ statistics }) => statistics.tasks))];
  const strategy = create(module, tasks);
  let state = strategy.initialState;
  const weights: (readonly number[])[] = [];
  const states: Json[] = [];
  for (const { statistics } of steps) {
    const found = strategy.weigh(statistics, through(state));
    state = found.state;
    weights.push(found.weights);
    states.push(state);
  }
  return { weights, states };
}

const create = (module: StrategyModule, tasks: readonly string[]): Strategy =>
  moduleStrategy(module, { tasks, normalize: 'none' });

/** A check over trials: a sentence where it fails. */
type Check = (trial: Trial, module: StrategyModule) => Text | null;

const throughText = (state: Json): Json => JSON.parse(JSON.stringify(state)) as Json;

function differs(a: readonly (readonly number[])[], b: readonly (readonly number[])[], tolerance: number): Text | null {
  for (const [step, left] of a.entries()) {
    const right = b[step] ?? [];
    const size = Math.max(...left.map(Math.abs), Number.MIN_VALUE);
    const off = Math.max(...left.map((value, index) => Math.abs(value - at(right, index)))) / size;
    if (!(off <= tolerance)) {
      const [is, was] = [list(left), list(right)];
      return text(`step ${step + 1}: ${is} and ${was}`, `第 ${step + 1} 步：${is} 与 ${was}`);
    }
  }
  return null;
}

const list = (values: readonly number[]): string =>
  `[${values.map((value) => Number(value.toPrecision(6))).join(', ')}]`;

const swapped = (trial: Trial): { readonly order: number[]; readonly trial: Trial } => {
  const count = trial.steps[0]?.statistics.tasks.length ?? 0;
  const order = Array.from({ length: count }, (_, index) => (index + 1) % count);
  return { order, trial: permuted(trial, order) };
};

const checks: readonly (readonly [name: Text, check: Check])[] = [
  // Weights and states that are no numbers or no JSON are refused by the reader of modules itself.
  [text('weights are finite, one a task', '每个任务一个有限的权重'), (trial, module) => (run(module, trial), null)],
  [
    text('weights are finite when tasks are absent', '任务缺席时权重仍有限'),
    (trial, module) => (run(module, withAbsent(trial)), null),
  ],
  [
    text('the same steps give the same weights', '相同的步得到相同的权重'),
    (trial, module) => differs(run(module, trial).weights, run(module, trial).weights, 0),
  ],
  [
    text('the state survives being saved as JSON', '状态经 JSON 保存后不变'),
    (trial, module) => differs(run(module, trial).weights, run(module, trial, throughText).weights, 0),
  ],
  [
    text('another order of the tasks gives the same weights in that order', '任务换序时权重随之换序'),
    (trial, module) => {
      const { order, trial: other } = swapped(trial);
      const expected = run(module, trial).weights.map((weights) => order.map((index) => at(weights, index)));
      return differs(expected, run(module, other).weights, 1e-6);
    },
  ],
  [
    text('losses of any size give finite weights', '任意大小的损失都得到有限的权重'),
    (trial, module) => {
      for (const factor of [1e-10, 1e15]) run(module, multiplied(trial, factor));
      return null;
    },
  ],
];

/**
 * @param vectors parsed files of reference vectors, by name
 * @returns findings in the order of their making; a check that fails names the first trial it fails on
 */
export function examine(module: StrategyModule, vectors: ReadonlyMap<string, unknown> = new Map()): Finding[] {
  const all = trials(seed);
  const checked = checks.map(([name, check]): Finding => {
    for (const trial of all) {
      const wrong = attempt(() => check(trial, module));
      if (wrong !== null)
        return { name, passed: false, detail: text(`${trial.what.en}, ${wrong.en}`, `${trial.what.zh}，${wrong.zh}`) };
    }
    return { name, passed: true, detail: text(`${all.length} trials`, `${all.length} 次试验`) };
  });
  const theory = informations.map(([name, inform]): Finding => {
    try {
      return { name, passed: null, detail: inform(module, all) };
    } catch (error) {
      return { name, passed: null, detail: textOfError(error) };
    }
  });
  return [...checked, ...vectorChecks(module, vectors), ...theory];
}

function attempt(work: () => Text | null): Text | null {
  try {
    return work();
  } catch (error) {
    return textOfError(error);
  }
}

/** Σ wᵢ gᵢ. */
function directionOf({ rows }: Trying, weights: readonly number[]): number[] {
  return (rows[0] ?? []).map((_, entry) => rows.reduce((total, row, i) => total + at(weights, i) * at(row, entry), 0));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

const firstWeights = (module: StrategyModule, step: Trying): readonly number[] =>
  run(module, { what: text('', ''), steps: [step] }).weights[0] ?? [];

const inAll = text('in all trials', '所有试验中');
const informations: readonly (readonly [
  name: Text,
  inform: (module: StrategyModule, all: readonly Trial[]) => Text,
])[] = [
  [
    text('weights are never negative', '权重从不为负'),
    (module, all) => {
      const least = Math.min(...all.flatMap((trial) => run(module, trial).weights.flat()));
      return least >= 0 ? inAll : text(`no: down to ${digits(least)}`, `否：最小 ${digits(least)}`);
    },
  ],
  [
    text('multiplying all losses by a constant leaves the weights in proportion', '所有损失乘以同一常数时权重比例不变'),
    (module, all) => {
      const proportional = all.filter((trial) => {
        const shares = ({ weights }: Course) => weights.map((values) => values.map((value) => value / sum(values)));
        return differs(shares(run(module, trial)), shares(run(module, multiplied(trial, 1000))), 1e-6) === null;
      });
      const [some, whole] = [proportional.length, all.length];
      return some === whole ? inAll : text(`in ${some} of ${whole} trials`, `${whole} 次试验中的 ${some} 次`);
    },
  ],
  [
    text('no task is worked against (gᵢ · Σ w g ≥ 0)', '不与任何任务相悖 (gᵢ · Σ w g ≥ 0)'),
    (module, all) => {
      const steps = all.flatMap((trial) => {
        const { weights } = run(module, trial);
        return trial.steps.map((step, place) => {
          const direction = directionOf(step, weights[place] ?? []);
          const size = Math.sqrt(dot(direction, direction));
          return step.rows.every((row) => dot(row, direction) >= -1e-9 * Math.sqrt(dot(row, row)) * size);
        });
      });
      const kept = steps.filter(Boolean).length;
      return text(`in ${kept} of ${steps.length} steps`, `${steps.length} 步中的 ${kept} 步`);
    },
  ],
  [
    text(
      'two tasks (H1): cosine with the direction g₁/‖g₁‖ + g₂/‖g₂‖ of Nash-MTL, FairGrad, IMTL-G and ConFIG',
      '两个任务 (H1)：与 Nash-MTL、FairGrad、IMTL-G、ConFIG 的方向 g₁/‖g₁‖ + g₂/‖g₂‖ 的余弦',
    ),
    (module, all) => {
      const cosines = all
        .filter(({ steps }) => steps[0]?.statistics.tasks.length === 2)
        .flatMap(({ steps }) => steps.slice(0, 1))
        .flatMap((step) => {
          const fair = directionOf(
            step,
            step.rows.map((row) => 1 / Math.sqrt(dot(row, row))),
          );
          const found = cosine(directionOf(step, firstWeights(module, step)), fair);
          return Number.isFinite(found) ? [found] : [];
        });
      if (cosines.length === 0) return text('no direction', '无方向');
      const [least, most] = [digits(Math.min(...cosines)), digits(Math.max(...cosines))];
      return text(`from ${least} to ${most}`, `${least} 至 ${most}`);
    },
  ],
  [
    text(
      'identical tasks (H2): factor on their one gradient (T like a sum, 1 like a mean)',
      '相同任务 (H2)：其唯一梯度上的系数（T 如求和，1 如平均）',
    ),
    (module) =>
      same(
        [2, 3, 5]
          .map((count) => {
            const row = [0.6, -0.8, 1.2, 0.4];
            const step = trying(
              0,
              taskNames(count),
              Array.from({ length: count }, () => 0.7),
              Array.from({ length: count }, () => row),
            );
            return `T = ${count}: ${digits(sum(firstWeights(module, step)))}`;
          })
          .join(', '),
      ),
  ],
];

const digits = (value: number): string => String(Number(value.toPrecision(4)));
