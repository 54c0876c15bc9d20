/** The list of observable strategies says of each what its code says. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { observable, observedReads, whyNotObserved } from '../../../src/spec/index.ts';
import { strategies as entries } from '../../../src/spec/schema/strategies.ts';
import { createStrategy } from '../../../src/weighting/table.ts';
import { assertBilingual } from '../bilingual.ts';

const facts = {
  a: { samples: 3, constantLoss: 1, linearLoss: 0.5 },
  b: { samples: 4, constantLoss: 2, linearLoss: 1 },
};

test('every strategy of the language can be observed or says why not', () => {
  for (const name of [...Object.keys(entries), 'module']) {
    const reads = observedReads(name);
    const why = whyNotObserved(name);
    assert.notEqual(reads === undefined, why === undefined, name);
    if (why !== undefined) assertBilingual(why);
  }
  assert.equal(observedReads('nothing'), undefined);
  assert.equal(whyNotObserved('nothing'), undefined);
});

test('an observable strategy reads what the list says, and no second pass', () => {
  for (const name of observable) {
    const made = createStrategy(name, { parameters: {}, tasks: ['a', 'b'], facts });
    const reads = made.needs === 'losses' ? 'losses' : 'gram';
    assert.ok(['losses', 'norms', 'gram'].includes(made.needs), name);
    assert.equal(observedReads(name), reads, name);
    assert.equal(made.afterStep, undefined, name);
  }
});
