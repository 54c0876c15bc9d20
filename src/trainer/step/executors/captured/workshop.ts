/** What the programs of a run are made with, and the inputs that all of them have. */
import type { Variable } from '../../../../engine/native/capture/variables.ts';
import type { Trace } from '../../../../engine/native/capture/recorder.ts';
import type { tf } from '../../../../engine/tfjs.ts';
import type { Model } from '../../../model/build.ts';
import type { StepContext } from '../../contract.ts';
import { slotName, tasksLeftOut, weightName, type Sample } from '../../recorded/inputs.ts';
import type { Recorder, Tracer } from '../../recorded/recording.ts';
import type { State } from '../../recorded/state.ts';
import type { TakingPart } from '../../recorded/taking-part.ts';
import type { AssemblyOptions } from './assembly.ts';
import type { Programs } from './programs.ts';
import type { UpdateContext } from './update.ts';

export interface Workshop extends UpdateContext {
  readonly tracer: Tracer<Trace>;
  readonly context: StepContext;
  readonly programs: Programs;
  readonly state: State<Variable>;
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

/** Names every weight and slot as an input. */
export function nameState(recorder: Recorder, state: State): void {
  for (const { target } of state.weights) recorder.input(weightName(target.path), target.variable);
  for (const { target, slots } of state.trained) {
    slots.forEach(({ tensor }, place) => recorder.input(slotName(place, target.path), tensor));
  }
}

export function stateVariables(state: State<Variable>): Map<string, Variable> {
  const variables = new Map(state.weights.map(({ target, variable }) => [weightName(target.path), variable] as const));
  for (const { target, slots } of state.trained) {
    slots.forEach(({ variable }, place) => variables.set(slotName(place, target.path), variable));
  }
  return variables;
}

export function nameInputs(recorder: Recorder, state: State, tensors: ReadonlyMap<string, tf.Tensor>): void {
  nameState(recorder, state);
  for (const [name, tensor] of tensors) recorder.input(name, tensor);
}
