/** Statistics that a step moves beside its update (batch normalization), and which tasks make things happen. */
import type { Variable } from '../../../../engine/native/capture/variables.ts';
import { tf } from '../../../../engine/tfjs.ts';
import type { ModelVariable } from '../../../model/build.ts';
import { penalizedIn } from '../../passes/batch-penalties.ts';
import { tasksLeftOut, type Sample } from '../../recorded/inputs.ts';
import type { Recorder } from '../../recorded/recording.ts';
import type { State } from '../../recorded/state.ts';
import { causes, type Condition } from '../../recorded/taking-part.ts';
import type { Assembly } from './assembly.ts';
import type { Workshop } from './workshop.ts';

export const movedName = (path: string): string => `moved ${path}`;

/** Names the statistics of the model that work moves, as results; they are put back. */
export function watchMoved(recorder: Recorder, state: State, work: () => void): string[] {
  return changed(state, work, ({ path, variable }) => recorder.result(movedName(path), variable));
}

/**
 * Runs work that may move statistics of the model, tells which, and puts them back.
 *
 * @param see called with each while it has its new value
 */
function changed(
  { weights }: State,
  work: () => void,
  see: (target: ModelVariable) => void = () => undefined,
): string[] {
  const before = weights.map(({ target }) => tf.keep(tf.clone(target.variable as tf.Tensor)));
  try {
    work();
    return weights.flatMap(({ target }, place) => {
      if (target.variable.dataId === before[place]?.dataId) return [];
      see(target);
      return [target.path];
    });
  } finally {
    weights.forEach(({ target }, place) => {
      const old = before[place];
      if (old && target.variable.dataId !== old.dataId) target.variable.assign(old);
      old?.dispose();
    });
  }
}

/** For which tasks each statistic moves; nothing to say where the program is made for these very tasks. */
export function movers(
  { context, state }: Pick<Workshop, 'context' | 'state'>,
  sample: Sample,
): ReadonlyMap<string, Condition> {
  const { batch, present, step, part } = sample;
  const statistics = state.weights.some(({ target }) => !target.trainable);
  if (tasksLeftOut(sample) === null || !statistics) return new Map();
  context.model.setStep(step, { part });
  return causes(context.model, batch, present, (run) => changed(state, run));
}

export function assignMoved(
  assembly: Assembly,
  { weights }: State<Variable>,
  moved: readonly string[],
  by: ReadonlyMap<string, Condition>,
): void {
  for (const { target, variable } of weights) {
    if (!moved.includes(target.path)) continue;
    assembly.assign(variable, assembly.result(movedName(target.path)), by.get(target.path));
  }
}

/** The tasks that each penalizing layer belongs to. */
export function penalizers({ context }: Pick<Workshop, 'context'>, sample: Sample): ReadonlyMap<string, Condition> {
  const { model } = context;
  if (tasksLeftOut(sample) === null || model.penalizedTasks.length === 0) return new Map();
  const { batch, step, part } = sample;
  model.setStep(step, { part, updateStatistics: false });
  return causes(model, batch, penalizedIn(model, batch), (run) => {
    const penalties = model.collectPenalties(run);
    tf.dispose(penalties.map(({ value }) => value));
    return penalties.map(({ layer }) => layer);
  });
}
