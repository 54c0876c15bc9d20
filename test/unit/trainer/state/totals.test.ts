/** Losses and metrics summed over batches of unequal size. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadedBatch } from '../../../../src/trainer/prepare/load-batch.ts';
import { Totals } from '../../../../src/trainer/state/totals.ts';
import type { MetricSums } from '../../../../src/trainer/tasks/metrics/contract.ts';
import type { Task } from '../../../../src/trainer/tasks/contract.ts';

/** Counts the rows that it is to count; remembers what it was given. */
class Counter implements MetricSums {
  counted = 0;
  readonly given: unknown[] = [];
  update(predictions: ArrayLike<number>, _data: ArrayLike<number>, counts: ArrayLike<number>): void {
    this.given.push([...Array.from(predictions)]);
    this.counted += Array.from(counts).filter((count) => count > 0).length;
  }
  result() {
    return { values: new Map([['rows', this.counted]]), warnings: [], details: {} };
  }
  state() {
    return this.counted;
  }
  restore(state: unknown): void {
    this.counted = typeof state === 'number' ? state : -1;
  }
}
const tasks = ['a', 'b'].map((name) => ({ name, newMetrics: () => new Counter() })) as unknown as readonly Task[];

/** Three rows: two labeled, one of them of weight 0. */
const labels = {
  data: Float32Array.of(1, 2, 3),
  mask: Uint8Array.of(1, 1, 0),
  weight: Float32Array.of(2, 0, 0),
  present: true,
};
const batch = { labels: [labels, null] } as unknown as LoadedBatch;

test('a loss is its sum by its weight over all batches, not a mean of means', () => {
  const sums = new Totals(tasks, 'all');
  sums.add(batch, [{ sum: 6, weight: 3 }, null], [null, null]);
  sums.add(batch, [{ sum: 1, weight: 1 }, { sum: 5, weight: 0 }], [null, null]); // prettier-ignore
  assert.deepEqual([...sums.result().losses], [['a', 7 / 4], ['b', null]]); // prettier-ignore
  sums.add(batch, [null, { sum: 1, weight: 0.5 }], [null, null]);
  assert.deepEqual([...sums.result().losses], [['a', 7 / 4], ['b', 12]]); // prettier-ignore
});

test('metrics count every label, or those that are trained on; nothing without predictions or labels', () => {
  for (const [counted, rows] of [
    ['all', 2],
    ['trained', 1],
  ] as const) {
    const sums = new Totals(tasks, counted);
    sums.add(batch, [null, null], [[1, 2, 3], [4, 5, 6]]); // prettier-ignore
    sums.add(batch, [null, null], [null, null]);
    const { metrics, results, losses } = sums.result();
    assert.deepEqual([...metrics].map(([name, values]) => [name, values.get('rows')]), [['a', rows], ['b', 0]]); // prettier-ignore
    assert.deepEqual([...results.keys()], ['a', 'b']);
    assert.deepEqual([...losses.values()], [null, null]);
  }
});

test('all of it survives as plain values', () => {
  const sums = new Totals(tasks, 'all');
  sums.add(batch, [{ sum: 6, weight: 3 }, { sum: 0.5, weight: 2 }], [[1, 2, 3], null]); // prettier-ignore
  const state = sums.state();
  assert.deepEqual(state, { losses: [[6, 3], [0.5, 2]], metrics: [2, 0] }); // prettier-ignore
  const again = new Totals(tasks, 'all');
  again.restore(state);
  assert.deepEqual(again.state(), state);
  assert.deepEqual([...again.result().losses], [['a', 2], ['b', 0.25]]); // prettier-ignore
  again.add(batch, [{ sum: 2, weight: 1 }, null], [[1, 2, 3], null]); // prettier-ignore
  assert.deepEqual(again.state(), { losses: [[8, 4], [0.5, 2]], metrics: [4, 0] }); // prettier-ignore
});
