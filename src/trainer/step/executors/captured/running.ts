/** How a run's programs are executed: what they are fed, and under which key they are kept. */
import { CaptureError } from '../../../../engine/capture-error.ts';
import type { Feed } from '../../../../engine/native/capture/session.ts';
import type { GradientRequest } from '../../contract.ts';
import { batchTensors, shapeKey, type Sample } from '../../recorded/inputs.ts';
import { labeledName, type NamedProgram } from './assembly.ts';
import type { Shelf } from './shelf.ts';
import { requestKey } from './statistics.ts';
import type { Workshop } from './workshop.ts';

/** @param numbers what is fed beside the batch, by name */
export function runProgram(
  { model, tracer }: Pick<Workshop, 'model' | 'tracer'>,
  program: NamedProgram,
  sample: Sample,
  updateStatistics: boolean,
  numbers?: ReadonlyMap<string, Feed>,
): ReadonlyMap<string, Float32Array> {
  const { batch, present, labeled, step, part } = sample;
  // What the layers draw depends on it.
  model.setStep(step, { part, updateStatistics });
  const tensors = batchTensors(batch, present);
  return program.run((name) => {
    const tensor = tensors.get(name);
    if (name === labeledName) return Uint8Array.from(present, (index) => Number(labeled.includes(index)));
    const feed = tensor ? tracer.idOf(tensor) : numbers?.get(name);
    if (feed === undefined) throw new CaptureError(`nobody gives ${name}`, `没有提供 ${name}`);
    return feed;
  });
}

/** Batches with the same key fit the same forward pass. */
export function passKey({ model }: Pick<Workshop, 'model'>, { batch, present, step }: Sample): string {
  return `${shapeKey(batch, present)} ${model.phase(step)}`;
}

/** And the same update: one for all tasks, or for whichever have labels. */
export function updateKey(shop: Pick<Workshop, 'model'>, sample: Sample): string {
  return `${passKey(shop, sample)}${sample.partial ? ' of some tasks' : ''}`;
}

/** And the same task gradients. */
export function gradientKey(
  shop: Pick<Workshop, 'model'>,
  sample: Sample,
  request: GradientRequest,
  shelf: Shelf,
): string {
  return `${updateKey(shop, sample)} ${requestKey(request)} ${String(shelf.number)}`;
}
