/**
 * The end of every step as part of a recording: from data gradients to new weights. The same functions as in
 * `step/passes/update.ts`, with the clipping factor as a tensor and the optimizer's numbers fed.
 */
import type { Variable } from '../../../../engine/native/capture/variables.ts';
import { typeOf } from '../../../../engine/native/capture/graph.ts';
import { CaptureError } from '../../../../engine/capture-error.ts';
import { dataTypes, type Output } from '../../../../engine/native/capture/graph-words.ts';
import { tf } from '../../../../engine/tfjs.ts';
import { addTieGradients, tieValue } from '../../../model/sharing/ties.ts';
import type { Model } from '../../../model/build.ts';
import type { BatchPenalty } from '../../../model/context.ts';
import {
  addPenaltyGradients,
  clipFactor,
  penalty,
  regularizedVariables,
  type Regularized,
} from '../../../optimizers/gradients.ts';
import { at } from '../../../../numbers/linear.ts';
import { element } from '../../by-task.ts';
import { addBatchPenalty, penalizedIn } from '../../passes/batch-penalties.ts';
import type { Batch, StepContext, Updated } from '../../contract.ts';
import type { UpdateOptions } from '../../passes/update.ts';
import type { Assembly, FeedShape } from './assembly.ts';
import { coefficientsOf, type Coefficients } from '../../recorded/coefficients.ts';
import { numbersOf } from './pass-results.ts';
import { fusedUpdate } from './optimizers.ts';
import type { Recorder } from '../../recorded/recording.ts';
import type { State, Trained } from '../../recorded/state.ts';
import { tasksOf, under, type Condition, type TakingPart } from '../../recorded/taking-part.ts';

export interface UpdateContext {
  readonly context: Pick<StepContext, 'tasks'>;
  readonly model: Model;
  readonly options: UpdateOptions;
  readonly state: State<Variable>;
}

/** What a recorded update leaves for the assembly: which variables it updates, with which numbers. */
export interface RecordedUpdate {
  readonly updated: readonly Trained<Variable>[];
  readonly coefficients: Coefficients;
  /** Names of scalars whose sum is the penalty. */
  readonly penalties: readonly string[];
  readonly clips: boolean;
  /** Variables whose gradient is an optimizer's step already: only the learning rate multiplies it. */
  readonly stepped: readonly Trained<Variable>[];
}

function gradientOf(gradients: ReadonlyMap<string, tf.Tensor>, path: string): tf.Tensor {
  const gradient = gradients.get(path);
  if (!gradient) throw new Error(`There is no gradient of "${path}".`);
  return gradient;
}

/** Different factors on the learning rate, in the order of the fed vector. */
function factorsOf(stepped: readonly Trained<Variable>[]): number[] {
  return [...new Set(stepped.map(({ target }) => target.learningRate))];
}

const gradientName = (path: string): string => `gradient ${path}`;
const valueName = (path: string): string => `new ${path}`;
const slotResult = (slot: number, path: string): string => `new slot ${String(slot)} ${path}`;
const coefficientName = (place: number): string => `coefficient ${String(place)}`;

/** What an update starts from. */
export interface Updating {
  readonly batch: Batch;
  /** By path; taken over. */
  readonly gradients: Map<string, tf.Tensor>;
  readonly place: { readonly step: number; readonly part: number };
  /** Which tasks the run leaves out. */
  readonly part: TakingPart;
  /** By the layer's name: tasks whose forward passes it penalizes. */
  readonly penalizing: ReadonlyMap<string, Condition>;
  /** Paths whose gradient is an optimizer's step already. */
  readonly steps?: ReadonlySet<string>;
}

/** Called inside a recording. */
export function recordUpdate(
  { model, options, state }: UpdateContext,
  recorder: Recorder,
  { batch, gradients, place, part, penalizing, steps = new Set() }: Updating,
): RecordedUpdate {
  const regularized: readonly Regularized[] = regularizedVariables(model.variables, options);
  const penalties = recordPenalties(model, regularized, recorder);
  const penalized = gradients.size === 0 ? [] : penalizedIn(model, batch);
  if (penalized.length > 0) {
    model.setStep(place.step, { part: place.part, updateStatistics: false });
    const valueOf = ({ layer, value }: BatchPenalty): tf.Scalar =>
      under(value, part.factor(penalizing.get(layer) ?? penalized));
    recorder.result('penalty batch', addBatchPenalty(model, batch, penalized, gradients, valueOf));
    penalties.push('penalty batch');
  }
  addPenaltyGradients(gradients, regularized);
  addTieGradients(gradients, model.ties);
  const limit = gradients.size > 0 ? options.clipNorm : undefined;
  const clips = limit !== undefined;
  if (limit !== undefined) {
    const factor = clipFactor(gradients.values(), limit);
    recorder.result('clip', factor);
    for (const [path, gradient] of gradients) gradients.set(path, tf.mul(gradient, factor));
  }
  const reached = state.trained.filter(({ target }) => gradients.has(target.path));
  const stepped = reached.filter(({ target }) => steps.has(target.path));
  const updated = reached.filter(({ target }) => !steps.has(target.path));
  recordSteps(recorder, stepped, gradients);
  const coefficients = recordRules({ options }, recorder, updated, gradients);
  return { updated, stepped, coefficients, penalties, clips };
}

/** θ ← θ − η d. */
function recordSteps(
  recorder: Recorder,
  stepped: readonly Trained<Variable>[],
  steps: ReadonlyMap<string, tf.Tensor>,
): void {
  if (stepped.length === 0) return;
  const factors = factorsOf(stepped);
  const fed = tf.tensor1d(new Float32Array(factors.length).fill(0.01 * (recorder.round + 1)));
  recorder.input('rates', fed);
  const rates = tf.unstack(fed);
  for (const { target } of stepped) {
    const rate = element(rates, factors.indexOf(target.learningRate));
    const change = tf.mul(gradientOf(steps, target.path), rate);
    recorder.result(valueName(target.path), tf.sub(target.variable, change));
  }
}

/**
 * The numbers of an update's run, by the names under which they are fed.
 *
 * @param tasks names of those that take part
 */
export function updateNumbers(
  { coefficients, stepped }: RecordedUpdate,
  learningRate: number,
  tasks: readonly string[],
): Map<string, Float32Array> {
  return new Map([
    ['coefficients', coefficients.next(learningRate, tasks)],
    ['rates', Float32Array.from(factorsOf(stepped), (factor) => learningRate * factor)],
  ]);
}

/** What those numbers look like. */
export function updateShapes({ coefficients, stepped }: RecordedUpdate): Map<string, FeedShape> {
  return new Map([
    ['coefficients', { type: dataTypes.float, shape: [coefficients.size] }],
    ['rates', { type: dataTypes.float, shape: [factorsOf(stepped).length] }],
  ]);
}

/** Value of all penalties and the clipping factor of a run. */
export function readUpdate({ penalties, clips }: RecordedUpdate, results: ReadonlyMap<string, Float32Array>): Updated {
  return {
    penalty: penalties.reduce((sum, name) => sum + at(numbersOf(results, name), 0), 0),
    clip: clips ? at(numbersOf(results, 'clip'), 0) : 1,
  };
}

/** l1 and l2, and soft sharing, over the whole model. */
function recordPenalties(model: Model, regularized: readonly Regularized[], recorder: Recorder): string[] {
  const penalties: string[] = [];
  if (regularized.length > 0) {
    recorder.result('penalty weights', penalty(regularized));
    penalties.push('penalty weights');
  }
  if (model.ties.length > 0) {
    recorder.result('penalty ties', tieValue(model.ties));
    penalties.push('penalty ties');
  }
  return penalties;
}

function recordRules(
  { options }: Pick<UpdateContext, 'options'>,
  recorder: Recorder,
  updated: readonly Trained<Variable>[],
  gradients: ReadonlyMap<string, tf.Tensor>,
): Coefficients {
  const { rule } = options.optimizer;
  const coefficients = coefficientsOf(rule, updated);
  if (updated.length === 0) return coefficients;
  // Other numbers in either round: none of them may be taken for a constant.
  const numbers = tf.tensor1d(new Float32Array(coefficients.size).fill(0.01 * (recorder.round + 1)));
  recorder.input('coefficients', numbers);
  const scalars = tf.unstack(numbers) as tf.Scalar[];
  scalars.forEach((scalar, place) => recorder.result(coefficientName(place), scalar));
  for (const { target, slots } of updated) {
    const { path, variable } = target;
    const gradient = gradientOf(gradients, path);
    recorder.result(gradientName(path), gradient);
    if (fusedUpdate(rule)) continue;
    const numbersOfPath = coefficients.placesOf(path).map((place) => element(scalars, place));
    const old = slots.map(({ tensor }) => tensor);
    const { value, slots: fresh } = rule.update(variable, gradient, old, numbersOfPath);
    recorder.result(valueName(path), value);
    fresh.forEach((slot, place) => recorder.result(slotResult(place, path), slot));
  }
  return coefficients;
}

/** Results that the assembly of an update needs. */
export function updateResults({ options }: Pick<UpdateContext, 'options'>, recorded: RecordedUpdate): string[] {
  const { rule } = options.optimizer;
  const { updated, stepped, coefficients, penalties, clips } = recorded;
  const values = stepped.map(({ target }) => valueName(target.path));
  const names = updated.flatMap(({ target: { path }, slots }) =>
    fusedUpdate(rule) ? [gradientName(path)] : [valueName(path), ...slots.map((_, place) => slotResult(place, path))],
  );
  const numbers = Array.from({ length: updated.length === 0 ? 0 : coefficients.size }, (_, place) =>
    coefficientName(place),
  );
  return [...values, ...names, ...numbers, ...penalties, ...(clips ? ['clip'] : [])];
}

/** Writes weights and slots once everything recorded has read the old ones. */
export function assembleUpdate(
  { context, options }: Pick<UpdateContext, 'context' | 'options'>,
  assembly: Assembly,
  { updated, stepped, coefficients }: RecordedUpdate,
): void {
  for (const { target, variable } of stepped)
    assembly.assign(variable, assembly.result(valueName(target.path)), tasksOf(context, target));
  const { rule } = options.optimizer;
  const fused = fusedUpdate(rule);
  for (const { target, variable, slots } of updated) {
    const { path } = target;
    const numbersOfPath = coefficients.placesOf(path).map((place) => assembly.result(coefficientName(place)));
    const tasks = tasksOf(context, target);
    if (!fused) {
      assembly.assign(variable, assembly.result(valueName(path)), tasks);
      slots.forEach((slot, place) => assembly.assign(slot.variable, assembly.result(slotResult(place, path)), tasks));
      continue;
    }
    const gradient: Output = assembly.result(gradientName(path));
    const condition = assembly.written(gradient, tasks);
    if (typeOf(gradient) !== variable.type)
      throw new CaptureError(`the gradient of ${path} is of another type`, `${path} 的梯度类型不符`);
    const value = assembly.read(variable);
    const node = fused({
      graph: assembly.graph,
      constants: rule.constants,
      handle: variable.handle,
      slots: slots.map((slot) => slot.variable.handle),
      ...{ gradient, coefficients: numbersOfPath, value },
      after: assembly.beforeWriting([variable, ...slots.map((slot) => slot.variable)], condition),
    });
    assembly.write(node, condition);
  }
}
