/** What of a spec's differences a fork can take, and how it is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { carryOver, type CarryOver } from '../../../src/runs/fork/carry.ts';
import { forkChange, parseFork } from '../../../src/runs/fork/record.ts';
import { forkChangesText, notCarriedText } from '../../../src/runs/fork/texts.ts';
import { applySettings, differences, readSpec, type Setting, type Spec } from '../../../src/spec/index.ts';

const written = JSON.stringify({
  name: 'x',
  data: { source: 'a.csv', inputs: { x: { type: 'number', from: ['a'] } } },
  network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 4 }] } },
  tasks: {
    '10': { type: 'regression', target: 'y', input: 'trunk' },
    '2': { type: 'regression', target: 'z', input: 'trunk' },
  },
  weights: { '10': 0.5, '2': 0.5 },
  strategy: { name: 'dwa', temperature: 2 },
  training: { schedule: 'plateau' },
});

function specOf(...settings: readonly Setting[]): Spec {
  const { spec } = applySettings(readSpec(written), settings);
  assert.ok(spec);
  return spec;
}
const parent = specOf();
const carried = (midEpoch: boolean, ...settings: readonly Setting[]): CarryOver =>
  carryOver(differences(parent, specOf(...settings)), { parent, midEpoch });
const set = (pointer: string, value: unknown): Setting => ({ pointer, value });

test('what is carried over, by what has changed', () => {
  assert.deepEqual(carried(true), { changes: [], refused: [], notCarried: [] });
  assert.deepEqual(carried(true, set('/name', 'y')).changes, []);
  assert.deepEqual(carried(true, set('/training/epochs', 99)).notCarried, []);
  assert.deepEqual(carried(true, set('/weights/10', 1)).notCarried, ['best', 'watched']);
  assert.deepEqual(carried(true, set('/training/learningRate', 1)).notCarried, ['best', 'watched', 'drops']);
  assert.deepEqual(carried(true, set('/strategy/temperature', 1)).notCarried, ['best', 'watched']);
  assert.deepEqual(carried(true, set('/strategy', 'sum')).notCarried, ['strategy', 'best', 'watched']);
  assert.deepEqual(carried(true, set('/strategy/observe', ['sum'])).notCarried, ['best', 'watched']);
  assert.deepEqual(carried(true, set('/training/optimizer', 'sgd')).notCarried, ['optimizer', 'best', 'watched']);
  assert.equal(carried(true, set('/training/seed', 5)).refused.length, 1);
  assert.equal(carried(false, set('/training/seed', 5)).refused.length, 0);
  for (const pointer of ['/training/batchSize', '/training/accumulate', '/network/trunk/layers/0/units'])
    assert.equal(carried(false, set(pointer, 3)).refused.length, 1, pointer);
});

test('another order of tasks is a difference: slots and sums go by it', () => {
  const { tasks } = parent;
  const turned = { ...parent, tasks: new Map([...tasks].toReversed()) };
  const [difference] = differences(parent, turned);
  assert.deepEqual(difference, { pointer: '/tasks', before: ['2', '10'], after: ['10', '2'] });
  assert.equal(carryOver(differences(parent, turned), { parent, midEpoch: false }).refused.length, 1);
});

test('told in both languages; long lists are counted', () => {
  const { changes } = carried(false, set('/weights/10', 1), set('/strategy/temperature', 1));
  assert.deepEqual(forkChangesText(changes.map(forkChange)), {
    en: '/weights/10: 0.5 → 1; /strategy/temperature: 2 → 1',
    zh: '/weights/10：0.5 → 1；/strategy/temperature：2 → 1',
  });
  assert.equal(forkChangesText([]), null);
  const many = Array.from({ length: 11 }, (_, at) => ({ pointer: `/weights/${String(at)}`, after: 1 }));
  assert.match(forkChangesText(many)?.en ?? '', /^\/weights\/0: nothing → 1; .*; and 3 more$/);
  assert.match(notCarriedText(['strategy'])?.zh ?? '', /^未延续、重新开始：策略/);
  assert.equal(notCarriedText([]), null);
});

test('a record of a stranger is believed when all of it fits', () => {
  const good = {
    run: 'a',
    step: 3,
    checkpoint: 'checkpoints/3',
    changes: [],
    notCarried: ['best'],
    spec: 'h',
    stepsPerEpoch: 2,
  };
  assert.deepEqual(parseFork(good), good);
  for (const bad of [
    null,
    3,
    {},
    { ...good, step: -1 },
    { ...good, changes: [3] },
    { ...good, notCarried: ['all'] },
    { ...good, run: undefined },
    // A stranger's parent lies beside it, nowhere else.
    ...['', '.', '..', '../a', 'a/b', 'a\\b', 'a\0'].map((run) => ({ ...good, run })),
  ])
    assert.equal(parseFork(bad), null, JSON.stringify(bad));
});
