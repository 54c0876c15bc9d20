// Other runs under the losses: what is drawn of an arm's seeds and of single runs, and the same numbers as a table.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OverlayChoice, OverlayCurve } from '../../../../src/messages/protocol.ts';
import { linesOf, overlayRows, underlaysOf } from '../../../../webview/losses/overlay-curves.ts';

const arm: OverlayChoice = { id: 'arm:joint', kind: 'arm', name: 'joint', runs: 2 };
const run: OverlayChoice = { id: 'r9', kind: 'run', name: 'earlier', runs: 1 };
const curve = (choice: string, seed: number | null, task: string, y: readonly (number | null)[], pace = 1): OverlayCurve => ({
  ...{ choice, run: `r${String(seed)}`, seed, task, y, epoch: y.map((_, at) => at + 1) },
  ...{ step: y.map((_, at) => 10 * (at + 1)), seconds: y.map((_, at) => pace * (at + 1)) },
}); // prettier-ignore
const drawn = (choice: OverlayChoice, line = 1) => ({ choice, line, label: choice.name });
const curves = [
  curve('arm:joint', 1, 'b', [1, 3, 5]),
  curve('arm:joint', 2, 'b', [3, 5], 3),
  curve('arm:joint', 1, 'a', [8]),
  curve('r9', null, 'a', [2, null]),
];

test('every seed faint and their mean with its spread, where all have a value; another run as a line', () => {
  const under = underlaysOf([drawn(arm), drawn(run, 3)], curves, ['a', 'b'], 'epoch');
  assert.deepEqual(
    under.map(({ task, style, x, y }) => ({ task, style, x, y })),
    [
      { task: 0, style: 'faint', x: [1], y: [8] },
      { task: 0, style: 'mean', x: [1], y: [8] },
      { task: 1, style: 'faint', x: [1, 2, 3], y: [1, 3, 5] },
      { task: 1, style: 'faint', x: [1, 2], y: [3, 5] },
      { task: 1, style: 'mean', x: [1, 2], y: [2, 4] },
      { task: 0, style: 'other', x: [1, 2], y: [2, null] },
    ],
  );
  // Only a run's line and a mean are told at the cursor: seeds one by one are not.
  assert.deepEqual(under.map(({ label, run: line }) => [label, line]), [[undefined, undefined], ['joint', undefined], [undefined, undefined], [undefined, undefined], ['joint', undefined], ['earlier', 3]]); // prettier-ignore
  // By hand: 1 and 3, 3 and 5 have the standard deviation √2.
  assert.deepEqual(under[4]?.sd?.map((one) => one.toFixed(12)), [Math.SQRT2, Math.SQRT2].map((one) => one.toFixed(12))); // prettier-ignore
});

test('on another axis every run stands where it was, and the mean where they were on average', () => {
  const places = (axis: 'step' | 'time') =>
    underlaysOf([drawn(arm)], curves, ['b'], axis).map(({ style, x }) => [style, x] as const);
  assert.deepEqual(places('time'), [
    ['faint', [1, 2, 3]],
    ['faint', [3, 6]],
    ['mean', [2, 4]],
  ]);
  assert.deepEqual(places('step').at(-1), ['mean', [10, 20]]);
});

test('what is not chosen, or of a task that the shown run has not, is not drawn', () => {
  assert.deepEqual(underlaysOf([], curves, ['a', 'b'], 'epoch'), []);
  assert.deepEqual(underlaysOf([drawn(arm), drawn(run, 3)], curves, ['c'], 'epoch'), []);
});

test('the table has the last epoch that all have; nothing where there is none', () => {
  const rows = overlayRows([arm, run], [...curves, curve('r9', null, 'b', [null])], ['a', 'b', 'c']);
  assert.deepEqual(
    rows.map(({ choice, task, n, epoch, mean, sd }) => [choice.id, task, n, epoch, mean, sd && sd.toFixed(6)]),
    [
      ['arm:joint', 'a', 1, 1, 8, null],
      ['arm:joint', 'b', 2, 2, 4, Math.SQRT2.toFixed(6)],
      ['r9', 'a', 1, 1, 2, null],
      ['r9', 'b', 1, null, null, null],
    ],
  );
});

test('a run keeps its line while others come and go, and takes the next free one', () => {
  const first = linesOf(new Map(), ['a', 'b', 'c']);
  assert.deepEqual([...first], [['a', 1], ['b', 2], ['c', 3]]); // prettier-ignore
  assert.deepEqual([...linesOf(first, ['d', 'c', 'a'])], [['a', 1], ['c', 3], ['d', 2]]); // prettier-ignore
});
