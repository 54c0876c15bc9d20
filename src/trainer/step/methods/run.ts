/** A step as the training loop sees it: the method's result by task, and what is told of it. */
import type { Text } from '../../../common/text.ts';
import { at, entry } from '../../../numbers/linear.ts';
import type { EventInput } from '../../../runs/events.ts';
import type { Measured, MeasuredBlock, Method, MethodResult, MethodState } from './method.ts';
import { element, type ByTask } from '../by-task.ts';
import { namesOf, type StepPlace } from './statistics.ts';
import { measuredOf } from './gradients.ts';
import { sharedLayout } from '../passes/layout.ts';
import { addGrams, type SharedBlock, type SharedBlocks } from './segments.ts';
import {
  presentAnywhere,
  type LossSum,
  type Part,
  type StepContext,
  type StepExecutor,
  type StepInput,
  type TaskGradients,
} from '../contract.ts';

export interface StepResult {
  /** One a batch; null where no task had a label. */
  readonly parts: readonly (Part | null)[];
  /** Losses over all batches, and effective weights, clipping included. */
  readonly losses: ByTask<LossSum>;
  readonly weights: ByTask<number>;
  /** What was minimized, penalties included. */
  readonly objective: number;
  readonly penalty: number;
  readonly problems: readonly Text[];
  readonly measured: Measured | null;
  readonly state: MethodState;
}

export function runStep(
  { tasks }: Pick<StepContext, 'tasks'>,
  method: Method,
  input: StepInput,
  at: StepPlace,
  before: MethodState,
): StepResult {
  const result: MethodResult = method.run(input, at, before);
  const { forward, weights, updated, state, problems, measured } = result;
  return {
    parts: forward.parts,
    losses: forward.losses,
    // Null where the direction is no combination of the gradients: then no task has a weight.
    weights: (weights ?? tasks.map(() => null)).map((weight) => (weight === null ? null : weight * updated.clip)),
    objective: result.objective + updated.penalty,
    penalty: updated.penalty,
    problems,
    // A method without gradients has measured none.
    measured: measured ?? null,
    state,
  };
}

/** Gradients of a step for the record alone; null where the model shares nothing or fewer than two tasks are present. */
export function measure({ context, executor, shared }: Measuring, input: StepInput): Measured | null {
  const layout = sharedLayout(context.model);
  if (layout.size === 0 || presentAnywhere(input.batches).length < 2) return null;
  const { segments, blocks } = shared;
  const gradients = executor.taskGradients(input, { statistic: 'gram', layout, segments, updateStatistics: false });
  if (!gradients) return null;
  const measured = measuredOf(gradients);
  gradients.dispose();
  return blocks.length > 1 ? { ...measured, blocks: blocks.map((block) => measuredBlock(gradients, block)) } : measured;
}

interface Measuring {
  readonly context: StepContext;
  readonly executor: StepExecutor;
  readonly shared: SharedBlocks;
}

function measuredBlock({ present, grams }: TaskGradients, { name, places, tasks }: SharedBlock): MeasuredBlock {
  const gram = addGrams(places.map((place) => element(grams, place)));
  const norms = present.map((task, i) => (tasks.has(task) ? Math.sqrt(Math.max(entry(gram, i, i), 0)) : null));
  const agreement = norms.map((norm, i) => {
    const cosines = norms.flatMap((other, j) =>
      norm === null || other === null || i === j ? [] : (cosine(entry(gram, i, j), norm, other) ?? []),
    );
    return cosines.length === 0 ? null : cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
  });
  return { name, norms, agreement };
}

type GradientsRecord = Extract<EventInput, { readonly kind: 'gradients' }>;

/**
 * The `gradients` record of a step: norms and cosines of the raw task gradients over the shared parameters. A zero
 * gradient has no cosine.
 */
export function gradientsRecord(
  context: Pick<StepContext, 'tasks'>,
  step: number,
  { present, norms, gram, blocks = [] }: Measured,
  observed?: GradientsRecord['observed'],
): GradientsRecord {
  if (!gram) throw new Error('Gradients are told, and their products were not computed.');
  return {
    kind: 'gradients',
    step,
    tasks: namesOf(context, present),
    norms,
    cosines: present.map((_, i) => present.map((__, j) => cosine(entry(gram, i, j), at(norms, i), at(norms, j)))),
    ...(observed && observed.size > 0 ? { observed } : {}),
    ...(blocks.length > 0
      ? { blocks: new Map(blocks.map(({ name, norms, agreement }) => [name, { norms, agreement }])) }
      : {}),
  };
}

/** Null where a gradient is zero, or no number. */
function cosine(product: number, left: number, right: number): number | null {
  const value = product / (left * right);
  // Rounding may carry the cosine of a gradient with itself just above 1.
  return Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : null;
}

/**
 * How often they are measured block by block: as often as where nothing is paid for, at steps that have a record.
 *
 * @param interval steps from one record to the next
 */
export const blockInterval = (interval: number): number => interval * Math.ceil(100 / interval);

/** How often gradients are measured: where a strategy has them anyway, and where T backward passes are spent on it. */
export function measuringInterval(totalSteps: number, paidFor: boolean): number {
  const least = paidFor ? 10 : 100;
  // At most a thousand records in a run, however long.
  return Math.max(least, Math.ceil(totalSteps / 1000));
}
