/** Captured steps have the numbers of the eager ones: for every mechanism of sharing, with all tasks and with some absent. */
import { test } from 'node:test';
import { factors } from '../../../../matrix/cases.ts';
import { assertSame, capturedSuite, kinked, specWith } from './cases.ts';

capturedSuite('mechanisms in captured steps', (run) => {
  for (const mechanism of factors.mechanism) {
    test(`mechanism ${mechanism}`, async () => {
      assertSame(mechanism, await run(specWith({ mechanism }, { learningRate: 0.005, steps: 6 }), 'full', 6), kinked);
    });
  }

  for (const mechanism of factors.mechanism) {
    test(`mechanism ${mechanism}, tasks absent`, async () => {
      const training = { optimizer: { name: 'adamw', weightDecay: 0.1 }, learningRate: 0.005, steps: 10, batchSize: 4 };
      assertSame(mechanism, await run(specWith({ mechanism }, training), 'disjoint', 10), kinked);
    });
  }
});
