/**
 * The first program of a step with a gradient for each task: it leaves the gradients in the session and gives losses and
 * Gram matrices. The second is in combined.ts.
 */
import { tf } from '../../../../engine/tfjs.ts';
import { taskGradients } from '../../passes/passes.ts';
import type { GradientRequest } from '../../contract.ts';
import { batchTensors, headName, rowName, tasksLeftOut, type Sample } from '../../recorded/inputs.ts';
import { takingPart, type TakingPart } from '../../recorded/taking-part.ts';
import { Assembly, type NamedProgram } from './assembly.ts';
import { GraphRecording } from './graph-recording.ts';
import { shapesOf } from './feeds.ts';
import { defineGrams, defineNorms } from './gram.ts';
import { assignMoved, movedName, movers, watchMoved } from './moved.ts';
import { factorsOf, passResults, recordPass } from './pass-results.ts';
import type { Shelf } from './shelf.ts';
import { leavingOut, nameInputs, stateVariables, stepOf, type Workshop } from './workshop.ts';

/** The gradient of one task by a variable that is not shared. */
export interface HeadGradient {
  readonly task: number;
  readonly path: string;
  readonly shape: readonly number[];
}

export interface GradientProgram {
  readonly program: NamedProgram;
  readonly heads: readonly HeadGradient[];
}

/** Forward pass and a backward pass for each task. */
export function gradientProgram(
  shop: Workshop,
  sample: Sample,
  request: GradientRequest,
  shelf: Shelf,
): GradientProgram {
  const { tracer, context, state, programs } = shop;
  const { batch, present, step, part } = sample;
  const { layout, segments, statistic, updateStatistics } = request;
  const tensors = batchTensors(batch, present);
  let heads: HeadGradient[] = [];
  let moved: string[] = [];
  let gates: TakingPart['gates'] = new Map();
  const by = movers(shop, sample);
  const recording = new GraphRecording(tracer, (recorder) => {
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
        heads = found.flatMap(({ index, row, headGradient }) => {
          recorder.result(rowName(index), row);
          return [...headGradient].map(([path, tensor]) => {
            recorder.result(headName(index, path), tensor);
            return { task: index, path, shape: tensor.shape };
          });
        });
        tf.dispose(found.flatMap(({ row, headGradient }) => [row, ...headGradient.values()]));
      });
    });
  });
  const names = [...present.map(rowName), ...heads.map(({ task, path }) => headName(task, path))];
  const wanted = [...passResults(present), ...names, ...moved.map(movedName)];
  const fed = shapesOf(tensors);
  const options = { programs, recording, variables: stateVariables(state), fed, ...leavingOut(sample, gates) };
  const assembly = new Assembly(options, wanted);
  for (const index of present)
    assembly.assign(shelf.variable(rowName(index), [layout.size]), assembly.always(rowName(index)));
  for (const { task, path, shape } of heads)
    assembly.assign(shelf.variable(headName(task, path), shape), assembly.result(headName(task, path)));
  assignMoved(assembly, state, moved, by);
  const measured =
    statistic === 'norms' ? defineNorms(assembly, present, segments) : defineGrams(assembly, present, segments);
  const rows = statistic === 'rows' ? present.map(rowName) : [];
  return { program: assembly.finish([...passResults(present), ...measured, ...rows]), heads };
}
