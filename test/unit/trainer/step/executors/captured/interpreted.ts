/** Programs that the tests' own interpreter computes. */
import { Programs } from '../../../../../../src/trainer/step/executors/captured/programs.ts';
import type { TFJSBinding } from '../../../../../../src/engine/native/tfjs-node.ts';
import { interpreter } from '../../../../engine/native/capture/interpreter.ts';

/** The calls are those of the interpreter: what was loaded, run and unloaded. */
export function interpreted(): { readonly programs: Programs; readonly calls: readonly string[] } {
  // The programs make their graph themselves, for which the interpreter asks.
  const binding = {} as TFJSBinding;
  const programs = new Programs(binding);
  const { binding: own, calls } = interpreter(programs.graph);
  Object.assign(binding, own);
  return { programs, calls };
}
