/** What the words of strategies say of the arithmetic, the arithmetic does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resolveStrategy, strategyNames, traitsOf, weighsLossesAlone } from '../../../src/spec/index.ts';
import { createStrategy } from '../../../src/weighting/table.ts';

const tasks = ['a', 'b'];
const facts = Object.fromEntries(tasks.map((task) => [task, { samples: 9, constantLoss: 1, linearLoss: 0.5 }]));
const required: Readonly<Record<string, object>> = { 'cr-mogm': { of: 'mgda' }, pcd: { primary: 'a' } };
/** What the arithmetic asks of a step → what people are told that it reads. */
const told: Readonly<Record<string, readonly string[]>> = {
  ...{ losses: ['losses'], norms: ['norms'], gram: ['gram', 'wrapped'], entries: ['entries'] },
  ...{ 'cross-gram': ['three', 'halves'], 'bilevel-gram': ['halves'] },
};

for (const name of strategyNames) {
  test(`${name} reads what its word says`, () => {
    const strategy = resolveStrategy(name, { ...required[name] });
    const { needs } = createStrategy(strategy, { tasks, facts });
    assert.ok(told[needs]?.includes(traitsOf(strategy).reads), `${needs}: ${traitsOf(strategy).reads}`);
    assert.equal(weighsLossesAlone(name), needs === 'losses' || needs === 'norms');
  });
}
