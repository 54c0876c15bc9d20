/** Weights in proportion to shares of the tasks. */
import { test } from 'node:test';
import { balanced } from '../../../../src/weighting/parts/by-facts.ts';
import { near } from '../worked.ts';

test('shares are brought to mean 1, turned round where asked', () => {
  near(balanced([1, 3], false), [0.5, 1.5]);
  near(balanced([1, 3], true), [1.5, 0.5]);
  near(balanced([1, 2, 5], false), [3 / 8, 6 / 8, 15 / 8]);
});
