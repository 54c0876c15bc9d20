/** The program of a forward pass in training mode, for one shape of batch. */
import { forwardPass } from '../../passes/passes.ts';
import { batchTensors, type Sample } from '../../recorded/inputs.ts';
import { Assembly, type NamedProgram } from './assembly.ts';
import { GraphRecording } from './graph-recording.ts';
import { shapesOf } from './feeds.ts';
import { passResults, recordPass } from './pass-results.ts';
import { nameInputs, stateVariables, stepOf, type Workshop } from './workshop.ts';

/** A forward pass in training mode; statistics stay. */
export function forwardProgram(shop: Workshop, { batch, present, step, part }: Sample): NamedProgram {
  const { tracer, context, state, programs } = shop;
  const tensors = batchTensors(batch, present);
  const recording = new GraphRecording(tracer, (recorder) => {
    nameInputs(recorder, state, tensors);
    context.model.setStep(stepOf(context.model, step, recorder.round), { part, updateStatistics: false });
    context.model.drawWith(recorder.draw, () => recordPass(context, recorder, forwardPass(context, batch, present)));
  });
  const packed = passResults(present);
  const options = { programs, recording, variables: stateVariables(state), fed: shapesOf(tensors) };
  return new Assembly(options, packed).finish(packed);
}
