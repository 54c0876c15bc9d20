/** A step as the training loop sees it: the method's result by task, and what is told of it. */
import type { Text } from '../../../common/text.ts';
import type { EventInput } from '../../../runs/events.ts';
import type { Measured, Method, MethodResult, MethodState } from './method.ts';
import type { ByTask } from '../by-task.ts';
import type { StepPlace } from './statistics.ts';
import { measuredOf } from './gradients.ts';
import { sharedLayout, wholeOf } from '../passes/layout.ts';
import {
  presentAnywhere,
  type LossSum,
  type Part,
  type StepContext,
  type StepExecutor,
  type StepInput,
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
    weights: tasks.map((_, index) => {
      const weight = weights?.[index] ?? null;
      return weight === null ? null : weight * updated.clip;
    }),
    objective: result.objective + updated.penalty,
    penalty: updated.penalty,
    problems,
    measured: measured ?? null,
    state,
  };
}

/** Gradients of a step for the record alone; null where the model shares nothing or fewer than two tasks are present. */
export function measure({ context, executor }: Measuring, input: StepInput): Measured | null {
  const layout = sharedLayout(context.model);
  if (layout.size === 0 || presentAnywhere(input.batches).length < 2) return null;
  const segments = wholeOf(layout);
  const gradients = executor.taskGradients(input, { statistic: 'gram', layout, segments, updateStatistics: false });
  if (!gradients) return null;
  const measured = measuredOf(gradients);
  gradients.dispose();
  return measured;
}

interface Measuring {
  readonly context: StepContext;
  readonly executor: StepExecutor;
}

type GradientsRecord = Extract<EventInput, { readonly kind: 'gradients' }>;

/**
 * The `gradients` record of a step: norms and cosines of the raw task gradients over the shared parameters. A zero
 * gradient has no cosine.
 */
export function gradientsRecord(
  { tasks }: Pick<StepContext, 'tasks'>,
  step: number,
  { present, norms, gram }: Measured,
  observed?: GradientsRecord['observed'],
): GradientsRecord {
  return {
    kind: 'gradients',
    step,
    tasks: present.map((index) => tasks[index]?.name ?? ''),
    norms,
    cosines: present.map((_, i) => present.map((__, j) => cosine(gram?.[i]?.[j], norms[i], norms[j]))),
    ...(observed && observed.size > 0 ? { observed } : {}),
  };
}

function cosine(product = NaN, left = NaN, right = NaN): number | null {
  const value = product / (left * right);
  // Rounding may carry the cosine of a gradient with itself just above 1.
  return Number.isFinite(value) ? Math.min(1, Math.max(-1, value)) : null;
}

/** How often gradients are measured: where a strategy has them anyway, and where T backward passes are spent on it. */
export function measuringInterval(totalSteps: number, paidFor: boolean): number {
  const least = paidFor ? 10 : 100;
  // At most a thousand records in a run, however long.
  return Math.max(least, Math.ceil(totalSteps / 1000));
}
