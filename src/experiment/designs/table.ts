/** The methods: one file each, and one row here. The compiler names the missing row. */
import type { MethodName, PlannedDesign, SequentialDesign } from './contract.ts';
import { fractional } from './fractional.ts';
import { grid } from './grid.ts';
import { latinHypercubeDesign } from './latin-hypercube.ts';
import { nsga2 } from './nsga2.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { random } from './random.ts';
import { simplex } from './simplex.ts';
import { sobol } from './sobol.ts';
import { tpe } from './tpe.ts';

export const designs: {
  readonly [Name in MethodName]: Name extends 'tpe' | 'nsga2' ? SequentialDesign : PlannedDesign;
} = {
  grid,
  fractional,
  'one-at-a-time': oneAtATime,
  random,
  'latin-hypercube': latinHypercubeDesign,
  sobol,
  simplex,
  tpe,
  nsga2,
};
