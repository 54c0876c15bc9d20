/**
 * Bilevel strategies (conventions 1.6): one half of each training batch trains, the other judges the task weights. Gradients
 * are those by all parameters. `shares` weigh the inner losses f of the first half, F are the outer losses of the second.
 */
import type { Json, Lookahead, StepStatistics, Strategy, Weighting } from '../../../weighting/contract.ts';
import { weightsByTask, sumOf } from './losses.ts';
import { stateOf, type MethodResult, type MethodState } from './method.ts';
import { reportsOf } from './solver-reports.ts';
import { StrategyMethod, whole, type MethodParts } from './strategy-method.ts';
import { at as placeAt } from '../../../numbers/linear.ts';
import { element } from '../by-task.ts';
import { dotOf, gramOf, together } from '../passes/to-host.ts';
import { fullLayout, wholeOf } from '../passes/layout.ts';
import { lossesOf, namesOf, statisticsOf, type StepPlace } from './statistics.ts';
import {
  presentIn,
  presentInAll,
  restricted,
  type GradientRequest,
  type SharedLayout,
  type StepInput,
  type TaskGradients,
} from '../contract.ts';
import { floatVectors } from './vectors.ts';

/** Step of the finite differences times the length of their direction (the authors' code of Auto-λ). */
const stride = 0.01;

type Halves = { readonly inner: StepInput; readonly outer: StepInput; readonly present: readonly number[] };

export class BilevelMethod extends StrategyMethod<Strategy> {
  /** It is given the two halves of a batch, and the batch. */
  readonly halves = true as const;
  readonly paysForGradients = false;
  readonly #lookahead: Lookahead;
  readonly #layout: SharedLayout;

  constructor(parts: MethodParts<Strategy>, lookahead: Lookahead) {
    super(parts);
    this.#lookahead = lookahead;
    this.#layout = fullLayout(parts.context.model);
  }

  run({ batches, step }: StepInput, at: StepPlace, before: MethodState): MethodResult {
    const [first, second, both] = batches;
    if (!first || !second || !both)
      throw new RangeError('A bilevel strategy takes two halves of a batch and the batch.');
    const present = presentInAll([first, second]);
    const state = stateOf(before, whole);
    const update: StepInput = { batches: [both], step, part: 2 };
    if (present.length === 0) return this.#weightedUpdate(update, state, null, at, before);
    const halves: Halves = {
      inner: { batches: [restricted(first, present)], step },
      outer: { batches: [restricted(second, present)], step, part: 1 },
      present,
    };
    if (this.strategy.needs === 'bilevel-gram') return this.#constrained(halves, state, at, before);
    const weighing = this.strategy.weigh(this.#ahead(halves, state, at), state);
    return this.#weightedUpdate(update, state, { present, weighing }, at, before);
  }

  #gradients(input: StepInput, updateStatistics = false): TaskGradients {
    const layout = this.#layout;
    const request: GradientRequest = { statistic: 'rows', layout, segments: wholeOf(layout), updateStatistics };
    const found = this.executor.taskGradients(input, request);
    if (!found) throw new Error('A task that is present has no gradient.');
    // The rows are on the host; whoever updates with these gradients asks anew.
    if (!updateStatistics) found.dispose();
    return found;
  }

  #innerRate({ learningRate }: StepPlace): number {
    // Without a rate of its own it looks ahead at the step's.
    return this.#lookahead.learningRate ?? learningRate;
  }

  #shares(present: readonly number[], state: Json): number[] {
    const names = namesOf(this.context, present);
    // A strategy that does not weigh the inner losses takes their mean.
    return this.strategy.shares?.(names, state) ?? names.map(() => 1 / names.length);
  }

  /** MOML and Auto-λ: gradients of F at θ⁺ = θ − η Σ σᵢ ∇fᵢ(θ) against those of f at θ. */
  #ahead({ inner, outer, present }: Halves, state: Json, at: StepPlace): StepStatistics {
    const now = this.#gradients(inner);
    const shares = this.#shares(present, state).map((share) => -this.#innerRate(at) * share);
    const ahead = this.#displaced(floatVectors.combine(shares, now.rows), () => this.#gradients(outer));
    const statistics = statisticsOf(this.context, inner, now.forward, present, at);
    const cross = gramOf(ahead.rows, { offset: 0, size: this.#layout.size }, now.rows);
    if (!this.#lookahead.differences) return { ...statistics, cross };
    return { ...statistics, cross, differences: this.#differences(inner, present, ahead.rows) };
  }

  /** (fᵢ(θ + εd) − fᵢ(θ − εd))/(2ε) along the sum of the outer gradients. */
  #differences(inner: StepInput, present: readonly number[], rows: readonly Float32Array[]): number[] {
    const along = floatVectors.combine(
      rows.map(() => 1),
      rows,
    );
    const length = Math.sqrt(dotOf(along, along, 0, along.length));
    if (length === 0) return present.map(() => 0);
    const epsilon = stride / length;
    const lossesAt = (factor: number): number[] =>
      this.#displaced(floatVectors.combine([factor], [along]), () =>
        lossesOf(this.context, inner, this.executor.forward(inner), present),
      );
    const [above, below] = [lossesAt(epsilon), lossesAt(-epsilon)];
    return above.map((loss, place) => (loss - placeAt(below, place)) / (2 * epsilon));
  }

  #displaced<T>(by: Float32Array, run: () => T): T {
    return this.executor.displaced(this.#layout, by, run);
  }

  /** The update of the model on the whole batch by the new weights; the old ones where no task is in both halves. */
  #weightedUpdate(
    input: StepInput,
    held: Json,
    found: { readonly present: readonly number[]; readonly weighing: Weighting } | null,
    at: StepPlace,
    before: MethodState,
  ): MethodResult {
    const present = input.batches.flatMap(presentIn);
    const state = found ? found.weighing.state : held;
    const all = found?.present.length === present.length;
    const weights = all
      ? found.weighing.weights
      : this.#shares(present, state).map(
          (share, place) => share * element(this.context.tasks, placeAt(present, place)).weight,
        );
    const { forward, ...updated } = this.executor.weightedStep(
      input,
      { beforehand: true, weights: () => weightsByTask(this.context, present, weights) },
      at.learningRate,
    );
    return {
      forward: together(this.context.tasks.length, [null, null, element(forward.parts, 0)]),
      updated,
      weights: weightsByTask(this.context, present, weights),
      objective: sumOf(weights, lossesOf(this.context, input, forward, present)),
      state: { ...before, states: { [whole]: state } },
      problems: found ? reportsOf([found.weighing]) : [],
    };
  }

  /** FORUM: both halves' gradients at θ, and f after some steps of SGD. */
  #constrained({ inner, outer, present }: Halves, state: Json, at: StepPlace, before: MethodState): MethodResult {
    const low = this.#gradients(inner);
    const high = this.#gradients(outer, true);
    try {
      const statistics = statisticsOf(this.context, inner, low.forward, present, at);
      const range = { offset: 0, size: this.#layout.size };
      const weighing = this.strategy.weigh(
        {
          ...statistics,
          bilevel: {
            outer: gramOf(high.rows, range),
            inner: gramOf(low.rows, range),
            cross: gramOf(high.rows, range, low.rows),
            after: this.#descended(inner, low, this.#shares(present, state), at),
          },
        },
        state,
      );
      // A strategy may leave the inner losses alone.
      const below = weighing.inner ?? present.map(() => 0);
      const direction = floatVectors.combine([...weighing.weights, ...below], [...high.rows, ...low.rows]);
      const updated = this.executor.combinedStep(
        high,
        { shared: { kind: 'direction', direction }, heads: this.context.tasks.map(() => 0) },
        at.learningRate,
      );
      const outerLosses = lossesOf(this.context, outer, high.forward, present);
      return {
        forward: together(
          this.context.tasks.length,
          [low, high].map((half) => element(half.forward.parts, 0)),
        ),
        updated,
        weights: weightsByTask(
          this.context,
          present,
          weighing.weights.map((weight, place) => weight + placeAt(below, place)),
        ),
        objective: sumOf(weighing.weights, outerLosses) + sumOf(below, statistics.losses),
        state: { ...before, states: { [whole]: weighing.state } },
        problems: reportsOf([weighing]),
      };
    } finally {
      high.dispose();
    }
  }

  /** Inner losses after `innerSteps` steps on Σ σᵢ fᵢ, the first of them by the gradients that are known. */
  #descended(inner: StepInput, first: TaskGradients, shares: readonly number[], at: StepPlace): number[] {
    const { steps } = this.#lookahead;
    const rates = shares.map((share) => -this.#innerRate(at) * share);
    let moved = floatVectors.combine(rates, first.rows);
    for (let step = 1; step < steps; step++) {
      const { rows } = this.#displaced(moved, () => this.#gradients(inner));
      moved = floatVectors.combine([1, ...rates], [moved, ...rows]);
    }
    return this.#displaced(moved, () => lossesOf(this.context, inner, this.executor.forward(inner), first.present));
  }
}
