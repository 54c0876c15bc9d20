import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ledger } from '../../../../src/messages/ledger.ts';
import type { Diagram } from '../../../../src/plan/plan.ts';
import {
  arrivals,
  largestPull,
  mostAgainst,
  pullsAt,
  recordsOf,
  taskNames,
  widthOf,
} from '../../../../webview/diagram/ledger.ts';

const ledger: Ledger = {
  ...{ tasks: ['a', 'b', 'c'], blocks: ['trunk', 'branch'] },
  records: [
    { step: 1, epoch: 0.1, norms: [2, 4, 1], weights: [1, -0.5, 3], cosines: [[1, 0.5, -0.7], [0.5, 1, -0.2], [-0.7, -0.2, 1]], blocks: { trunk: { norms: [1, 3, 0.5], agreement: [-0.25, 0.5, 0] }, branch: { norms: [null, 2, 0.25], agreement: [null, -1, -1] } } }, // prettier-ignore
    { step: 2, epoch: 0.2, norms: [2, null, 1], weights: [null, null, 1], cosines: [[1, null, 0.5], [null, 1, null], [0.5, null, 1]], blocks: {} }, // prettier-ignore
  ],
};

test('pulls of a record: weight times norm, mean cosine with the others, how often against them', () => {
  const [a, b, c] = pullsAt(ledger, 0);
  assert.deepEqual([a?.weighted, b?.weighted, c?.weighted], [2, 2, 3]);
  assert.ok(Math.abs((a?.cosine ?? 0) + 0.1) < 1e-12 && Math.abs((b?.cosine ?? 0) - 0.15) < 1e-12 && Math.abs((c?.cosine ?? 0) + 0.45) < 1e-12); // prettier-ignore
  assert.deepEqual([a?.against, b?.against, c?.against], [0.5, 0, 0.5]);
  assert.equal(mostAgainst(pullsAt(ledger, 0)), 'c');
});

test('what is not known is null, never 0', () => {
  const [a, b] = pullsAt(ledger, 1);
  assert.deepEqual([a?.weighted, a?.norm, a?.weight, a?.cosine], [null, 2, null, 0.5]);
  assert.deepEqual([b?.weighted, b?.norm, b?.cosine], [null, null, null]);
  const none = pullsAt({ tasks: ['a'], blocks: [], records: [] }, 0);
  assert.deepEqual(none, [{ task: 'a', weight: null, norm: null, weighted: null, cosine: null, against: null }]);
  assert.equal(mostAgainst(pullsAt(ledger, 1)), 'a', 'a task without a cosine agrees with nobody and is not chosen');
  assert.equal(mostAgainst([]), '');
  const pull = (task: string, cosine: number | null) => ({ task, cosine, weight: 1, norm: 1, weighted: 1, against: null }); // prettier-ignore
  const pulls = [pull('x', null), pull('y', 0.3), pull('z', -0.2), pull('w', 0.1)];
  assert.deepEqual([mostAgainst(pulls), mostAgainst(pulls.toReversed())], ['z', 'z']);
  assert.equal(mostAgainst([pull('x', 0.3), pull('y', null)]), 'x');
  const across = { tasks: ['a', 'b'], blocks: [], records: [{ blocks: {}, step: 1, epoch: 1, norms: [1, 1], weights: [1, 1], cosines: [[1, 0], [0, 1]] }] }; // prettier-ignore
  assert.deepEqual(pullsAt(across, 0).map(({ cosine, against }) => [cosine, against]), [[0, 0], [0, 0]], 'across is not against'); // prettier-ignore
});

test('of one block: its norms and agreement, at the records that tell of it; a task that does not reach it has none', () => {
  assert.deepEqual([recordsOf(ledger, '').length, recordsOf(ledger, 'branch').length], [2, 1]);
  assert.deepEqual(recordsOf(ledger, 'constructor'), []);
  const [a, b, c] = pullsAt(ledger, 0, 'branch');
  assert.deepEqual([a?.norm, a?.weighted, a?.cosine, a?.against], [null, null, null, null]);
  assert.deepEqual([b?.norm, b?.weighted, b?.cosine, b?.against], [2, 1, -1, 1]);
  assert.deepEqual([c?.norm, c?.weighted, c?.cosine, c?.against], [0.25, 0.75, -1, 1]);
  assert.deepEqual(pullsAt(ledger, 0, 'trunk').map(({ cosine, against }) => [cosine, against]), [[-0.25, 1], [0.5, 0], [0, 0]]); // prettier-ignore
  assert.deepEqual(pullsAt(ledger, 1, 'branch').map(({ norm, weight }) => [norm, weight]), [[null, null], [null, null], [null, null]]); // prettier-ignore
  assert.deepEqual([largestPull(ledger, 'trunk'), largestPull(ledger, 'branch')], [1.5, 1]);
});

test('widths are shares of the largest pull of the run', () => {
  assert.equal(largestPull(ledger), 3);
  assert.equal(largestPull({ tasks: [], blocks: [], records: [] }), 0);
  const record = { step: 1, epoch: 1, cosines: [], blocks: {} };
  const away = { tasks: ['a', 'b'], blocks: [], records: [{ ...record, norms: [2, 4], weights: [1, -2] }] };
  assert.equal(largestPull(away), 8, 'pushed away counts by how far');
  assert.equal(largestPull({ ...away, records: [{ ...record, norms: [null, 3], weights: [5, null] }] }), 0);
  assert.equal(widthOf(0.25, 0.5), 6.5);
  assert.deepEqual([widthOf(3, 3), widthOf(1.5, 3), widthOf(0, 3), widthOf(0, 0)], [12, 6.5, 1, 1]);
});

test('gradients arrive where a task alone reads a shared block', () => {
  const node = (id: string, kind: Diagram['nodes'][number]['kind'], shared: boolean) => ({ id, kind, name: id, shared, task: null, label: [], spoken: [], pointer: null }); // prettier-ignore
  const edge = (from: string, to: string, task: number | null) => ({
    from,
    to,
    label: '',
    shared: task === null,
    task,
  });
  const diagram: Diagram = {
    ...{ title: '', description: '', mermaid: '', note: '', direction: 'TB', frames: [], groups: [] },
    nodes: [node('x', 'input', true), node('trunk', 'block', true), node('part', 'part', true), node('own', 'block', false), node('a', 'task', false), node('b', 'task', false)], // prettier-ignore
    edges: [edge('x', 'trunk', null), edge('x', 'own', 1), edge('trunk', 'a', 0), edge('trunk', 'own', 1), edge('part', 'b', 1), edge('own', 'b', 1)], // prettier-ignore
  };
  assert.deepEqual(arrivals(diagram).map(({ from, to }) => `${from} ${to}`), ['trunk a', 'trunk own', 'part b']); // prettier-ignore
  assert.deepEqual(taskNames(diagram), ['a', 'b']);
});
