/** The program of a step with one backward pass, for one shape of batch. */
import { dataTypes } from '../../../../engine/native/capture/graph-words.ts';
import { tf } from '../../../../engine/tfjs.ts';
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
