// Two networks in one: what only one has, what both have, and what is not the same.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergedNetwork, type MergedNetwork } from '../../../../src/experiment/networks/merge.ts';
import { makePlan } from '../../../../src/plan/index.ts';
import type { Plan } from '../../../../src/plan/plan.ts';
import { readSpec } from '../../../../src/spec/index.ts';

function planOf(network: object, heads: Readonly<Record<string, string>>): Plan {
  const { spec } = readSpec(
    JSON.stringify({
      data: { source: 'a.csv', inputs: { x: { type: 'number', from: ['p', 'q'] } } },
      network,
      tasks: Object.fromEntries(
        Object.entries(heads).map(([name, input]) => [name, { type: 'regression', target: name, input }]),
      ),
    }),
  );
  const plan = spec === undefined ? undefined : makePlan(spec).plan;
  assert.ok(plan);
  return plan;
}

const dense = (input: string, units: number) => ({ input, layers: [{ type: 'dense', units }] });
const shared = planOf({ trunk: dense('x', 8) }, { a: 'trunk', b: 'trunk' });
const split = planOf({ trunk: dense('x', 4), own: dense('trunk', 2) }, { a: 'trunk', b: 'own' });
const sides = ({ nodes }: MergedNetwork): Readonly<Record<string, string>> =>
  Object.fromEntries(nodes.map(({ key, side }) => [key, side]));
const edgesOf = ({ edges }: MergedNetwork): readonly string[] =>
  edges.map(({ from, to, side }) => `${from} ${to} ${side}`);

test('nodes and edges of one alone, of both, and changed ones', () => {
  const merged = mergedNetwork(shared, split, 'en');
  const found = sides(merged);
  assert.deepEqual([found['input:x'], found['block:trunk'], found['block:own'], found['total:total']], ['both', 'changed', 'second', 'both']); // prettier-ignore
  // b reads fewer numbers: its head has fewer parameters.
  assert.equal(found['task:b'], 'changed');
  const edges = edgesOf(merged);
  for (const one of ['input:x block:trunk both', 'block:trunk task:a both', 'block:trunk task:b first', 'block:trunk block:own second', 'block:own task:b second']) assert.ok(edges.includes(one), one); // prettier-ignore
  const trunk = merged.nodes.find(({ key }) => key === 'block:trunk');
  assert.deepEqual([trunk?.kind, trunk?.name], ['block', 'trunk']);
  assert.ok(trunk?.first.some((line) => line.includes('8')) === true && trunk.second.some((line) => line.includes('4'))); // prettier-ignore
  const own = merged.nodes.find(({ key }) => key === 'block:own');
  assert.deepEqual([own?.first, own?.second[0]], [[], 'own']);
});

test('turned round the sides change places', () => {
  const [there, back] = [mergedNetwork(shared, split, 'en'), mergedNetwork(split, shared, 'en')];
  const turned = Object.fromEntries(
    Object.entries(sides(back)).map(([key, side]) => [key, { first: 'second', second: 'first' }[side] ?? side]),
  );
  assert.deepEqual(turned, sides(there));
});

test('with itself everything is in both; weights stand at edges', () => {
  const merged = mergedNetwork(shared, shared, 'zh-cn');
  assert.ok([...merged.nodes, ...merged.edges].every(({ side }) => side === 'both'));
  assert.deepEqual(merged.edges.at(-1), { from: 'prediction:b', to: 'total:total', side: 'both', first: '× 1', second: '× 1' }); // prettier-ignore
});

test('a node lies below all that it reads in either; a circle of the two ends', () => {
  const ranks = new Map(mergedNetwork(shared, split, 'en').nodes.map(({ key, rank }) => [key, rank]));
  assert.deepEqual(['input:x', 'block:trunk', 'block:own', 'task:a', 'task:b', 'prediction:b', 'total:total'].map((key) => ranks.get(key)), [0, 1, 2, 2, 3, 4, 5]); // prettier-ignore
  const one = planOf({ p: dense('x', 2), q: dense('p', 2) }, { a: 'q' });
  const other = planOf({ q: dense('x', 2), p: dense('q', 2) }, { a: 'p' });
  const circle = mergedNetwork(one, other, 'en');
  assert.ok(circle.nodes.every(({ rank }) => rank < circle.nodes.length));
});
