/**
 * The two programs of a step with a gradient for each task. The first leaves the gradients in the session and gives
 * losses and Gram matrices; the second is told how to combine them.
 */
import type { Graph } from '../../../../engine/native/capture/graph.ts';
import { dataTypes, type Output } from '../../../../engine/native/capture/types.ts';
import type { Variable } from '../../../../engine/native/capture/variables.ts';
import { tf } from '../../../../engine/tfjs.ts';
import { reachedBy, taskGradients, unflatten } from '../../passes/passes.ts';
import type { Combination, GradientRequest, Segment } from '../../contract.ts';
import { Assembly, type FeedShape, type NamedProgram } from './assembly.ts';
import { batchTensors, ownName, rowName, shapesOf, tasksLeftOut, type Sample } from './inputs.ts';
import type { Programs } from './programs.ts';
import { Recording } from './recording.ts';
import { takingPart, tasksOf, under, type TakingPart } from './taking-part.ts';
import { assembleUpdate, movedName, recordUpdate, updateResults, updateShapes, type RecordedUpdate } from './update.ts';
import {
  assignMoved,
  factorsOf,
  leavingOut,
  movers,
  nameInputs,
  nameState,
  passResults,
  penalizers,
  recordPass,
  stateVariables,
  stepOf,
  watchMoved,
  type Workshop,
} from './weighted.ts';

const double = 2;

/** Where one step's gradients are kept until they are combined: a variable for each row and each head's gradient. */
export class Shelf {
  readonly number: number;
  readonly #programs: Programs;
  readonly #variables = new Map<string, Variable>();
  used = false;

  constructor(programs: Programs, number: number) {
    this.#programs = programs;
    this.number = number;
  }

  variable(name: string, shape: readonly number[]): Variable {
    const key = `${name} ${shape.join('x')}`;
    const variable = this.#variables.get(key) ?? this.#programs.variable(shape);
    this.#variables.set(key, variable);
    return variable;
  }
}

/** A gradient of one task in a variable of its own. */
export interface OwnGradient {
  readonly task: number;
  readonly path: string;
  readonly shape: readonly number[];
}

export interface GradientProgram {
  readonly program: NamedProgram;
  readonly own: readonly OwnGradient[];
}

export const gramNames = (segment: number): readonly [string, string] => [
  `gram ${String(segment)}`,
  `rest of gram ${String(segment)}`,
];

/** Forward pass and a backward pass for each task. */
export function gradientProgram(
  shop: Workshop,
  sample: Sample,
  request: GradientRequest,
  shelf: Shelf,
): GradientProgram {
  const { backend, context, state, programs } = shop;
  const { batch, present, step, part } = sample;
  const { layout, segments, statistic, updateStatistics } = request;
  const tensors = batchTensors(batch, present);
  let own: OwnGradient[] = [];
  let moved: string[] = [];
  let gates: TakingPart['gates'] = new Map();
  const by = movers(shop, sample);
  const recording = new Recording(backend, (recorder) => {
    nameInputs(recorder, state, tensors);
    const taking = takingPart(recorder, tasksLeftOut(sample));
    ({ gates } = taking);
    context.model.setStep(stepOf(context.model, step, recorder.round), { part, updateStatistics });
    context.model.drawWith(recorder.draw, () => {
      moved = watchMoved(recorder, state, () => {
        const found = taskGradients(context, batch, present, layout, (passed) => {
          recordPass(context, recorder, passed);
          const ones = present.map(() => tf.scalar(1));
          return factorsOf(context, batch, passed, ones, taking);
        });
        own = found.flatMap((task, place) => {
          const index = present[place] ?? -1;
          recorder.result(rowName(index), task.row);
          return [...task.own].map(([path, tensor]) => {
            recorder.result(ownName(index, path), tensor);
            return { task: index, path, shape: tensor.shape };
          });
        });
        tf.dispose(found.flatMap((task) => [task.row, ...task.own.values()]));
      });
    });
  });
  const names = [...present.map(rowName), ...own.map(({ task, path }) => ownName(task, path))];
  const wanted = [...passResults(present), ...names, ...moved.map(movedName)];
  const fed = shapesOf(tensors);
  const options = { programs, recording, variables: stateVariables(state), fed, ...leavingOut(sample, gates) };
  const assembly = new Assembly(options, wanted);
  for (const index of present)
    assembly.assign(shelf.variable(rowName(index), [layout.size]), assembly.always(rowName(index)));
  for (const { task, path, shape } of own)
    assembly.assign(shelf.variable(ownName(task, path), shape), assembly.result(ownName(task, path)));
  assignMoved(assembly, state, moved, by);
  const measured =
    statistic === 'norms' ? defineNorms(assembly, present, segments) : defineGrams(assembly, present, segments);
  const rows = statistic === 'rows' ? present.map(rowName) : [];
  return { program: assembly.finish([...passResults(present), ...measured, ...rows]), own };
}

/** Rows [T, size] of a segment in double precision. */
function rowsOf(assembly: Assembly, present: readonly number[], { offset, size }: Segment, whole: boolean): Output {
  const { graph } = assembly;
  const rows = graph.output(
    'Pack',
    present.map((index) => assembly.always(rowName(index))),
  );
  const piece = whole
    ? rows
    : graph.output('Slice', [rows, graph.integers([0, offset]), graph.integers([present.length, size])]);
  return graph.output('Cast', [piece], { attributes: { DstT: { kind: 'type', value: double } } });
}

/** G = J Jᵀ for each segment. The host gets each number as two: its float, and what that leaves of the double. */
function defineGrams(assembly: Assembly, present: readonly number[], segments: readonly Segment[]): string[] {
  return segments.flatMap((segment, place) => {
    const { graph } = assembly;
    const rows = rowsOf(assembly, present, segment, segments.length === 1);
    const gram = graph.output('MatMul', [rows, rows], { attributes: { transpose_b: { kind: 'bool', value: true } } });
    return defineDouble(assembly, gramNames(place), gram, [present.length, present.length]);
  });
}

/** ‖row‖² for each segment, under the same names. */
function defineNorms(assembly: Assembly, present: readonly number[], segments: readonly Segment[]): string[] {
  return segments.flatMap((segment, place) => {
    const { graph } = assembly;
    const rows = rowsOf(assembly, present, segment, segments.length === 1);
    const squares = graph.output('Sum', [graph.output('Mul', [rows, rows]), graph.integers([1])]);
    return defineDouble(assembly, gramNames(place), squares, [present.length]);
  });
}

function defineDouble(
  assembly: Assembly,
  [first, second]: readonly [string, string],
  value: Output,
  shape: readonly number[],
): string[] {
  const { graph } = assembly;
  const float = cast(graph, value, dataTypes.float);
  const rest = graph.output('Sub', [value, cast(graph, float, double)]);
  assembly.define(first, float, shape);
  assembly.define(second, cast(graph, rest, dataTypes.float), shape);
  return [first, second];
}

function cast(graph: Graph, value: Output, type: number): Output {
  return graph.output('Cast', [value], { attributes: { DstT: { kind: 'type', value: type } } });
}

export interface CombinedProgram {
  readonly program: NamedProgram;
  readonly update: RecordedUpdate;
}

/** What the second program needs to know of the first. */
export interface Kept {
  readonly sample: Sample;
  readonly request: GradientRequest;
  readonly shelf: Shelf;
  readonly own: readonly OwnGradient[];
}

/** Combination, penalties, clipping, optimizer. */
export function combinedProgram(shop: Workshop, kept: Kept, kind: Combination['shared']['kind']): CombinedProgram {
  const { backend, context, state, programs } = shop;
  const { sample, request, shelf, own } = kept;
  const { batch, present, step, part } = sample;
  const { layout, segments } = request;
  const tensors = batchTensors(batch, present);
  const reached = new Map(reachedBy(context, present).map((variable) => [variable.path, variable]));
  const steps = new Set(kind === 'step' ? layout.variables.map(({ path }) => path) : []);
  const penalizing = penalizers(shop, sample);
  let update: RecordedUpdate | undefined;
  let gates: TakingPart['gates'] = new Map();
  const recording = new Recording(backend, (recorder) => {
    nameState(recorder, state);
    for (const [name, tensor] of tensors) recorder.input(name, tensor);
    const example = (name: string, shape: readonly number[]): tf.Tensor => {
      const size = shape.reduce((product, length) => product * length, 1);
      const tensor = tf.tensor(new Float32Array(size).fill(0.1 * (recorder.round + 1)), [...shape]);
      recorder.input(name, tensor);
      return tensor;
    };
    const taking = takingPart(recorder, tasksLeftOut(sample));
    ({ gates } = taking);
    const heads = tf
      .unstack(example('heads', [present.length]))
      .map((head, place) => under(head, taking.factor([place])));
    const row =
      kind === 'weights'
        ? combineRows(
            present.map((index) => example(rowName(index), [layout.size])),
            tf.unstack(example('weights', [segments.length * present.length])),
            segments,
          )
        : example('direction', [layout.size]);
    const gradients = new Map(
      [...unflatten(row as tf.Tensor1D, layout)].flatMap(([path, gradient]) => {
        const target = reached.get(path);
        // Shared parameters that no present task reaches stay as they are.
        return target ? [[path, under(gradient, taking.factor(tasksOf(context, target)))]] : [];
      }),
    );
    for (const { task, path, shape } of own) {
      const more = tf.mul(example(ownName(task, path), shape), heads[present.indexOf(task)] as tf.Tensor);
      const before = gradients.get(path);
      gradients.set(path, before ? tf.add(before, more) : more);
    }
    context.model.drawWith(recorder.draw, () => {
      const place = { step: stepOf(context.model, step, recorder.round), part };
      update = recordUpdate(shop, recorder, { batch, gradients, place, part: taking, penalizing, steps });
    });
  });
  if (!update) throw new Error('The update was not recorded.');
  const packed = [...update.penalties, ...(update.clips ? ['clip'] : [])];
  const fed = new Map<string, FeedShape>([...shapesOf(tensors), ...updateShapes(update)]);
  fed.set('heads', { type: dataTypes.float, shape: [present.length] });
  fed.set('weights', { type: dataTypes.float, shape: [segments.length * present.length] });
  fed.set('direction', { type: dataTypes.float, shape: [layout.size] });
  const variables = stateVariables(state);
  for (const index of present) variables.set(rowName(index), shelf.variable(rowName(index), [layout.size]));
  for (const { task, path, shape } of own)
    variables.set(ownName(task, path), shelf.variable(ownName(task, path), shape));
  const options = { programs, recording, variables, fed, ...leavingOut(sample, gates) };
  const assembly = new Assembly(options, [...packed, ...updateResults(shop, update)]);
  assembleUpdate(shop, assembly, update);
  return { program: assembly.finish(packed), update };
}

/** Σ wᵢ rowᵢ with weights of its own for each segment; `weights` runs over segments, then tasks. */
function combineRows(
  rows: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  segments: readonly Segment[],
): tf.Tensor1D {
  const pieces = segments.map(({ offset, size }, place) => {
    const terms = rows.map((row, i) => {
      const piece = segments.length === 1 ? row : tf.slice(row, [offset], [size]);
      return tf.mul<tf.Tensor1D>(piece, weights[place * rows.length + i] as tf.Tensor);
    });
    return tf.addN(terms);
  });
  return pieces.length === 1 ? (pieces[0] as tf.Tensor1D) : tf.concat(pieces);
}
