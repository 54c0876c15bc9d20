// Siblings alike as one: which are, what is said of them, and that what tasks share stays apart.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { diagramOf } from '../../../src/plan/index.ts';
import type { Diagram } from '../../../src/plan/plan.ts';
import { planText, specText, table } from './helpers.ts';

const block = (input: string): object => ({ input, layers: [{ type: 'dense', units: 4 }] });
const many = (groups: number, each: number, weight = 0.1): string => {
  const blocks = Array.from({ length: groups }, (_, at) => [`b${String(at)}`, block('trunk')] as const);
  const numbers = Array.from({ length: groups * each }, (_, at) => at);
  const task = (at: number): object => ({
    ...{ type: 'regression', target: 'mass', input: `b${String(Math.floor(at / each))}` },
  });
  return specText({
    network: { trunk: block('measures'), ...Object.fromEntries(blocks) },
    tasks: Object.fromEntries(numbers.map((at) => [`t${String(at)}`, task(at)])),
    weights: Object.fromEntries(numbers.map((at) => [`t${String(at)}`, at === 0 ? weight : 0.1])),
  });
};
const drawn = (text: string, ...opened: readonly string[]): Diagram =>
  diagramOf(planText(text, table, true).plan, 'en', { alike: { opened: new Set(opened) } });
const tasks = ({ nodes }: Diagram): readonly (readonly string[])[] =>
  nodes.filter(({ kind }) => kind === 'task').map(({ label }) => label);

test('ten tasks behind each of two blocks are two groups; eight are drawn one by one', () => {
  const diagram = drawn(many(2, 10));
  assert.deepEqual(tasks(diagram), [
    ['10 tasks alike', 't0 … t9', 'dense 1', '5 parameters each'],
    ['10 tasks alike', 't10 … t19', 'dense 1', '5 parameters each'],
  ]);
  const groups = diagram.groups.map(({ id, count, open }) => [id, count, open]);
  assert.deepEqual(groups, [['task:t0', 10, false], ['task:t10', 10, false]]); // prettier-ignore
  assert.equal(tasks(drawn(many(4, 2))).length, 8);
  assert.equal(diagramOf(planText(many(2, 10), table, true).plan, 'en').groups.length, 0);
});

test('an open group shows its members, heads and predictions together', () => {
  const diagram = drawn(many(2, 10), 'task:t0');
  assert.equal(tasks(diagram).length, 11);
  assert.equal(diagram.nodes.filter(({ kind }) => kind === 'prediction').length, 11);
  assert.equal(diagram.nodes.filter(({ memberOf }) => memberOf === 'task:t0').length, 20);
});

test('weights that differ are told by their range', () => {
  const labels = (weight: number): readonly string[] =>
    drawn(many(1, 10, weight)).edges.flatMap(({ label }) => (label === '' ? [] : [label]));
  assert.deepEqual(labels(0.1), ['× 0.1 each']);
  assert.deepEqual(labels(0.5), ['× 0.1 … 0.5']);
});

test('from left to right', () => {
  const diagram = diagramOf(planText(specText(), table).plan, 'en', { direction: 'LR' });
  assert.match(diagram.mermaid, /^graph LR\n/);
  assert.equal(diagram.direction, 'LR');
});
