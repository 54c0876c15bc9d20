/** The second program of a step with a gradient for each task: it is told how to combine them, and updates. */
import { dataTypes } from '../../../../engine/native/capture/graph-words.ts';
import { tf } from '../../../../engine/tfjs.ts';
import { element } from '../../by-task.ts';
import { reachedBy, unflatten } from '../../passes/passes.ts';
import type { Combination, GradientRequest, Segment } from '../../contract.ts';
import { batchTensors, headName, rowName, tasksLeftOut, type Sample } from '../../recorded/inputs.ts';
import { takingPart, tasksOf, under, type TakingPart } from '../../recorded/taking-part.ts';
import { Assembly, type FeedShape, type NamedProgram } from './assembly.ts';
import { GraphRecording } from './graph-recording.ts';
import { shapesOf } from './feeds.ts';
import type { HeadGradient } from './gradients.ts';
import { penalizers } from './moved.ts';
import type { Shelf } from './shelf.ts';
import { assembleUpdate, recordUpdate, updateResults, updateShapes, type RecordedUpdate } from './update.ts';
import { leavingOut, nameState, stateVariables, stepOf, type Workshop } from './workshop.ts';

export interface CombinedProgram {
  readonly program: NamedProgram;
  readonly update: RecordedUpdate;
}

/** What the second program needs to know of the first. */
export interface Kept {
  readonly sample: Sample;
  readonly request: GradientRequest;
  readonly shelf: Shelf;
  readonly heads: readonly HeadGradient[];
}

/** Combination, penalties, clipping, optimizer. */
export function combinedProgram(shop: Workshop, kept: Kept, kind: Combination['shared']['kind']): CombinedProgram {
  const { tracer, context, state, programs } = shop;
  const { sample, request, shelf } = kept;
  const { batch, present, step, part } = sample;
  const { layout, segments } = request;
  const tensors = batchTensors(batch, present);
  const reached = new Map(reachedBy(context, present).map((variable) => [variable.path, variable]));
  const steps = new Set(kind === 'step' ? layout.variables.map(({ path }) => path) : []);
  const penalizing = penalizers(shop, sample);
  let update: RecordedUpdate | undefined;
  let gates: TakingPart['gates'] = new Map();
  const recording = new GraphRecording(tracer, (recorder) => {
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
    for (const { task, path, shape } of kept.heads) {
      const more = tf.mul(example(headName(task, path), shape), element(heads, present.indexOf(task)));
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
  for (const { task, path, shape } of kept.heads)
    variables.set(headName(task, path), shelf.variable(headName(task, path), shape));
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
      return tf.mul<tf.Tensor1D>(piece, element(weights, place * rows.length + i));
    });
    return tf.addN(terms);
  });
  return pieces.length === 1 ? element(pieces, 0) : tf.concat(pieces);
}
