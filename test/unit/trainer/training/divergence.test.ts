/** Losses and parameters that are no longer finite numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Text } from '../../../../src/common/text.ts';
import type { Model } from '../../../../src/trainer/model/build.ts';
import { refuseDiverged, warnOfLosses } from '../../../../src/trainer/training/divergence.ts';
import type { WarningAbout } from '../../../../src/trainer/training/warnings.ts';

test('a loss that is no longer finite is told of its task; an absent one is not', () => {
  const told: [string, Text, WarningAbout?][] = [];
  const warn = (...warning: [string, Text, WarningAbout?]): void => void told.push(warning);
  const tasks = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));
  const losses = [{ sum: 1, weight: 2 }, null, { sum: NaN, weight: 1 }, { sum: Infinity, weight: 1 }, { sum: 0, weight: 0 }]; // prettier-ignore
  warnOfLosses(warn, tasks, losses);
  assert.deepEqual(told.map(([code, , about]) => [code, about?.task]), [['loss-not-finite', 'c'], ['loss-not-finite', 'd'], ['loss-not-finite', 'e']]); // prettier-ignore
  assert.match(told[0]?.[1].en ?? '', /^The loss of "c" is no longer a finite number\. Lower learningRate/);
  assert.match(told[0]?.[1].zh ?? '', /^“c”的损失不再是有限数值/);
});

test('parameters that are not finite end the training, the first one named', () => {
  const model = (...values: readonly (readonly number[])[]) =>
    ({
      variables: values.map((value, at) => ({
        path: `p${at}`,
        variable: { dataSync: () => Float32Array.from(value) },
      })),
    }) as unknown as Pick<Model, 'variables'>;
  refuseDiverged(model([1, 2], [0], []));
  for (const bad of [NaN, Infinity, -Infinity]) {
    assert.throws(() => refuseDiverged(model([1], [0, bad], [NaN])), {
      code: 'diverged',
      message: /^Training diverged: "p1" holds values that are not finite\./,
    });
  }
});
