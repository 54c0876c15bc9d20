/** Captured steps have the numbers of the eager ones for every strategy where tasks are absent. */
import { test } from 'node:test';
import { factors } from '../../../../matrix/cases.ts';
import { assertSame, capturedSuite, kinked, specWith } from './cases.ts';

capturedSuite('strategies in captured steps with absent tasks', (run) => {
  // Every row has a label of one task alone: batches of four have every set of tasks, momentum shows what must not move.
  for (const strategy of factors.strategy) {
    test(`strategy ${strategy}, tasks absent`, async () => {
      const training = { optimizer: 'momentum', learningRate: 0.05, l2: 0.001, clipNorm: 1, steps: 8, batchSize: 4 };
      const spec = specWith({ strategy, task: 'classification' }, training);
      assertSame(strategy, await run(spec, 'disjoint', 8), kinked);
    });
  }
});
