/** Forward passes of a trained model as graphs: for evaluation while a run's weights are in a session, and alone. */
import { CaptureError } from '../../../../engine/capture-error.ts';
import type { Trace } from '../../../../engine/native/capture/recorder.ts';
import type { Variable } from '../../../../engine/native/capture/variables.ts';
import type { NodeJSKernelBackend } from '../../../../engine/native/tfjs-node.ts';
import { inferencePass, type Infer, type InferredTask } from '../../passes/inference.ts';
import type { Model } from '../../../model/build.ts';
import { presentIn, type Batch, type Part } from '../../contract.ts';
import { Assembly, type NamedProgram } from './assembly.ts';
import { GraphRecording } from './graph-recording.ts';
import { batchTensors, filled, shapeKey } from '../../recorded/inputs.ts';
import type { Tracer } from '../../recorded/recording.ts';
import { State } from '../../recorded/state.ts';
import { Programs } from './programs.ts';
import { shapesOf } from './feeds.ts';
import { numbersOf, readLosses } from './pass-results.ts';
import { tracerOf } from './tracer.ts';
import { nameInputs, stateVariables } from './workshop.ts';

export interface InferenceShop {
  readonly tracer: Tracer<Trace>;
  readonly model: Model;
  readonly tasks: readonly InferredTask[];
  readonly programs: Programs;
  readonly state: State<Variable>;
}

/** Shapes of batches that have a graph. */
const mostShapes = 8;

/**
 * Passes on the session's weights.
 *
 * @returns an `Infer` that throws a CaptureError where a batch cannot have a graph
 */
export function sessionInference(shop: InferenceShop): Infer {
  const { tracer, tasks } = shop;
  const known = new Map<string, NamedProgram>();
  return (given) => {
    const labeled = presentIn(given);
    // One pass serves whichever tasks have labels: no task sees another's.
    const batch = labeled.length === 0 ? given : filled(given);
    const present = presentIn(batch);
    const key = shapeKey(batch, present);
    let program = known.get(key);
    if (!program) {
      if (known.size >= mostShapes) throw new CaptureError('there are too many shapes of batches', '批的形状种类过多');
      program = inferenceProgram(shop, batch, present);
      known.set(key, program);
    }
    const tensors = batchTensors(batch, present);
    const results = program.run((name) => {
      const tensor = tensors.get(name);
      if (!tensor) throw new CaptureError(`nobody gives ${name}`, `没有提供 ${name}`);
      return tracer.idOf(tensor);
    });
    return readInference(tasks.length, labeled, results);
  };
}

/** For a model outside of training; `dispose` when done. */
export function capturedInference(
  backend: NodeJSKernelBackend,
  model: Model,
  tasks: readonly InferredTask[],
): { readonly infer: Infer; dispose(): void } {
  const programs = new Programs(backend.binding);
  const state = new State(model, null, programs);
  state.push();
  const infer = sessionInference({ tracer: tracerOf(backend), model, tasks, programs, state });
  return { infer, dispose: () => programs.dispose() };
}

function inferenceProgram(
  { tracer, model, tasks, programs, state }: InferenceShop,
  batch: Batch,
  present: readonly number[],
): NamedProgram {
  const tensors = batchTensors(batch, present);
  const recording = new GraphRecording(tracer, (recorder) => {
    nameInputs(recorder, state, tensors);
    const { answers, losses } = inferencePass(model, tasks, batch);
    answers.forEach((answer, index) => recorder.result(`answer ${String(index)}`, answer));
    losses.forEach((loss, index) => {
      if (!loss) return;
      recorder.result(`sum ${String(index)}`, loss.sum);
      recorder.result(`divisor ${String(index)}`, loss.weight);
    });
  });
  const packed = [...recording.results.keys()];
  const options = { programs, recording, variables: stateVariables(state), fed: shapesOf(tensors) };
  return new Assembly(options, packed).finish(packed);
}

/** Losses of the tasks with a label, answers of all. */
function readInference(tasks: number, labeled: readonly number[], results: ReadonlyMap<string, Float32Array>): Part {
  const all = Array.from({ length: tasks }, (_, index) => numbersOf(results, `answer ${String(index)}`));
  return { losses: readLosses(tasks, labeled, results), answers: all };
}
