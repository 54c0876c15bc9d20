/** The methods: one file each, and one row here. The compiler names the missing row. */
import type { MethodName, PlannedDesign } from './contract.ts';
import { fractional } from './fractional.ts';
import { grid } from './grid.ts';
import { latinHypercubeDesign } from './latin-hypercube.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { random } from './random.ts';
import { simplex } from './simplex.ts';
import { sobol } from './sobol.ts';

export const designs: { readonly [Name in Exclude<MethodName, 'tpe' | 'nsga2'>]: PlannedDesign } = {
  grid,
  fractional,
  'one-at-a-time': oneAtATime,
  random,
  'latin-hypercube': latinHypercubeDesign,
  sobol,
  simplex,
};
