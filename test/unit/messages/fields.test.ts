// What a message must have: with any one of it missing or of another kind, the message is none.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GradientHistory } from '../../../src/messages/gradients.ts';
import { parseLossesToPage } from '../../../src/messages/protocol.ts';

const run = { id: 'r', name: 'n', state: 'running', weights: [] };

test('a run has a name, an id, a state and weights, whatever message it comes in', () => {
  const messages = [
    (one: unknown) => ({ type: 'hydrate', locale: 'en', run: one, history: null }),
    (one: unknown) => ({ type: 'state', run: one }),
  ];
  for (const message of messages) {
    assert.ok(parseLossesToPage(message(run)));
    for (const key of Object.keys(run)) {
      const { [key as keyof typeof run]: _, ...rest } = run;
      assert.equal(parseLossesToPage(message(rest)), undefined, `without ${key}`);
      assert.equal(parseLossesToPage(message({ ...run, [key]: 3 })), undefined, `${key}: 3`);
    }
    assert.equal(parseLossesToPage(message({ ...run, state: 'asleep' })), undefined);
  }
});

test('records are objects with a kind', () => {
  const message = (records: unknown): unknown => parseLossesToPage({ type: 'records', run: 'r', records });
  assert.ok(message([{ kind: 'step' }, { kind: 'epoch' }]));
  for (const records of [undefined, {}, [{}], [{ kind: 3 }], [{ kind: 'step' }, null]]) {
    assert.equal(message(records), undefined, JSON.stringify(records));
  }
});

test('a resume takes superseded norms and conflicts out of the means', () => {
  const tasks = ['a', 'b'];
  const history = new GradientHistory(tasks);
  const norms = [
    [1, 10],
    [3, 30],
    [100, 1000],
  ];
  norms.forEach((values, seq) => {
    const cosine = seq === 2 ? -1 : 0.5;
    const cosines = [
      [1, cosine],
      [cosine, 1],
    ];
    history.append({ kind: 'gradients', step: seq, tasks, norms: values, cosines }, { seq, epoch: seq, seconds: seq });
  });
  assert.deepEqual(history.meanNorms(), [104 / 3, 1040 / 3]);
  history.dropAfter(1);
  assert.equal(history.length, 2);
  assert.deepEqual(history.meanNorms(), [2, 20]);
  assert.deepEqual(history.conflicts(), [{ first: 0, second: 1, records: 2, conflicting: 0, share: 0, mean: 0.5 }]);
});
