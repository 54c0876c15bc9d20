/** Captured steps have the numbers of the eager ones: for every strategy of the table, or it is refused by name. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { factors } from '../../../../matrix/cases.ts';
import { assertSame, capturedSuite, kinked, problemsOf, specWith } from './cases.ts';

capturedSuite('strategies in captured steps', (run) => {
  for (const strategy of factors.strategy) {
    test(`strategy ${strategy}`, async () => {
      const spec = specWith(
        { strategy, task: 'classification' },
        { optimizer: 'sgd', learningRate: 0.05, steps: 6, batchSize: 8 },
      );
      assertSame(strategy, await run(spec, 'full', 6), kinked);
    });
  }

  for (const strategy of ['mgda', 'pcgrad', 'cagrad', 'nash-mtl']) {
    test(`strategy ${strategy}, block by block`, async () => {
      const made = specWith({ strategy, task: 'classification' }, { optimizer: 'sgd', learningRate: 0.05, steps: 6 });
      const block = (input: string, units: number): object => ({ input, layers: [{ type: 'dense', units }] });
      const network = { first: block('x', 6), second: block('first', 5), trunk: block('second', 4) };
      const spec = { ...made, network, strategy: { name: strategy, per: 'block' } };
      assert.deepEqual(problemsOf(spec), []);
      assertSame(strategy, await run(spec, 'full', 6), kinked);
    });
  }
});
