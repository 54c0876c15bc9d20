/** Strategies that read the gradients entry by entry, or keep vectors over them. */
import type { EntryStrategy, EntryWeighting, Memory } from '../../../weighting/contract.ts';
import { weightsByTask, sumOf } from './losses.ts';
import { emptyStep, measuredOf, namesOfProblems, statesOf, withGradients, type GradientOptions } from './gradients.ts';
import { stateOf, type MethodResult, type MethodState } from './method.ts';
import { meanWeights, type Problem } from './segments.ts';
import { reportsOf } from './solver-reports.ts';
import { StrategyMethod, type MethodParts } from './strategy-method.ts';
import { namesOf, statisticsOf, uniformOf, type StepPlace } from './statistics.ts';
import {
  presentAnywhere,
  type GradientRequest,
  type Segment,
  type StepInput,
  type TaskGradients,
} from '../contract.ts';
import { element } from '../by-task.ts';
import { floatVectors } from './vectors.ts';

export class EntryMethod extends StrategyMethod<EntryStrategy> {
  readonly paysForGradients = true;
  readonly #options: GradientOptions;

  constructor(parts: MethodParts<EntryStrategy>, options: GradientOptions) {
    super(parts, namesOfProblems(options));
    this.#options = options;
  }

  run(input: StepInput, at: StepPlace, before: MethodState): MethodResult {
    const gradients = this.executor.taskGradients(input, this.#request(input, at, before));
    if (!gradients) return emptyStep(this.executor, input, before, at);
    try {
      return this.#combine(input, at, before, gradients);
    } finally {
      gradients.dispose();
    }
  }

  fits(memory: Memory<Float32Array>): boolean {
    const { request, problems } = this.#options;
    return Object.entries(memory).every(([key, vectors]) => {
      const problem = problems.find(({ name }) => key.startsWith(`${name}${separator}`));
      const size = problem?.weighed.reduce((sum, place) => sum + element(request.segments, place).size, 0);
      return Object.values(vectors).every(({ length }) => length === size);
    });
  }

  /** Only the rows that the strategy reads, unless all are to be told. */
  #request(input: StepInput, at: StepPlace, before: MethodState): GradientRequest {
    const { renews } = this.strategy;
    const [problem] = this.#options.problems;
    if (!renews || at.measured || !problem) return this.#options.request;
    const present = presentAnywhere(input.batches);
    const places = renews(namesOf(this.context, present), stateOf(before, problem.name));
    return { ...this.#options.request, rowsFor: places.map((place) => element(present, place)) };
  }

  #combine(input: StepInput, at: StepPlace, before: MethodState, gradients: TaskGradients): MethodResult {
    const { forward, present } = gradients;
    const size = gradients.segments.reduce((sum, segment) => sum + segment.size, 0);
    const statistics = statisticsOf(this.context, input, forward, present, at);
    const uniform = this.strategy.uniform ? uniformOf(this.context.seed, at.step, size) : undefined;
    const direction = new Float32Array(size);
    const found = this.#options.problems.map((problem) => {
      const pick = pickerOf(problem, gradients.segments);
      const weighing = this.strategy.combine(
        {
          ...withGradients(statistics, gradients, problem),
          space: floatVectors,
          rows: gradients.rows.map(pick.take),
          memory: memoryOf(before.memory, problem.name),
          ...(uniform ? { uniform: pick.take(uniform) } : {}),
        },
        stateOf(before, problem.name),
      );
      pick.put(weighing.direction, direction);
      return { problem, weighing };
    });
    const weights = weightsOf(found.map(({ weighing }) => weighing));
    const updated = this.executor.combinedStep(
      gradients,
      {
        shared: { kind: this.strategy.steps ? 'step' : 'direction', direction },
        heads: weightsByTask(
          this.context,
          present,
          this.#headFactors(statistics.losses, weights, element(found, 0).weighing.heads),
        ),
      },
      at.learningRate,
    );
    return {
      ...{ forward, updated },
      state: {
        states: statesOf(found),
        learned: null,
        memory: Object.assign(
          {},
          ...found.map(({ problem, weighing }) => named(weighing.memory, problem.name)),
        ) as Memory<Float32Array>,
      },
      weights: weights ? weightsByTask(this.context, present, weights) : null,
      // A direction that is no combination of gradients descends the losses as the spec weighs them.
      objective: sumOf(weights ?? statistics.weights, statistics.losses),
      problems: reportsOf(found.map(({ weighing }) => weighing)),
      measured: measuredOf(gradients),
    };
  }

  #headFactors(
    losses: readonly number[],
    weights: readonly number[] | null,
    own: readonly number[] | undefined,
  ): readonly number[] {
    if (this.#options.heads === 'weighted' && weights) return weights;
    // What the strategy says; else the factors of the losses that it asked for; else their gradients as they are.
    return own ?? this.strategy.factors?.(losses) ?? losses.map(() => 1);
  }
}

/** The entries of a problem: taken out of a row, and put back. */
function pickerOf(
  { weighed }: Problem,
  all: readonly Segment[],
): {
  take: (row: Float32Array) => Float32Array;
  put: (part: Float32Array, row: Float32Array) => void;
} {
  const segments: readonly Segment[] = weighed.map((place) => element(all, place));
  const size = segments.reduce((sum, segment) => sum + segment.size, 0);
  const [only] = segments;
  if (only && segments.length === 1) {
    return {
      take: (row) => row.subarray(only.offset, only.offset + only.size),
      put: (part, row) => {
        row.set(part, only.offset);
      },
    };
  }
  return {
    take: (row) => {
      const part = new Float32Array(size);
      let place = 0;
      for (const segment of segments) {
        part.set(row.subarray(segment.offset, segment.offset + segment.size), place);
        place += segment.size;
      }
      return part;
    },
    put: (part, row) => {
      let place = 0;
      for (const segment of segments) {
        row.set(part.subarray(place, place + segment.size), segment.offset);
        place += segment.size;
      }
    },
  };
}

const separator = '\n';

/** The memory of one problem, under the strategy's own names. */
function memoryOf(memory: Memory<Float32Array>, problem: string): Memory<Float32Array> {
  const prefix = `${problem}${separator}`;
  return Object.fromEntries(
    Object.entries(memory).flatMap(([name, vectors]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), vectors]] : [],
    ),
  );
}

function named(memory: Memory<Float32Array>, problem: string): Memory<Float32Array> {
  return Object.fromEntries(
    Object.entries(memory).map(([name, vectors]) => [`${problem}${separator}${name}`, vectors]),
  );
}

function weightsOf(weighings: readonly EntryWeighting<Float32Array>[]): number[] | null {
  const lists = weighings.flatMap(({ weights }) => (weights ? [weights] : []));
  return lists.length === weighings.length ? meanWeights(lists) : null;
}
