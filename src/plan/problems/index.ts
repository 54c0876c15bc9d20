/** Everything that may be wrong with a spec whose grammar is right. To add a check: write it, add its row. */
import { checkBiases } from './biases.ts';
import { checkColumns } from './columns.ts';
import type { Context } from './context.ts';
import { checkFarOut } from './far-out.ts';
import { checkGradients } from './gradients.ts';
import { checkGraph } from './graph.ts';
import { checkLabels } from './labels.ts';
import { checkMemory } from './memory.ts';
import { checkNames } from './names.ts';
import { checkObserve } from './observe.ts';
import { checkShapes } from './shapes.ts';
import { checkSize } from './size.ts';
import { checkStrategy } from './strategy.ts';
import { checkTasks } from './tasks.ts';
import { checkTraining } from './training.ts';
import { checkWeights } from './weights.ts';

const checks: readonly ((context: Context) => void)[] = [
  checkNames,
  checkGraph,
  checkShapes,
  checkBiases,
  checkSize,
  checkMemory,
  checkColumns,
  checkTasks,
  checkWeights,
  checkStrategy,
  checkTraining,
  checkFarOut,
  checkLabels,
  checkGradients,
  checkObserve,
];

/** Reports every problem of a spec into `context.report`. */
export function checkPlan(context: Context): void {
  for (const check of checks) check(context);
}
