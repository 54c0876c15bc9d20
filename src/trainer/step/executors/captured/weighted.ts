/** The program of a step with one backward pass, for one shape of batch. */
import { dataTypes } from '../../../../engine/native/capture/types.ts';
import { tf } from '../../../../engine/tfjs.ts';
<<<<<<< HEAD
import { weightedGradients } from '../../passes/passes.ts';
import { batchTensors, tasksLeftOut, type Sample } from '../../recorded/inputs.ts';
import { takingPart, type TakingPart } from '../../recorded/taking-part.ts';
import { Assembly, type NamedProgram } from './assembly.ts';
import { GraphRecording } from './graph-recording.ts';
import { shapesOf } from './feeds.ts';
import { assignMoved, movedName, movers, penalizers, watchMoved } from './moved.ts';
import { factorsOf, passResults, recordPass } from './pass-results.ts';
import { assembleUpdate, recordUpdate, updateResults, updateShapes, type RecordedUpdate } from './update.ts';
import { leavingOut, nameInputs, stateVariables, stepOf, type Workshop } from './workshop.ts';
=======
import type { Model, ModelVariable } from '../../../model/build.ts';
import { penalizedIn } from '../../passes/batch-penalties.ts';
import { forwardPass, weightedGradients, type Factor, type Passed } from '../../passes/passes.ts';
import type { Batch, LossSum, Part, StepContext } from '../../contract.ts';
import { Assembly, type AssemblyOptions, type NamedProgram } from './assembly.ts';
import { batchTensors, shapesOf, slotName, tasksLeftOut, weightName, type Sample } from './inputs.ts';
import type { Programs } from './programs.ts';
import { Recording, type Recorder } from './recording.ts';
import type { State } from './state.ts';
import { causes, takingPart, under, type TakingPart } from './taking-part.ts';
import {
  assembleUpdate,
  movedName,
  recordUpdate,
  updateResults,
  updateShapes,
  type RecordedUpdate,
  type UpdateContext,
} from './update.ts';

export interface Workshop extends UpdateContext {
  readonly backend: NodeJSKernelBackend;
  readonly context: StepContext;
  readonly programs: Programs;
  readonly state: State;
}

/** The step of a round: the second is another step, so that what depends on it shows, of the same operations. */
export function stepOf({ phase }: Pick<Model, 'phase'>, step: number, round: number): number {
  const others = [step + 1, step - 1].filter((other) => other >= 0 && phase(other) === phase(step));
  return round === 0 ? step : (others[0] ?? step);
}

/** What an assembly needs to know of them. */
export function leavingOut(sample: Sample, gates: TakingPart['gates']): Pick<AssemblyOptions, 'tasks'> {
  const count = tasksLeftOut(sample);
  return count === null ? {} : { tasks: { count, gates } };
}

/** Results of a forward pass, in the order in which they are packed. */
export function passResults(present: readonly number[]): string[] {
  return present.flatMap((index) => ['sum', 'divisor', 'answer'].map((what) => `${what} ${String(index)}`));
}

/** Names sums, weights and answers of a pass; while they are alive. */
export function recordPass({ tasks }: Pick<StepContext, 'tasks'>, recorder: Recorder, passed: Passed): void {
  passed.present.forEach((index, place) => {
    recorder.result(`sum ${String(index)}`, passed.sums[place] as tf.Scalar);
    recorder.result(`divisor ${String(index)}`, passed.weights[place] as tf.Scalar);
    const answer = tasks[index]?.answers(passed.raw[place] as tf.Tensor) as tf.Tensor;
    recorder.result(`answer ${String(index)}`, answer);
  });
}

/** A pass as the host sees it. */
export function readPass(tasks: number, present: readonly number[], results: ReadonlyMap<string, Float32Array>): Part {
  const losses = new Array<LossSum | null>(tasks).fill(null);
  const answers = new Array<ArrayLike<number> | null>(tasks).fill(null);
  for (const index of present) {
    const number = (what: string): number => results.get(`${what} ${String(index)}`)?.[0] ?? NaN;
    losses[index] = { sum: number('sum'), weight: number('divisor') };
    answers[index] = results.get(`answer ${String(index)}`) ?? null;
  }
  return { losses, answers };
}

/** Names every weight and slot as an input. */
export function nameState(recorder: Recorder, state: State): void {
  for (const { target } of state.weights) recorder.input(weightName(target.path), target.variable);
  for (const { target, slots } of state.trained) {
    slots.forEach(({ tensor }, place) => recorder.input(slotName(place, target.path), tensor));
  }
}

export function stateVariables(state: State): Map<string, Variable> {
  const variables = new Map(state.weights.map(({ target, variable }) => [weightName(target.path), variable] as const));
  for (const { target, slots } of state.trained) {
    slots.forEach(({ variable }, place) => variables.set(slotName(place, target.path), variable));
  }
  return variables;
}

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
  { weights }: State,
  moved: readonly string[],
  by: ReadonlyMap<string, Condition>,
): void {
  for (const { target, variable } of weights) {
    if (!moved.includes(target.path)) continue;
    assembly.assign(variable, assembly.result(movedName(target.path)), by.get(target.path));
  }
}

/** A forward pass in training mode; statistics stay. */
export function forwardProgram(shop: Workshop, { batch, present, step, part }: Sample): NamedProgram {
  const { backend, context, state, programs } = shop;
  const tensors = batchTensors(batch, present);
  const recording = new Recording(backend, (recorder) => {
    nameInputs(recorder, state, tensors);
    context.model.setStep(stepOf(context.model, step, recorder.round), { part, updateStatistics: false });
    context.model.drawWith(recorder.draw, () => recordPass(context, recorder, forwardPass(context, batch, present)));
  });
  const packed = passResults(present);
  const options = { programs, recording, variables: stateVariables(state), fed: shapesOf(tensors) };
  return new Assembly(options, packed).finish(packed);
}

export function nameInputs(recorder: Recorder, state: State, tensors: ReadonlyMap<string, tf.Tensor>): void {
  nameState(recorder, state);
  for (const [name, tensor] of tensors) recorder.input(name, tensor);
}
>>>>>>> d33f4b7 (Labels are stores with a shape, outputs tensors of any rank; a task says what is read of them)

/** A step with one backward pass. */
export interface WeightedProgram {
  readonly program: NamedProgram;
  readonly update: RecordedUpdate;
}

export function weightedProgram(shop: Workshop, sample: Sample): WeightedProgram {
  const { tracer, context, state, programs } = shop;
  const { batch, present, step } = sample;
  const tensors = batchTensors(batch, present);
  let update: RecordedUpdate | undefined;
  let moved: string[] = [];
  let gates: TakingPart['gates'] = new Map();
  const by = movers(shop, sample);
  const penalizing = penalizers(shop, sample);
  const recording = new GraphRecording(tracer, (recorder) => {
    nameInputs(recorder, state, tensors);
    const weights = tf.tensor1d(new Float32Array(present.length).fill(0.5 + recorder.round));
    recorder.input('weights', weights);
    const part = takingPart(recorder, tasksLeftOut(sample));
    ({ gates } = part);
    const place = { step: stepOf(context.model, step, recorder.round), part: sample.part };
    context.model.drawWith(recorder.draw, () => {
      context.model.setStep(place.step, { part: sample.part });
      moved = watchMoved(recorder, state, () => {
        const factors = tf.unstack(weights) as tf.Scalar[];
        const gradients = weightedGradients(context, batch, present, (passed) => {
          recordPass(context, recorder, passed);
          return factorsOf(context, batch, passed, factors, part);
        });
        update = recordUpdate(shop, recorder, { batch, gradients, place, part, penalizing });
      });
    });
  });
  if (!update) throw new Error('The step was not recorded.');
  const packed = [...passResults(present), ...update.penalties, ...(update.clips ? ['clip'] : [])];
  const fed = new Map([...shapesOf(tensors), ...updateShapes(update)]);
  fed.set('weights', { type: dataTypes.float, shape: [present.length] });
  const wanted = [...packed, ...updateResults(shop, update), ...moved.map(movedName)];
  const options = { programs, recording, variables: stateVariables(state), fed, ...leavingOut(sample, gates) };
  const assembly = new Assembly(options, wanted);
  assembleUpdate(shop, assembly, update);
  assignMoved(assembly, state, moved, by);
  return { program: assembly.finish(packed), update };
}
