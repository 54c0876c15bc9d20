// What of a text's changes a fork is proposed to take, and what it is told that it cannot.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOfText, draft, lengthNeeded, type Parent } from '../../../../src/editor/training/fork-draft.ts';
import { readSpec, type Spec } from '../../../../src/spec/index.ts';

const text = (weights: object, training: object, more: object = {}): string =>
  JSON.stringify({
    data: { source: 'a.csv', inputs: { x: { type: 'number', from: ['a'] } } },
    network: { trunk: { input: 'x', layers: [{ type: 'dense', units: 4 }] } },
    tasks: {
      '10': { type: 'regression', target: 'y', input: 'trunk' },
      '2': { type: 'regression', target: 'z', input: 'trunk' },
    },
    ...{ weights, training },
    ...more,
  });

function specOf(written: string): Spec {
  const { spec } = readSpec(written);
  assert.ok(spec);
  return spec;
}

const before = text({ '10': 0.5, '2': 0.5 }, { epochs: 3, earlyStopping: { patience: 2 } });
const parent: Parent = { spec: specOf(before), text: before, set: [], stepsPerEpoch: 10, steps: [10, 20] };
const changes = (written: string, step = 10) => changesOfText(parent, { text: written, spec: specOf(written) }, step);

test('changes of weights, strategy and training become settings, one a weight and one a member', () => {
  const after = text({ '10': 0.8, '2': 0.5 }, { epochs: 5, earlyStopping: { patience: 4 } }, { strategy: 'dwa' });
  const { settings, refused } = changes(after);
  assert.deepEqual(settings.map(({ pointer }) => pointer).toSorted(), ['/strategy', '/training/earlyStopping', '/training/epochs', '/weights/10']); // prettier-ignore
  assert.deepEqual(refused, []);
  const made = draft(parent, settings);
  assert.deepEqual(made.problems, []);
  assert.equal(made.resolved.weights.get('10'), 0.8);
  assert.equal(made.resolved.strategy.name, 'dwa');
  assert.ok(made.set.includes('/weights/10=0.8'));
});

test('what the text has taken away is told, not dropped; what no fork can take, too', () => {
  const { settings, refused } = changes(text({ '10': 0.8, '2': 0.5 }, { epochs: 3, batchSize: 5 }));
  assert.deepEqual(settings, [{ pointer: '/weights/10', value: 0.8 }]);
  const told = refused.map(({ difference, why }) => [difference.pointer.split('/').slice(0, 3).join('/'), why.en]);
  assert.deepEqual(told.map(([pointer]) => pointer).toSorted(), ['/training/batchSize', '/training/earlyStopping']);
  assert.match(String(told.find(([pointer]) => pointer === '/training/earlyStopping')?.[1]), /taken out of the text/);
});

test('at the end of a run the fork needs more to train', () => {
  assert.equal(lengthNeeded(parent, draft(parent, []), 20), null);
  assert.deepEqual(lengthNeeded(parent, draft(parent, []), 30), { key: 'epochs', least: 4 });
});
